#include "core/health/service.h"

#include "base/status_macros.h"
#include "core/health/duplicates.h"
#include "core/health/exchange.h"
#include "core/health/policy.h"
#include "core/health/repair.h"
#include "core/health/running.h"
#include "core/ipmp/interface.h"
#include "core/ipmp/refuse.h"
#include "core/queries.h"

namespace netstackd::core::health {
namespace {

absl::StatusOr<InterfaceUid> FindMember(const Edit& edit, const Name& target) {
  NSD_ASSIGN_OR_RETURN(const Interface* interface, GetInterface(edit.state(), target));
  if (!interface->group) {
    return ipmp::Refuse(ErrorReason::kInterfaceNotInGroup, "EUNKIF", target,
                        "the interface is in no group");
  }
  return interface->uid;
}

absl::Status CheckRedundancy(const Edit& edit, const Name& target, InterfaceUid uid,
                             std::int32_t required) {
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
  if (remaining >= required) return absl::OkStatus();
  return ipmp::Refuse(ErrorReason::kMinRedundancyNotMet, "EMINRED", target,
                      std::to_string(remaining) + " usable interfaces would remain in group " +
                          edit[group].name + ", " + std::to_string(required) + " required",
                      {{"group", ToString(NameOf(edit.state(), edit[group]))},
                       {"usable", std::to_string(remaining)},
                       {"minRedundancy", std::to_string(required)}});
}

}  // namespace

void BackInService(Edit& edit, InterfaceUid uid) {
  const InterfaceFlags flags = With(edit[uid].flags, &InterfaceFlags::offline, false);
  if (!Decides(edit[edit[uid].group])) {
    ipmp::PutFlags(edit, uid, flags);
  } else if (flags.failed) {
    ipmp::PutFlags(edit, uid, flags);
    CheckRepair(edit, uid, edit.context().now, false);
  } else {
    ToRunning(edit, uid, flags, Entry::kOnline, edit.context().now);
  }
}

absl::Status Apply(Edit& edit, const Name& target, const OfflineInterface& op) {
  NSD_ASSIGN_OR_RETURN(const InterfaceUid uid, FindMember(edit, target));
  const bool twin = edit[uid].detection.duplicate_hardware;
  if (edit[uid].flags.offline && !twin) return absl::OkStatus();
  const GroupUid group = edit[uid].group;
  NSD_RETURN_IF_ERROR(CheckRedundancy(edit, target, uid, op.min_redundancy));
  const Because because(edit, Cause::kOffline, uid);
  if (!twin) TakeOut(edit, uid, With(edit[uid].flags, &InterfaceFlags::offline, true));
  edit.Update(uid, [&](Interface& interface) {
    Detection& detection = interface.detection;
    if (twin) {
      detection.duplicate_hardware = false;
      detection.cause = edit.reason().cause;
      detection.cause_seen = edit.reason().seen;
      detection.cause_subject = edit.reason().subject;
    }
    for (auto& probing : detection.probing) {
      if (probing) probing->recent.clear();
    }
    ++interface.meta.generation;
  });
  RecheckTwins(edit, group);
  return absl::OkStatus();
}

absl::Status Apply(Edit& edit, const Name& target, const OnlineInterface&) {
  NSD_ASSIGN_OR_RETURN(const InterfaceUid uid, FindMember(edit, target));
  if (!edit[uid].flags.offline) return absl::OkStatus();
  const InterfaceUid twin = TwinOf(edit.state(), edit[uid]);
  if (twin && Decides(edit[edit[uid].group])) {
    return ipmp::Refuse(ErrorReason::kHardwareAddressDuplicate, "EHWADDRDUP", target,
                        "interface " + edit[twin].name + " has the same hardware address",
                        {{"interface", ToString(NameOf(edit.state(), edit[twin]))}});
  }
  const Because because(edit, Cause::kRepair, uid);
  BackInService(edit, uid);
  edit.Update(uid, [](Interface& interface) { ++interface.meta.generation; });
  return absl::OkStatus();
}

}  // namespace netstackd::core::health
