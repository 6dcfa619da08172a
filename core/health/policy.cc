#include "core/health/policy.h"

#include <algorithm>
#include <vector>

#include "base/status_macros.h"
#include "core/ipmp/interface.h"
#include "core/ipmp/refuse.h"
#include "core/queries.h"

namespace netstackd::core::health {
namespace {

using ipmp::PutFlags;

// What the rules count in a group. The interface in question can be left out.
struct Census {
  int nonstandby = 0;  // members that are not standby, in any state
  int active = 0;      // functioning and not inactive
};

bool InUse(const Interface& interface) {
  return IsFunctioning(interface) && !interface.flags.inactive;
}

Census CountWithout(const Edit& edit, GroupUid group, InterfaceUid left_out) {
  Census census;
  for (const InterfaceUid uid : edit.index().interfaces_of(group)) {
    if (!edit[uid].flags.standby) ++census.nonstandby;
    if (uid != left_out && InUse(edit[uid])) ++census.active;
  }
  return census;
}

// Interfaces of a group, the newest member first: the order of the detector's lists.
std::vector<InterfaceUid> NewestFirst(const Edit& edit, GroupUid group) {
  std::vector<std::pair<Order, InterfaceUid>> order;
  for (const InterfaceUid uid : edit.index().interfaces_of(group)) {
    Order joined = 0;
    for (const auto& side : edit[uid].sides) {
      if (side) joined = std::max(joined, side->joined);
    }
    order.emplace_back(joined, uid);
  }
  std::sort(order.rbegin(), order.rend());
  std::vector<InterfaceUid> result;
  for (const auto& [joined, uid] : order) result.push_back(uid);
  return result;
}

// The inactive interface that takes over: the first standby in list order, else the last other.
InterfaceUid Substitute(const Edit& edit, GroupUid group, InterfaceUid for_whom) {
  InterfaceUid last_other;
  for (const InterfaceUid uid : NewestFirst(edit, group)) {
    const Interface& interface = edit[uid];
    if (uid == for_whom || !IsFunctioning(interface) || !interface.flags.inactive) continue;
    if (interface.flags.standby) return uid;
    last_other = uid;
  }
  return last_other;
}

// A standby that is in use, the first in list order.
InterfaceUid StandbyInUse(const Edit& edit, GroupUid group, InterfaceUid left_out) {
  for (const InterfaceUid uid : NewestFirst(edit, group)) {
    if (uid != left_out && edit[uid].flags.standby && InUse(edit[uid])) return uid;
  }
  return InterfaceUid();
}

InterfaceFlags With(InterfaceFlags flags, bool InterfaceFlags::*flag, bool value) {
  flags.*flag = value;
  return flags;
}

// True if, on some side, `uid` carries the group alone.
bool IsLastActive(const Edit& edit, InterfaceUid uid) {
  for (const Family family : kFamilies) {
    const auto& side = edit[uid].sides[IndexOf(family)];
    if (side && side->activated != 0 && edit.side(edit[uid].group, family).active.size() == 1) {
      return true;
    }
  }
  return false;
}

// Takes `out` out of use with the flags given, and puts `in` (if any) to use, in the order that
// moves least: what goes first leaves its addresses as the last bound ones, so that exactly they
// move on; but the group is never left without an active interface in between.
void Exchange(Edit& edit, InterfaceUid out, const InterfaceFlags& out_flags, InterfaceUid in,
              const InterfaceFlags& in_flags) {
  const bool in_first = in && IsLastActive(edit, out);
  if (in_first) PutFlags(edit, in, in_flags);
  PutFlags(edit, out, out_flags);
  if (in && !in_first) PutFlags(edit, in, in_flags);
}

// Out of use for a reason other than policy; somebody takes over if it was in use.
void TakeOut(Edit& edit, InterfaceUid uid, InterfaceFlags flags) {
  const bool was_in_use = InUse(edit[uid]);
  const GroupUid group = edit[uid].group;
  flags.inactive = false;
  const bool replaced = was_in_use && Decides(edit[group]);
  const InterfaceUid in = replaced ? Substitute(edit, group, uid) : InterfaceUid();
  const InterfaceFlags in_flags =
      in ? With(edit[in].flags, &InterfaceFlags::inactive, false) : InterfaceFlags{};
  Exchange(edit, uid, flags, in, in_flags);
}

enum class Entry { kAppeared, kRepaired, kOnline };

// The moves "to running": `flags` are those the interface has afterwards but for INACTIVE.
void ToRunning(Edit& edit, InterfaceUid uid, InterfaceFlags flags, Entry entry) {
  const GroupUid group = edit[uid].group;
  const Census census = CountWithout(edit, group, uid);
  const bool failback = edit[group].spec.failback.value_or(true);
  const bool group_failed = census.active == 0;
  if (flags.standby) {
    // "Active" is counted before the interface joins; a standby nobody needs rests, but the first
    // interface of a group, or the only one that works, is used.
    flags.inactive = census.active >= std::max(1, census.nonstandby);
    PutFlags(edit, uid, flags);
    return;
  }
  if (entry == Entry::kRepaired && !failback) {
    flags.inactive = !group_failed;
    PutFlags(edit, uid, flags);
    return;
  }
  const InterfaceUid standby =
      census.active >= census.nonstandby ? StandbyInUse(edit, group, uid) : InterfaceUid();
  if (!standby) {
    PutFlags(edit, uid, flags);
    return;
  }
  Exchange(edit, standby, With(edit[standby].flags, &InterfaceFlags::inactive, true), uid, flags);
}

absl::StatusOr<InterfaceUid> FindMember(const Edit& edit, const Name& target) {
  NSD_ASSIGN_OR_RETURN(const Interface* interface, GetInterface(edit.state(), target));
  if (!interface->group) {
    return ipmp::Refuse(ErrorReason::kInterfaceNotInGroup, "EUNKIF", target,
                        "the interface is in no group");
  }
  return interface->uid;
}

}  // namespace

bool Decides(const Group& group) {
  const FailureDetection& detection = group.spec.failure_detection;
  return detection.link.value_or(true) || detection.probe.value_or(false);
}

void Appeared(Edit& edit, InterfaceUid uid) {
  const GroupUid group = edit[uid].group;
  if (!group || !Decides(edit[group])) return;
  if (IsFunctioning(edit[uid])) ToRunning(edit, uid, edit[uid].flags, Entry::kAppeared);
  LinkSeen(edit, uid);
}

void Leaving(Edit& edit, InterfaceUid uid) {
  const GroupUid group = edit[uid].group;
  if (!group || !Decides(edit[group]) || !InUse(edit[uid])) return;
  const Census others = CountWithout(edit, group, uid);
  if (!edit[uid].flags.standby && others.active > 0) return;
  const InterfaceUid in = Substitute(edit, group, uid);
  if (!in) return;
  Exchange(edit, uid, With(edit[uid].flags, &InterfaceFlags::inactive, true), in,
           With(edit[in].flags, &InterfaceFlags::inactive, false));
}

void Left(Edit& edit, InterfaceUid uid, GroupUid from) {
  if (!Decides(edit[from])) return;
  InterfaceFlags flags = edit[uid].flags;
  flags.failed = flags.offline = flags.inactive = false;
  PutFlags(edit, uid, flags);
}

void ObserveLink(Edit& edit, InterfaceUid uid, LinkState link,
                 const std::optional<absl::Time>& seen, Result& result) {
  const absl::Time now = edit.context().now;
  const absl::Time at = std::min(seen.value_or(now), now);
  const Detection& known = edit[uid].detection;
  if (at < known.link_known) {
    result.warnings.push_back("the state of the link was seen before the one that is known, at " +
                              absl::FormatTime(known.link_known, absl::UTCTimeZone()) +
                              "; it was left alone");
    return;
  }
  const bool differs = edit[uid].link != link;
  // A report that says the same again costs nothing, unless it says when.
  if (differs || (seen && at > known.link_known)) {
    edit.Update(uid, [&](Interface& changed) {
      Detection& detection = changed.detection;
      detection.link_known = at;
      if (!differs) return;
      if (changed.link == LinkState::kDown && link == LinkState::kUp) {
        detection.link_ups = {at, detection.link_ups[0]};
      }
      changed.link = link;
      detection.link_seen = at;
    });
  }
  LinkSeen(edit, uid);
}

void LinkSeen(Edit& edit, InterfaceUid uid) {
  const GroupUid group = edit[uid].group;
  if (!group || !edit[group].spec.failure_detection.link.value_or(true)) return;
  const InterfaceFlags flags = edit[uid].flags;
  const Because because(edit, {Cause::kLink, uid, edit[uid].detection.link_seen});
  if (edit[uid].link == LinkState::kDown && !flags.failed) {
    const InterfaceFlags failed = With(flags, &InterfaceFlags::failed, true);
    if (flags.offline) {
      PutFlags(edit, uid, With(failed, &InterfaceFlags::inactive, false));
    } else {
      TakeOut(edit, uid, failed);
    }
  } else if (edit[uid].link == LinkState::kUp && flags.failed) {
    const InterfaceFlags repaired = With(flags, &InterfaceFlags::failed, false);
    if (flags.offline) {
      PutFlags(edit, uid, repaired);
    } else {
      ToRunning(edit, uid, repaired, Entry::kRepaired);
    }
  }
}

absl::Status SetStandby(Edit& edit, const Name& target, bool standby) {
  NSD_ASSIGN_OR_RETURN(const Interface* interface, GetInterface(edit.state(), target));
  if (interface->flags.standby == standby) return absl::OkStatus();
  const InterfaceUid uid = interface->uid;
  const GroupUid group = interface->group;
  for (const auto& side : interface->sides) {
    if (standby && side && side->usesrc != UsesrcRole::kNone) {
      return ipmp::Refuse(ErrorReason::kStandbyNotAllowed, "EINVAL", target,
                          "an interface that lends or borrows source addresses is no standby");
    }
  }
  if (!group || !Decides(edit[group])) {
    SetFlags op;
    (standby ? op.set : op.clear).standby = true;
    return ipmp::Apply(edit, target, op);
  }
  if (standby && interface->flags.inactive) {
    return ipmp::Refuse(ErrorReason::kStandbyNotAllowed, "EINVAL", target,
                        "standby cannot be set while the interface is inactive");
  }
  const Because because(edit, Cause::kStandby, uid);
  // One decision: what the kernel does at once and what the detector makes of it.
  InterfaceFlags flags = edit[uid].flags;
  flags.standby = standby;
  if (!IsFunctioning(edit[uid])) {
    PutFlags(edit, uid, flags);
    return absl::OkStatus();
  }
  if (!standby) {
    flags.inactive = false;
    Census census = CountWithout(edit, group, uid);
    ++census.nonstandby;
    const InterfaceUid other =
        census.active >= census.nonstandby ? StandbyInUse(edit, group, uid) : InterfaceUid();
    if (!other) {
      PutFlags(edit, uid, flags);
    } else {
      Exchange(edit, other, With(edit[other].flags, &InterfaceFlags::inactive, true), uid, flags);
    }
    return absl::OkStatus();
  }
  Census census = CountWithout(edit, group, uid);
  --census.nonstandby;
  flags.inactive = census.active >= std::max(1, census.nonstandby);
  PutFlags(edit, uid, flags);
  return absl::OkStatus();
}

absl::Status Apply(Edit& edit, const Name& target, const OfflineInterface& op) {
  NSD_ASSIGN_OR_RETURN(const InterfaceUid uid, FindMember(edit, target));
  if (edit[uid].flags.offline) return absl::OkStatus();
  const GroupUid group = edit[uid].group;
  int usable = 0;
  int not_offline = 0;
  for (const InterfaceUid other : edit.index().interfaces_of(group)) {
    if (other == uid) continue;
    if (IsUsable(edit.state(), edit[other])) ++usable;
    if (!edit[other].flags.offline) ++not_offline;
  }
  const bool group_failed = StateOf(edit.state(), edit[group]) == GroupState::kFailed;
  const int remaining = group_failed ? not_offline : usable;
  if (remaining < op.min_redundancy) {
    return ipmp::Refuse(ErrorReason::kMinRedundancyNotMet, "EMINRED", target,
                        std::to_string(remaining) + " usable interfaces would remain in group " +
                            edit[group].name + ", " + std::to_string(op.min_redundancy) +
                            " required",
                        {{"group", ToString(NameOf(edit.state(), edit[group]))},
                         {"usable", std::to_string(remaining)},
                         {"minRedundancy", std::to_string(op.min_redundancy)}});
  }
  const Because because(edit, Cause::kOffline, uid);
  TakeOut(edit, uid, With(edit[uid].flags, &InterfaceFlags::offline, true));
  edit.Update(uid, [](Interface& interface) { ++interface.meta.generation; });
  return absl::OkStatus();
}

absl::Status Apply(Edit& edit, const Name& target, const OnlineInterface&) {
  NSD_ASSIGN_OR_RETURN(const InterfaceUid uid, FindMember(edit, target));
  if (!edit[uid].flags.offline) return absl::OkStatus();
  const Because because(edit, Cause::kRepair, uid);
  const InterfaceFlags flags = With(edit[uid].flags, &InterfaceFlags::offline, false);
  if (flags.failed || !Decides(edit[edit[uid].group])) {
    PutFlags(edit, uid, flags);
  } else {
    ToRunning(edit, uid, flags, Entry::kOnline);
  }
  edit.Update(uid, [](Interface& interface) { ++interface.meta.generation; });
  return absl::OkStatus();
}

}  // namespace netstackd::core::health
