#include <vector>

#include "base/status_macros.h"
#include "core/health/policy.h"
#include "core/health/standby.h"
#include "core/ipmp/addresses.h"
#include "core/ipmp/attributes.h"
#include "core/ipmp/interface.h"
#include "core/ipmp/membership.h"
#include "core/ipmp/own_addresses.h"
#include "core/ipmp/requests.h"
#include "core/ipmp/side.h"

namespace netstackd::core::ipmp {
namespace {

bool AskedUp(const InterfaceSpec& spec, Family family) {
  const auto& own = spec.side_up[IndexOf(family)];
  return own.has_value() ? *own : spec.up.value_or(true);
}

// Makes the auto addresses what was asked for. One whose slot is taken stays down.
void RefreshAutoAddresses(Edit& edit, InterfaceUid uid) {
  for (const Family family : kFamilies) {
    const auto& side = edit[uid].sides[IndexOf(family)];
    if (!side) continue;
    const bool replaced = family == Family::kIpv4 && edit.side(uid, family).by_slot.contains(0);
    const bool wanted = AskedUp(edit[uid].spec, family) && !replaced;
    if (side->auto_address_up == wanted) continue;
    if (wanted) {
      RaiseOwn(edit, uid, family, AddressUid());
    } else {
      DropOwn(edit, uid, family, AddressUid());
    }
  }
}

// Addresses of an interface that are up, by name, so that those that move to the group are found.
std::vector<IpAddress> UpIps(const Edit& edit, InterfaceUid uid) {
  std::vector<IpAddress> ips;
  for (const Family family : kFamilies) {
    for (const auto& [slot, address] : edit.side(uid, family).up_by_slot) {
      ips.push_back(edit[address].ip);
    }
  }
  return ips;
}

absl::Status CheckMtu(const Edit& edit, const Name& target, const InterfaceSpec& spec,
                      Family family, std::uint32_t link_mtu) {
  const std::uint32_t mtu = spec.side_mtu[IndexOf(family)];
  (void)edit;
  const std::uint32_t most = std::max(link_mtu, MinMtu(family));
  if (mtu == 0 || (mtu >= MinMtu(family) && mtu <= most)) return absl::OkStatus();
  return Refuse(ErrorReason::kMtuOutOfRange, "EINVAL", target,
                "the MTU is above that of the link or below the minimum of the family",
                {{"minBytes", std::to_string(MinMtu(family))},
                 {"maxBytes", std::to_string(most)},
                 {"family", NameOf(family)}});
}

absl::Status ChangeFamilies(Edit& edit, const Name& target, bool ipv4, bool ipv6) {
  NSD_ASSIGN_OR_RETURN(const Interface* interface, GetInterface(edit.state(), target));
  const InterfaceUid uid = interface->uid;
  if (!ipv4 && !ipv6) {
    return FieldError({{"ip_interface.spec",
                        "an interface has at least one of ipv4 and ipv6; delete it instead"}});
  }
  for (const Family family : kFamilies) {
    const bool wanted = family == Family::kIpv4 ? ipv4 : ipv6;
    if (!wanted || edit[uid].sides[IndexOf(family)]) continue;
    const ObservedSide observed = edit[uid].observed[IndexOf(family)];
    NSD_RETURN_IF_ERROR(Apply(edit, target, PlumbFamily{family, observed}));
  }
  for (const Family family : kFamilies) {
    const bool wanted = family == Family::kIpv4 ? ipv4 : ipv6;
    if (wanted || !edit[uid].sides[IndexOf(family)]) continue;
    NSD_RETURN_IF_ERROR(RemoveInterfaceFamily(edit, target, family));
  }
  return absl::OkStatus();
}

bool PatchSpec(InterfaceSpec& spec, Labels& labels, const UpdateInterface& op) {
  const InterfaceSpec old_spec = spec;
  const Labels old_labels = labels;
  const auto put = [](auto& field, const auto& patch) {
    if (patch) field = *patch;
  };
  put(spec.device, op.device);
  put(spec.ipv4, op.ipv4);
  put(spec.ipv6, op.ipv6);
  put(spec.up, op.up);
  for (const Family family : kFamilies) {
    put(spec.side_up[IndexOf(family)], op.side_up[IndexOf(family)]);
    put(spec.side_mtu[IndexOf(family)], op.side_mtu[IndexOf(family)]);
  }
  put(labels, op.labels);
  return !(spec == old_spec) || labels != old_labels;
}

}  // namespace

absl::Status ChangeMembership(Edit& edit, const Name& target, const std::string& group) {
  NSD_ASSIGN_OR_RETURN(const Interface* interface, GetInterface(edit.state(), target));
  const InterfaceUid uid = interface->uid;
  const GroupUid old = interface->group;
  if (old ? edit[old].name == group : group.empty()) return absl::OkStatus();
  const Because because(edit, Cause::kMembership, uid);
  if (old) {
    health::Leaving(edit, uid);
    NSD_RETURN_IF_ERROR(Apply(edit, target, LeaveGroup{}));
    health::Left(edit, uid, old);
  }
  if (group.empty()) return absl::OkStatus();
  const std::vector<IpAddress> up = UpIps(edit, uid);
  std::array<bool, 2> auto_up{};
  for (const Family family : kFamilies) {
    if (!edit[uid].sides[IndexOf(family)]) continue;
    auto_up[IndexOf(family)] = edit[uid].sides[IndexOf(family)]->auto_address_up;
    DropAllOwn(edit, uid, family);
  }
  NSD_RETURN_IF_ERROR(Begin(edit, target, group));
  Finish(edit, uid);
  // What will rest is judged before it can carry anything; what will carry, once it can, so that
  // nothing it replaces goes before it has come.
  const bool rests = health::WillRest(edit, uid);
  if (rests) health::Appeared(edit, uid);
  for (const Family family : kFamilies) {
    if (auto_up[IndexOf(family)]) RaiseOwn(edit, uid, family, AddressUid());
  }
  for (const IpAddress& ip : up) {
    Name address = target;
    address.address = ip;
    NSD_RETURN_IF_ERROR(Raise(edit, address));
  }
  if (!rests) health::Appeared(edit, uid);
  return absl::OkStatus();
}

absl::Status Apply(Edit& edit, const Name& target, const CreateInterface& op) {
  if (!op.spec.ipv4 && !op.spec.ipv6) {
    return FieldError({{"ip_interface.spec", "an interface has at least one of ipv4 and ipv6"}});
  }
  PlumbInterface plumb;
  if (op.spec.ipv4) plumb.sides[0] = ObservedSide{};
  if (op.spec.ipv6) plumb.sides[1] = ObservedSide{};
  for (const Family family : kFamilies) {
    NSD_RETURN_IF_ERROR(CheckMtu(edit, target, op.spec, family, ObservedSide{}.mtu));
  }
  NSD_RETURN_IF_ERROR(Apply(edit, target, plumb));
  NSD_ASSIGN_OR_RETURN(const Interface* interface, GetInterface(edit.state(), target));
  const InterfaceUid uid = interface->uid;
  edit.Update(uid, [&](Interface& changed) {
    changed.spec = op.spec;
    changed.meta.labels = op.labels;
    changed.counters.reset();  // what was counted before the first reading is not known
  });
  for (const Family family : kFamilies) RefreshMtu(edit, uid, family);
  if (op.standby) NSD_RETURN_IF_ERROR(health::SetStandby(edit, target, true));
  RefreshAutoAddresses(edit, uid);
  return ChangeMembership(edit, target, op.group);
}

absl::Status Apply(Edit& edit, const Name& target, const UpdateInterface& op) {
  NSD_ASSIGN_OR_RETURN(const Interface* interface, GetInterface(edit.state(), target));
  const InterfaceUid uid = interface->uid;
  InterfaceSpec spec = interface->spec;
  Labels labels = *interface->meta.labels;
  const InterfaceSpec old_spec = spec;
  const GroupUid old_group = interface->group;
  const bool old_standby = interface->flags.standby;
  bool changed = PatchSpec(spec, labels, op);
  for (const Family family : kFamilies) {
    if (spec.side_mtu[IndexOf(family)] == old_spec.side_mtu[IndexOf(family)]) continue;
    NSD_RETURN_IF_ERROR(
        CheckMtu(edit, target, spec, family, edit[uid].observed[IndexOf(family)].mtu));
  }
  NSD_RETURN_IF_ERROR(ChangeFamilies(edit, target, spec.ipv4, spec.ipv6));
  edit.Update(uid, [&](Interface& image) {
    image.spec = spec;
    image.meta.labels = labels;
  });
  for (const Family family : kFamilies) RefreshMtu(edit, uid, family);
  if (op.standby) NSD_RETURN_IF_ERROR(health::SetStandby(edit, target, *op.standby));
  if (op.group) NSD_RETURN_IF_ERROR(ChangeMembership(edit, target, *op.group));
  if (spec.up != old_spec.up || spec.side_up != old_spec.side_up || spec.ipv4 != old_spec.ipv4 ||
      spec.ipv6 != old_spec.ipv6) {
    RefreshAutoAddresses(edit, uid);
  }
  changed |= edit[uid].group != old_group || edit[uid].flags.standby != old_standby;
  if (changed) edit.Update(uid, [](Interface& image) { ++image.meta.generation; });
  return absl::OkStatus();
}

absl::Status Apply(Edit& edit, const Name& target, const DeleteInterface& op, Result& result) {
  const auto found = GetInterface(edit.state(), target);
  if (!found.ok()) {
    if (!op.allow_missing || ReasonOf(found.status()) != ErrorReason::kInterfaceNotFound)
      return found.status();
    result.missing = true;
    return absl::OkStatus();
  }
  const Because because(edit, Cause::kMembership, (*found)->uid);
  health::Leaving(edit, (*found)->uid);
  return Apply(edit, target, UnplumbInterface{});
}

absl::Status SetUp(Edit& edit, const Name& target, std::optional<Family> family, bool up) {
  if (target.address) {
    NSD_ASSIGN_OR_RETURN(const Address* address, GetAddress(edit.state(), target));
    const AddressUid uid = address->uid;
    NSD_RETURN_IF_ERROR(up ? Raise(edit, target) : Drop(edit, target));
    if (edit[uid].asked_up.value_or(true) != up) {
      edit.Update(uid, [&](Address& changed) {
        changed.asked_up = up;
        ++changed.meta.generation;
      });
    }
    return absl::OkStatus();
  }
  if (!target.group.empty()) return SetZeroAddress(edit, target, family, up);
  NSD_RETURN_IF_ERROR(SetAutoAddress(edit, target, family, up));
  NSD_ASSIGN_OR_RETURN(const Interface* interface, GetInterface(edit.state(), target));
  InterfaceSpec spec = interface->spec;
  if (family) {
    spec.side_up[IndexOf(*family)] = up;
  } else {
    spec.up = up;
    spec.side_up = {};
  }
  const bool same = AskedUp(spec, Family::kIpv4) == AskedUp(interface->spec, Family::kIpv4) &&
                    AskedUp(spec, Family::kIpv6) == AskedUp(interface->spec, Family::kIpv6);
  if (same) return absl::OkStatus();
  edit.Update(interface->uid, [&](Interface& changed) {
    changed.spec = spec;
    ++changed.meta.generation;
  });
  return absl::OkStatus();
}

}  // namespace netstackd::core::ipmp
