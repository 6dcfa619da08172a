#include "core/health/outlook.h"

#include <algorithm>

#include "core/health/constants.h"
#include "core/health/duplicates.h"
#include "core/health/members.h"
#include "core/health/probing.h"
#include "core/health/running.h"
#include "core/queries.h"

namespace netstackd::core::health {
namespace {

// Probes that must still be answered, at best.
std::uint32_t AnswersMissing(const Interface& interface) {
  std::size_t best = 0;
  for (const auto& probing : interface.detection.probing) {
    if (!probing || ActiveTargets(*probing) == 0) continue;
    best = std::max(best, SuccessesInARow(*probing));
    if (!probing->recent.empty() && probing->recent.back().tag != kNoTag) {
      best = std::max(best, SuccessesInARow(*probing, probing->recent.back().tag));
    }
  }
  // Never none: it would be repaired, had the newest come after the failure.
  return static_cast<std::uint32_t>(kRepairSuccesses - std::min(best, kRepairSuccesses - 1));
}

void WhyFailed(const Group& group, const Interface& interface, std::vector<Missing>* missing) {
  const Detection& detection = interface.detection;
  if (LinkIsDown(group, interface)) {
    missing->push_back({.obstacle = Obstacle::kLinkDown});
    return;
  }
  if (AnyCapable(interface)) {
    missing->push_back({.obstacle = Obstacle::kProbes, .count = AnswersMissing(interface)});
  } else if (detection.failure == Cause::kProbe) {
    missing->push_back(
        {.obstacle = Obstacle::kNoTargets, .count = static_cast<std::uint32_t>(kRepairSuccesses)});
  } else if (detection.repair_at) {
    missing->push_back({.obstacle = Obstacle::kFlapping, .until = *detection.repair_at});
  } else if (detection.failure != Cause::kLink) {
    missing->push_back({.obstacle = Obstacle::kDetector});
  }
}

void WhyOffline(const State& state, const Interface& interface, std::vector<Missing>* missing) {
  if (!interface.detection.duplicate_hardware) {
    missing->push_back({.obstacle = Obstacle::kOffline});
  }
  const InterfaceUid twin = TwinOf(state, interface);
  if (twin) missing->push_back({.obstacle = Obstacle::kDuplicate, .other = twin});
}

// A repaired interface rests or is held, if it fell out of use; as long as others carry.
void WhatFollowsRepair(const State& state, const Group& group, const Interface& interface,
                       std::vector<Missing>* missing) {
  const Census others = CountWithout(state, group.uid, interface.uid);
  if (interface.flags.standby) {
    if (others.in_use >= std::max(1, others.nonstandby)) {
      missing->push_back({.obstacle = Obstacle::kStandbyRests});
    }
  } else if (interface.detection.failback_at) {
    missing->push_back({.obstacle = Obstacle::kHold, .until = *interface.detection.failback_at});
  } else if (!group.spec.failback.value_or(true) && others.in_use > 0 &&
             (interface.flags.failed || interface.flags.inactive)) {
    missing->push_back({.obstacle = Obstacle::kFailbackOff});
  } else if (interface.detection.repair_at && others.in_use > 0 &&
             FailbackHold(group) > absl::ZeroDuration()) {
    missing->push_back({.obstacle = Obstacle::kHold,
                        .until = *interface.detection.repair_at + FailbackHold(group)});
  }
}

std::vector<Missing> WhatIsMissing(const State& state, const Group& group, InterfaceUid uid,
                                   Family family) {
  std::vector<Missing> missing;
  const Interface* interface = state.interface(uid);
  if (interface == nullptr) return {{.obstacle = Obstacle::kInterfaceGone}};
  if (interface->group != group.uid) return {{.obstacle = Obstacle::kOtherGroup}};
  const auto& side = interface->sides[IndexOf(family)];
  if (!side || side->joined == 0) return {{.obstacle = Obstacle::kNoSide}};
  if (interface->flags.offline) WhyOffline(state, *interface, &missing);
  if (interface->flags.failed) WhyFailed(group, *interface, &missing);
  if (UpAddresses(state, *interface, family) == 0) {
    missing.push_back({.obstacle = Obstacle::kNoAddress});
  }
  if (interface->flags.failed || interface->flags.inactive) {
    WhatFollowsRepair(state, group, *interface, &missing);
  }
  return missing;
}

std::optional<absl::Time> ByTimeAlone(const std::vector<Missing>& missing) {
  absl::Time last{};
  for (const Missing& one : missing) {
    if (one.obstacle != Obstacle::kFlapping && one.obstacle != Obstacle::kHold) return std::nullopt;
    last = std::max(last, one.until);
  }
  if (missing.empty()) return std::nullopt;
  return last;
}

}  // namespace

Outlook OutlookOf(const State& state, const Address& address) {
  Outlook outlook;
  const Group* group = state.group(address.group);
  if (group == nullptr) return outlook;
  const Interface* bound = state.interface(address.bound);
  if (bound != nullptr && bound->flags.standby) {
    for (const InterfaceUid uid : state.index().interfaces_of(group->uid)) {
      const Interface& member = *state.interface(uid);
      if (!member.flags.standby && !InUse(state, member)) outlook.stands_in_for.push_back(uid);
    }
  }
  if (!address.placement.from || address.placement.from == address.bound) return outlook;
  outlook.back_to = address.placement.from;
  outlook.missing = WhatIsMissing(state, *group, outlook.back_to, address.ip.family);
  outlook.back_at = ByTimeAlone(outlook.missing);
  return outlook;
}

}  // namespace netstackd::core::health
