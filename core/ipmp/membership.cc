#include "core/ipmp/membership.h"

#include "base/status_macros.h"
#include "core/ipmp/arp.h"
#include "core/ipmp/attributes.h"
#include "core/ipmp/own_addresses.h"
#include "core/ipmp/placement.h"
#include "core/ipmp/refuse.h"
#include "core/ipmp/retry.h"
#include "core/ipmp/statistics.h"
#include "core/queries.h"

namespace netstackd::core::ipmp {
namespace {

// What must hold before the group is even looked up. ENXIO was checked by the caller.
absl::Status VetInterface(const Interface& interface, const Name& target) {
  if (interface.is_virtual) {
    return Refuse(ErrorReason::kInterfaceIsVirtual, "EINVAL", target,
                  "virtual interfaces cannot join a group");
  }
  for (const auto& side : interface.sides) {
    if (!side) continue;
    if (side->usesrc == UsesrcRole::kNone) break;
    return Refuse(ErrorReason::kInterfaceUsesUsesrc, "EINVAL", target,
                  "the interface lends or borrows source addresses; end that first");
  }
  return absl::OkStatus();
}

void LeaveOneSide(Edit& edit, InterfaceUid uid, Family family) {
  if (edit[uid].sides[IndexOf(family)] && edit[uid].sides[IndexOf(family)]->joined != 0) {
    LeaveSide(edit, uid, family);
  }
}

}  // namespace

absl::Status Begin(Edit& edit, const Name& target, const std::string& group_name) {
  NSD_ASSIGN_OR_RETURN(const Interface* interface, GetInterface(edit.state(), target));
  NSD_RETURN_IF_ERROR(VetInterface(*interface, target));
  if (interface->group) {
    if (edit[interface->group].name == group_name) return absl::OkStatus();
    return Refuse(ErrorReason::kInterfaceInOtherGroup, "EALREADY", target,
                  "the interface is in another group; leave that first",
                  {{"group", edit[interface->group].name}});
  }
  const Name group_target{.zone = target.zone, .group = group_name};
  NSD_ASSIGN_OR_RETURN(const Group* group, GetGroup(edit.state(), group_target));
  NSD_RETURN_IF_ERROR(VetJoin(edit, *interface, *group));
  const std::uint32_t limit = edit.context().limits.members_per_group;
  if (limit != 0 && edit.index().interfaces_of(group->uid).size() >= limit) {
    return MakeError(ErrorReason::kQuotaExceeded, "the group has as many interfaces as it may",
                     {{"limit", "members_per_group"}, {"value", std::to_string(limit)}});
  }
  if (edit.Fails(FaultPoint::kJoinMessage)) {
    return Refuse(ErrorReason::kResourceExhausted, "ENOMEM", target, "out of memory");
  }
  const GroupUid group_uid = group->uid;
  const MacType mac_type = interface->mac_type;
  edit.Update(interface->uid, [&](Interface& changed) {
    changed.group = group_uid;
    changed.counted = {};
    for (auto& side : changed.sides) {
      if (side) side->pending = true;
    }
  });
  if (edit.index().interfaces_of(group_uid).size() == 1) {
    edit.Update(group_uid, [&](Group& changed) { changed.mac_type = mac_type; });
  }
  return absl::OkStatus();
}

void Finish(Edit& edit, InterfaceUid uid) {
  const Because because(edit, Cause::kMembership, uid);
  for (const Family family : kFamilies) {
    const auto& side = edit[uid].sides[IndexOf(family)];
    if (side && side->pending) JoinSide(edit, uid, family);
  }
}

void JoinSide(Edit& edit, InterfaceUid uid, Family family) {
  const GroupUid group = edit[uid].group;
  edit.Emit({.kind = EventKind::kMembershipsReset, .interface = &edit[uid].name, .family = family});
  const bool forwarding = edit[group].sides[IndexOf(family)]->forwarding;
  const Order order = edit.NextOrder();
  edit.UpdateSide(uid, family, [&](InterfaceSide& side) {
    side.pending = false;
    side.joined = order;
    side.forwarding = forwarding;
  });
  MemberJoined(edit, group, uid, family);
  edit.Emit({.kind = EventKind::kRoutesHide, .interface = &edit[uid].name, .family = family});
  if (family == Family::kIpv4) {
    edit.Emit({.kind = EventKind::kBroadcastRefresh, .interface = &edit[uid].name});
  }
  RefreshActivity(edit, uid, family);
}

void LeaveSide(Edit& edit, InterfaceUid uid, Family family) {
  const GroupUid group = edit[uid].group;
  ClearRetry(edit, uid, family, EventKind::kRetryCancelled);
  edit.Emit({.kind = EventKind::kRoutesUnhide, .interface = &edit[uid].name, .family = family});
  LeaveOwnMemberships(edit, uid, family);
  if (edit[uid].sides[IndexOf(family)]->activated != 0) Deactivate(edit, uid, family);
  edit.UpdateSide(uid, family, [](InterfaceSide& side) { side.joined = 0; });
  if (family == Family::kIpv4) {
    edit.Emit({.kind = EventKind::kBroadcastRefresh, .interface = &edit[uid].name});
  }
  JoinOwnMemberships(edit, uid, family);
  MemberLeft(edit, group, family);
  if (family == Family::kIpv4 && edit.side(group, family).members.empty()) {
    DropArpEntries(edit, group);
  }
}

void Detach(Edit& edit, InterfaceUid uid) {
  const GroupUid group = edit[uid].group;
  KeepCounts(edit, group, uid);
  edit.Update(uid, [](Interface& interface) {
    interface.group = GroupUid();
    for (auto& side : interface.sides) {
      if (side) side->pending = false;
    }
  });
  if (edit.index().interfaces_of(group).empty()) {
    edit.Update(group, [](Group& changed) { changed.mac_type.reset(); });
  }
}

void Leave(Edit& edit, InterfaceUid uid) {
  const Because because(edit, Cause::kMembership, uid);
  for (const Family family : kFamilies) LeaveOneSide(edit, uid, family);
  Detach(edit, uid);
  for (const Family family : kFamilies) ShowOwnAddresses(edit, uid, family);
}

absl::Status Apply(Edit& edit, const Name& target, const BeginJoin& op) {
  return Begin(edit, target, op.group);
}

absl::Status Apply(Edit& edit, const Name& target, const FinishJoin&) {
  NSD_ASSIGN_OR_RETURN(const Interface* interface, GetInterface(edit.state(), target));
  bool pending = false;
  for (const auto& side : interface->sides) pending |= side && side->pending;
  if (!pending) {
    return Refuse(ErrorReason::kInvalidRequest, "EINVAL", target, "there is no join to finish");
  }
  Finish(edit, interface->uid);
  return absl::OkStatus();
}

absl::Status Apply(Edit& edit, const Name& target, const JoinGroup& op) {
  NSD_ASSIGN_OR_RETURN(const Interface* interface, GetInterface(edit.state(), target));
  const InterfaceUid uid = interface->uid;
  const bool in_a_group = static_cast<bool>(interface->group);
  NSD_RETURN_IF_ERROR(Begin(edit, target, op.group));
  if (!in_a_group) Finish(edit, uid);
  return absl::OkStatus();
}

absl::Status Apply(Edit& edit, const Name& target, const LeaveGroup& op) {
  NSD_ASSIGN_OR_RETURN(const Interface* interface, GetInterface(edit.state(), target));
  NSD_RETURN_IF_ERROR(VetInterface(*interface, target));
  if (!interface->group) return absl::OkStatus();
  if (!op.group.empty() && edit[interface->group].name != op.group) {
    return Refuse(ErrorReason::kInterfaceInOtherGroup, "EALREADY", target,
                  "the interface is in another group than the one given",
                  {{"group", edit[interface->group].name}});
  }
  Leave(edit, interface->uid);
  return absl::OkStatus();
}

}  // namespace netstackd::core::ipmp
