#include "core/queries.h"

#include <algorithm>

#include "base/error.h"
#include "base/status_macros.h"
#include "core/health/probing.h"

namespace netstackd::core {
namespace {

absl::Status Missing(ErrorReason reason, const char* errno_name, const Name& name,
                     const std::string& what) {
  return MakeError(reason, "no " + what + " (" + ToString(name) + ")",
                   {{"resource", ToString(name)}, {"errno", errno_name}});
}

Name Owner(const Name& name) {
  Name owner = name;
  owner.address.reset();
  return owner;
}

}  // namespace

std::string ToString(const Name& name) {
  std::string text = "zones/" + name.zone;
  if (!name.group.empty()) text += "/groups/" + name.group;
  if (!name.interface.empty()) text += "/interfaces/" + name.interface;
  if (name.address) {
    std::string id = ToString(*name.address);
    std::replace(id.begin(), id.end(), ':', '-');
    text += "/addresses/" + id;
  }
  return text;
}

absl::StatusOr<ZoneUid> FindZone(const std::string& zone) {
  if (zone == "global") return kGlobalZone;
  return MakeError(ErrorReason::kZoneNotFound, "no such zone: " + zone,
                   {{"resource", "zones/" + zone}});
}

absl::StatusOr<const Group*> GetGroup(const State& state, const Name& name) {
  NSD_ASSIGN_OR_RETURN(const ZoneUid zone, FindZone(name.zone));
  const Group* group = state.FindGroup(zone, name.group);
  if (group == nullptr)
    return Missing(ErrorReason::kGroupNotFound, "ENOENT", Owner(name), "group " + name.group);
  return group;
}

absl::StatusOr<const Interface*> GetInterface(const State& state, const Name& name) {
  NSD_ASSIGN_OR_RETURN(const ZoneUid zone, FindZone(name.zone));
  const Interface* interface = state.FindInterface(zone, name.interface);
  if (interface == nullptr) {
    return Missing(ErrorReason::kInterfaceNotFound, "ENXIO", Owner(name),
                   "interface " + name.interface);
  }
  return interface;
}

absl::StatusOr<const Address*> GetAddress(const State& state, const Name& name) {
  const Family family = name.address->family;
  const Address* address = nullptr;
  bool has_family = false;
  if (!name.group.empty()) {
    NSD_ASSIGN_OR_RETURN(const Group* group, GetGroup(state, name));
    has_family = group->sides[IndexOf(family)].has_value();
    address = state.FindAddress(group->uid, *name.address);
  } else {
    NSD_ASSIGN_OR_RETURN(const Interface* interface, GetInterface(state, name));
    has_family = interface->sides[IndexOf(family)].has_value();
    address = state.FindAddress(interface->uid, *name.address);
  }
  if (address == nullptr) {
    return Missing(ErrorReason::kAddressNotFound, has_family ? "EADDRNOTAVAIL" : "EAFNOSUPPORT",
                   name, "address " + ToString(*name.address));
  }
  return address;
}

Name NameOf(const State&, const Group& group) { return Name{.group = group.name}; }
Name NameOf(const State&, const Interface& interface) { return Name{.interface = interface.name}; }
Name NameOf(const State& state, const Address& address) {
  Name name;
  if (address.group) {
    if (const Group* group = state.group(address.group)) name.group = group->name;
  } else if (const Interface* interface = state.interface(address.interface)) {
    name.interface = interface->name;
  }
  name.address = address.ip;
  return name;
}

ZoneUid ZoneOf(const State& state, const Address& address) {
  return address.group ? state.group(address.group)->zone
                       : state.interface(address.interface)->zone;
}

std::uint32_t ActiveSides(const State& state, const Group& group) {
  std::size_t count = 0;
  for (const Family family : kFamilies)
    count += state.index().side(group.uid, family).active.size();
  return static_cast<std::uint32_t>(count);
}

std::uint32_t UpAddresses(const State& state, const Group& group, Family family) {
  const auto& side = group.sides[IndexOf(family)];
  return static_cast<std::uint32_t>(state.index().side(group.uid, family).up_by_slot.size() +
                                    (side && side->zero_address_up ? 1 : 0));
}

std::uint32_t UpAddresses(const State& state, const Interface& interface, Family family) {
  const auto& side = interface.sides[IndexOf(family)];
  return static_cast<std::uint32_t>(state.index().side(interface.uid, family).up_by_slot.size() +
                                    (side && side->auto_address_up ? 1 : 0));
}

std::uint32_t DuplicateAddresses(const State& state, std::uint64_t owner, Family family) {
  return state.index().side(GroupUid(owner), family).duplicates;
}

namespace {

absl::StatusOr<const Group*> GroupWith(const State& state, const Name& name, Family family) {
  NSD_ASSIGN_OR_RETURN(const Group* group, GetGroup(state, name));
  if (!group->sides[IndexOf(family)]) {
    return MakeError(
        ErrorReason::kFamilyMissing, "the group lacks this address family",
        {{"resource", ToString(name)}, {"errno", "EAFNOSUPPORT"}, {"family", NameOf(family)}});
  }
  return group;
}

}  // namespace

absl::StatusOr<InterfaceUid> CastInterface(const State& state, const Name& name, Family family) {
  NSD_ASSIGN_OR_RETURN(const Group* group, GroupWith(state, name, family));
  return group->sides[IndexOf(family)]->cast;
}

absl::StatusOr<InterfaceUid> FindInterface(const State& state, const Name& name, Family family,
                                           const HardwareAddress& hardware_address) {
  NSD_ASSIGN_OR_RETURN(const Group* group, GroupWith(state, name, family));
  for (const auto& [order, uid] : state.index().side(group->uid, family).members) {
    if (state.interface(uid)->hardware_address == hardware_address) return uid;
  }
  return InterfaceUid();
}

Counters GroupStats(const State& state, const Group& group) {
  Counters sum = group.baseline;
  for (const InterfaceUid uid : state.index().interfaces_of(group.uid)) {
    const Counters& counted = state.interface(uid)->counted;
    for (std::size_t i = 0; i < kCounterCount; ++i) sum[i] += counted[i];
  }
  return sum;
}

InterfaceState StateOf(const Interface& interface) {
  if (interface.flags.offline) return InterfaceState::kOffline;
  if (interface.flags.failed) return InterfaceState::kFailed;
  return health::ProbeStateOf(interface) == health::ProbeState::kUnknown ? InterfaceState::kUnknown
                                                                         : InterfaceState::kOk;
}

bool IsFunctioning(const Interface& interface) {
  return !interface.flags.failed && !interface.flags.offline;
}

bool IsUsable(const State& state, const Interface& interface) {
  if (!IsFunctioning(interface)) return false;
  for (const Family family : kFamilies) {
    if (UpAddresses(state, interface, family) > 0) return true;
  }
  return false;
}

bool IsActive(const Interface& interface) {
  for (const auto& side : interface.sides) {
    if (side && side->activated != 0) return true;
  }
  return false;
}

GroupState StateOf(const State& state, const Group& group) {
  std::size_t usable = 0;
  const auto& members = state.index().interfaces_of(group.uid);
  for (const InterfaceUid uid : members) {
    if (IsUsable(state, *state.interface(uid))) ++usable;
  }
  if (usable == 0) return GroupState::kFailed;
  return usable == members.size() ? GroupState::kOk : GroupState::kDegraded;
}

std::vector<Move> MovesOf(const std::vector<Delta>& deltas) {
  std::vector<Move> moves;
  for (const Delta& delta : deltas) {
    const auto* change = std::get_if<Change<Address>>(&delta);
    if (change == nullptr || !change->before || !change->after) continue;
    const InterfaceUid from = change->before->bound;
    const InterfaceUid to = change->after->bound;
    if (from && to && from != to) moves.push_back({change->after->uid, from, to});
  }
  return moves;
}

}  // namespace netstackd::core
