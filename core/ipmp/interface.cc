#include "core/ipmp/interface.h"

#include "base/status_macros.h"
#include "core/ipmp/attributes.h"
#include "core/ipmp/membership.h"
#include "core/ipmp/own_addresses.h"
#include "core/ipmp/placement.h"
#include "core/ipmp/side.h"

namespace netstackd::core::ipmp {
namespace {

// Removes a side: its addresses go down, it leaves its group, then it is gone.
void RemoveSide(Edit& edit, InterfaceUid uid, Family family) {
  const Because because(edit, Cause::kMembership, uid);
  DropAllOwn(edit, uid, family);
  if (edit[uid].sides[IndexOf(family)]->joined != 0) LeaveSide(edit, uid, family);
  while (!edit.side(uid, family).by_slot.empty()) {
    edit.Erase(AddressUid(edit.side(uid, family).by_slot.begin()->second));
  }
  edit.Update(uid, [&](Interface& interface) {
    interface.sides[IndexOf(family)].reset();
    (family == Family::kIpv4 ? interface.spec.ipv4 : interface.spec.ipv6) = false;
    interface.spec.side_mtu[IndexOf(family)] = 0;
    interface.spec.side_up[IndexOf(family)].reset();
  });
}

void EraseIfBare(Edit& edit, InterfaceUid uid) {
  for (const auto& side : edit[uid].sides) {
    if (side) return;
  }
  if (edit[uid].group) Detach(edit, uid);
  edit.Erase(uid);
}

bool ReplacedAuto(const Edit& edit, InterfaceUid uid, Family family) {
  return family == Family::kIpv4 && edit.side(uid, family).by_slot.contains(0);
}

}  // namespace

InterfaceSide NewSide(const Interface& interface, Family family) {
  return InterfaceSide{.mtu = EffectiveMtu(interface, family)};
}

std::vector<AddressUid> DropAllOwn(Edit& edit, InterfaceUid uid, Family family) {
  const std::vector<AddressUid> up = UpOwnAddresses(edit, uid, family);
  for (const AddressUid address : up) DropOwn(edit, uid, family, address);
  return up;
}

absl::Status Apply(Edit& edit, const Name& target, const PlumbInterface& op) {
  NSD_ASSIGN_OR_RETURN(const ZoneUid zone, FindZone(target.zone));
  if (edit.index().group_interfaces().contains({zone, target.interface}) ||
      edit.state().FindGroup(zone, target.interface) != nullptr) {
    return Refuse(ErrorReason::kInterfaceExists, "EINVAL", target,
                  "the name is that of a group or its interface");
  }
  if (edit.state().FindInterface(zone, target.interface) != nullptr) {
    return Refuse(ErrorReason::kInterfaceExists, "EEXIST", target,
                  "the interface is there already");
  }
  const std::uint32_t limit = edit.context().limits.interfaces_per_zone;
  if (limit != 0 && edit.index().interfaces().size() >= limit) {
    return MakeError(ErrorReason::kQuotaExceeded, "the zone has as many interfaces as it may",
                     {{"limit", "interfaces_per_zone"}, {"value", std::to_string(limit)}});
  }
  Interface interface { .zone = zone, .name = target.interface };
  interface.mac_type = op.mac_type;
  interface.hardware_address = op.hardware_address;
  interface.is_virtual = op.is_virtual;
  interface.counters = Counters{};
  for (const Family family : kFamilies) {
    const auto& observed = op.sides[IndexOf(family)];
    if (!observed) continue;
    interface.observed[IndexOf(family)] = *observed;
    (family == Family::kIpv4 ? interface.spec.ipv4 : interface.spec.ipv6) = true;
    interface.sides[IndexOf(family)] = NewSide(interface, family);
  }
  edit.Insert(std::move(interface));
  return absl::OkStatus();
}

absl::Status Apply(Edit& edit, const Name& target, const PlumbFamily& op) {
  NSD_ASSIGN_OR_RETURN(const Interface* interface, GetInterface(edit.state(), target));
  if (interface->sides[IndexOf(op.family)]) {
    return Refuse(ErrorReason::kInterfaceExists, "EEXIST", target,
                  "the interface has this address family already");
  }
  const GroupUid group = interface->group;
  if (group && !edit[group].sides[IndexOf(op.family)]) {
    return Refuse(
        ErrorReason::kGroupFamilyMissing, "EAFNOSUPPORT", target,
        "the group of the interface lacks this address family; add it there first",
        {{"group", ToString(NameOf(edit.state(), edit[group]))}, {"family", NameOf(op.family)}});
  }
  const InterfaceUid uid = interface->uid;
  edit.Update(uid, [&](Interface& changed) {
    changed.observed[IndexOf(op.family)] = op.side;
    (op.family == Family::kIpv4 ? changed.spec.ipv4 : changed.spec.ipv6) = true;
    changed.sides[IndexOf(op.family)] = NewSide(changed, op.family);
  });
  const Because because(edit, Cause::kMembership, uid);
  if (group) JoinSide(edit, uid, op.family);
  return absl::OkStatus();
}

absl::Status RemoveInterfaceFamily(Edit& edit, const Name& target, Family family) {
  NSD_ASSIGN_OR_RETURN(const InterfaceUid uid, FindSide<Interface>(edit, target, family));
  RemoveSide(edit, uid, family);
  EraseIfBare(edit, uid);
  return absl::OkStatus();
}

absl::Status Apply(Edit& edit, const Name& target, const UnplumbInterface&) {
  NSD_ASSIGN_OR_RETURN(const Interface* interface, GetInterface(edit.state(), target));
  const InterfaceUid uid = interface->uid;
  for (const Family family : kFamilies) {
    if (edit[uid].sides[IndexOf(family)]) RemoveSide(edit, uid, family);
  }
  EraseIfBare(edit, uid);
  return absl::OkStatus();
}

absl::Status SetAutoAddress(Edit& edit, const Name& target, std::optional<Family> family, bool up) {
  NSD_ASSIGN_OR_RETURN(const Interface* interface, GetInterface(edit.state(), target));
  const InterfaceUid uid = interface->uid;
  if (family) NSD_RETURN_IF_ERROR(FindSide<Interface>(edit, target, *family).status());
  for (const Family one : kFamilies) {
    if (family && one != *family) continue;
    const auto& side = edit[uid].sides[IndexOf(one)];
    if (!side) continue;
    if (ReplacedAuto(edit, uid, one)) {
      return Refuse(ErrorReason::kAutoAddressReplaced, "EADDRNOTAVAIL", target,
                    "an address sits in slot 0 in place of the auto address");
    }
    if (side->auto_address_up == up) continue;
    if (up) {
      RaiseOwn(edit, uid, one, AddressUid());
    } else {
      DropOwn(edit, uid, one, AddressUid());
    }
  }
  return absl::OkStatus();
}

absl::Status Apply(Edit& edit, const Name& target, const SetFlags& op) {
  NSD_ASSIGN_OR_RETURN(const Interface* interface, GetInterface(edit.state(), target));
  const InterfaceFlags old = interface->flags;
  InterfaceFlags now{.failed = (old.failed || op.set.failed) && !op.clear.failed,
                     .inactive = (old.inactive || op.set.inactive) && !op.clear.inactive,
                     .offline = (old.offline || op.set.offline) && !op.clear.offline,
                     .standby = (old.standby || op.set.standby) && !op.clear.standby};
  if (now == old) return absl::OkStatus();
  if (now.standby && !old.standby) {
    if (old.inactive) {
      return Refuse(ErrorReason::kStandbyNotAllowed, "EINVAL", target,
                    "standby cannot be set while the interface is inactive");
    }
    if (!now.failed) now.inactive = true;
  } else if (!now.standby && old.standby) {
    now.inactive = false;
  }
  if (now.failed && now.inactive) {
    return Refuse(ErrorReason::kFlagsConflict, "EINVAL", target,
                  "failed and inactive exclude each other");
  }
  const Because because(edit, Cause::kDetector, interface->uid);
  PutFlags(edit, interface->uid, now);
  return absl::OkStatus();
}

void PutFlags(Edit& edit, InterfaceUid uid, const InterfaceFlags& flags) {
  if (edit[uid].flags == flags) return;
  edit.Update(uid, [&](Interface& interface) {
    Detection& detection = interface.detection;
    if (!flags.failed) {
      detection.failure = Cause::kNone;
      detection.repair_at.reset();
    } else if (!interface.flags.failed) {
      detection.failure = edit.reason().cause;
    }
    if (!flags.inactive || flags.standby) detection.failback_at.reset();
    if (!flags.offline) detection.duplicate_hardware = false;
    detection.cause = edit.reason().cause;
    detection.cause_seen = edit.reason().seen;
    detection.cause_subject = edit.reason().subject;
    interface.flags = flags;
    interface.last_transition = edit.context().now;
  });
  for (const Family family : kFamilies) RefreshActivity(edit, uid, family);
}

absl::Status Apply(Edit& edit, const Name& target, const SetHardwareAddress& op) {
  NSD_ASSIGN_OR_RETURN(const Interface* interface, GetInterface(edit.state(), target));
  if (op.hardware_address.size() != HardwareAddressLength(interface->mac_type)) {
    return Refuse(ErrorReason::kHardwareAddressLength, "EINVAL", target,
                  "the hardware address has not the length of the MAC type");
  }
  const InterfaceUid uid = interface->uid;
  for (const Family family : kFamilies) {
    if (!edit[uid].sides[IndexOf(family)]) continue;
    const std::vector<AddressUid> up = DropAllOwn(edit, uid, family);
    edit.Update(uid, [&](Interface& changed) { changed.hardware_address = op.hardware_address; });
    std::vector<AddressUid> duplicates;
    for (const auto& [slot, address] : edit.side(uid, family).by_slot) {
      if (edit[address].duplicate) duplicates.push_back(address);
    }
    for (const AddressUid address : duplicates) {
      edit.Update(address, [](Address& changed) { changed.duplicate = false; });
    }
    for (const AddressUid address : up) RaiseOwn(edit, uid, family, address);
  }
  return absl::OkStatus();
}

}  // namespace netstackd::core::ipmp
