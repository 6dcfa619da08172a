#include "core/ipmp/group.h"

#include <vector>

#include "base/status_macros.h"
#include "core/ipmp/addresses.h"
#include "core/ipmp/refuse.h"
#include "core/ipmp/side.h"
#include "core/queries.h"

namespace netstackd::core::ipmp {
namespace {

absl::Status Taken(const char* errno_name, const Name& target, const std::string& name,
                   const char* by) {
  return Refuse(ErrorReason::kGroupExists, errno_name, target,
                "the name " + name + " is that of " + by, {{"name", name}});
}

absl::Status OutOfMemory(const Name& target) {
  return Refuse(ErrorReason::kResourceExhausted, "ENOMEM", target, "out of memory");
}

void AddSide(Edit& edit, GroupUid group, Family family) {
  edit.Update(group, [&](Group& changed) {
    changed.sides[IndexOf(family)] = GroupSide{.mtu = MinMtu(family)};
  });
  edit.Emit({.kind = EventKind::kGroupMtu,
             .group = &edit[group].name,
             .family = family,
             .number = MinMtu(family)});
}

// Why a side of a group cannot go; all that blocks it.
absl::Status CheckIdle(const Edit& edit, const Name& target, const Group& group, Family family) {
  std::vector<Blocker> blockers;
  const SideIndex& side = edit.side(group.uid, family);
  const auto block = [&](ErrorReason reason, const Name& subject, const char* what) {
    blockers.push_back({reason, ToString(subject), what});
  };
  constexpr std::size_t kListed = 100;
  if (group.sides[IndexOf(family)]->zero_address_up) {
    block(ErrorReason::kGroupHasUpAddresses, target, "the zero address is up");
  }
  for (const auto& [slot, uid] : side.by_slot) {
    if (blockers.size() >= kListed) break;
    if (edit[uid].up || edit[uid].duplicate) {
      block(ErrorReason::kGroupHasUpAddresses, NameOf(edit.state(), edit[uid]),
            "up or duplicate; bring it down");
    }
  }
  if (!side.members.empty() || side.pending > 0) {
    for (const InterfaceUid uid : edit.index().interfaces_of(group.uid)) {
      const auto& member = edit[uid].sides[IndexOf(family)];
      if (!member || (member->joined == 0 && !member->pending)) continue;
      block(ErrorReason::kGroupNotEmpty, NameOf(edit.state(), edit[uid]),
            "an interface of the group; take it out");
    }
  }
  if (blockers.empty()) return absl::OkStatus();
  ErrorDetails details{blockers.front().reason,
                       {{"errno", "EBUSY"}, {"resource", ToString(target)}},
                       {},
                       std::move(blockers)};
  const char* message = details.reason == ErrorReason::kGroupHasUpAddresses
                            ? "addresses of the group are up or duplicate; bring them down first"
                            : "the group has interfaces; take them out first";
  return MakeError(message, details);
}

// Removes a side that is idle, with the addresses that are down.
void RemoveSide(Edit& edit, GroupUid group, Family family) {
  while (!edit.side(group, family).by_slot.empty()) {
    edit.Erase(AddressUid(edit.side(group, family).by_slot.begin()->second));
  }
  edit.Update(group, [&](Group& changed) { changed.sides[IndexOf(family)].reset(); });
}

void EraseIfBare(Edit& edit, GroupUid group) {
  for (const auto& side : edit[group].sides) {
    if (side) return;
  }
  edit.Erase(group);
}

}  // namespace

absl::Status Apply(Edit& edit, const Name& target, const CreateGroup& op) {
  NSD_ASSIGN_OR_RETURN(const ZoneUid zone, FindZone(target.zone));
  if (!op.spec.ipv4 && !op.spec.ipv6) {
    return FieldError({{"group.spec", "a group has at least one of ipv4 and ipv6"}});
  }
  const std::string& interface_name =
      op.spec.interface_name.empty() ? target.group : op.spec.interface_name;
  for (const std::string& name : {target.group, interface_name}) {
    if (edit.state().FindInterface(zone, name) != nullptr)
      return Taken("EINVAL", target, name, "an interface");
  }
  if (edit.index().group_interfaces().contains({zone, interface_name}))
    return Taken("EEXIST", target, interface_name, "a group interface");
  const std::uint32_t limit = edit.context().limits.groups_per_zone;
  if (limit != 0 && edit.index().groups().size() >= limit) {
    return MakeError(ErrorReason::kQuotaExceeded, "the zone has as many groups as it may",
                     {{"limit", "groups_per_zone"}, {"value", std::to_string(limit)}});
  }
  bool exists = false;
  for (const Family family : kFamilies) {
    if (!(family == Family::kIpv4 ? op.spec.ipv4 : op.spec.ipv6)) continue;
    if (edit.Fails(FaultPoint::kFamilyMemory)) return OutOfMemory(target);
    if (exists) continue;
    exists = true;
    for (const FaultPoint point :
         {FaultPoint::kGroupMemory, FaultPoint::kGroupStatistics, FaultPoint::kGroupIndex}) {
      if (edit.Fails(point)) return OutOfMemory(target);
    }
  }
  if (edit.state().FindGroup(zone, target.group) != nullptr)
    return Taken("EEXIST", target, target.group, "a group");
  Group group{.zone = zone, .name = target.group, .interface_name = interface_name};
  group.spec = op.spec;
  group.meta.labels = op.labels;
  const GroupUid uid = edit.Insert(std::move(group));
  if (op.spec.ipv4) AddSide(edit, uid, Family::kIpv4);
  if (op.spec.ipv6) AddSide(edit, uid, Family::kIpv6);
  return absl::OkStatus();
}

absl::Status Apply(Edit& edit, const Name& target, const RenameGroup& op) {
  NSD_ASSIGN_OR_RETURN(const Group* group, GetGroup(edit.state(), target));
  if (op.new_name == group->name) return absl::OkStatus();
  if (op.new_name.empty())
    return Refuse(ErrorReason::kInvalidGroupName, "EINVAL", target, "the new name is empty");
  if (edit.state().FindGroup(group->zone, op.new_name) != nullptr)
    return Taken("EEXIST", target, op.new_name, "a group");
  if (edit.state().FindInterface(group->zone, op.new_name) != nullptr)
    return Taken("EINVAL", target, op.new_name, "an interface");
  if (edit.Fails(FaultPoint::kGroupIndex)) return OutOfMemory(target);
  edit.Update(group->uid, [&](Group& changed) {
    changed.name = op.new_name;
    ++changed.meta.generation;
  });
  return absl::OkStatus();
}

absl::Status Apply(Edit& edit, const Name& target, const AddFamily& op) {
  NSD_ASSIGN_OR_RETURN(const Group* group, GetGroup(edit.state(), target));
  if (group->sides[IndexOf(op.family)]) {
    return Refuse(ErrorReason::kGroupExists, "EEXIST", target,
                  "the group has this address family already");
  }
  if (edit.Fails(FaultPoint::kFamilyMemory)) return OutOfMemory(target);
  const GroupUid uid = group->uid;
  edit.Update(uid, [&](Group& changed) {
    (op.family == Family::kIpv4 ? changed.spec.ipv4 : changed.spec.ipv6) = true;
  });
  AddSide(edit, uid, op.family);
  return absl::OkStatus();
}

absl::Status RemoveGroupFamily(Edit& edit, const Name& target, Family family) {
  NSD_ASSIGN_OR_RETURN(const GroupUid uid, FindSide<Group>(edit, target, family));
  NSD_RETURN_IF_ERROR(CheckIdle(edit, target, edit[uid], family));
  RemoveSide(edit, uid, family);
  edit.Update(uid, [&](Group& changed) {
    (family == Family::kIpv4 ? changed.spec.ipv4 : changed.spec.ipv6) = false;
  });
  EraseIfBare(edit, uid);
  return absl::OkStatus();
}

absl::Status Apply(Edit& edit, const Name& target, const DestroyGroup&) {
  NSD_ASSIGN_OR_RETURN(const Group* group, GetGroup(edit.state(), target));
  const GroupUid uid = group->uid;
  for (const Family family : kFamilies) {
    if (!edit[uid].sides[IndexOf(family)]) continue;
    NSD_RETURN_IF_ERROR(CheckIdle(edit, target, edit[uid], family));
  }
  for (const Family family : kFamilies) {
    if (edit[uid].sides[IndexOf(family)]) RemoveSide(edit, uid, family);
  }
  edit.Erase(uid);
  return absl::OkStatus();
}

}  // namespace netstackd::core::ipmp
