#include "core/health/failure.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "core/health/constants.h"
#include "core/health/exchange.h"
#include "core/health/members.h"
#include "core/health/policy.h"
#include "core/health/probing.h"
#include "core/health/round_trip.h"
#include "core/health/targets.h"
#include "core/ipmp/interface.h"
#include "core/queries.h"

namespace netstackd::core::health {
namespace {

void ForgetProbeTimes(Edit& edit, InterfaceUid uid, bool flush_hosts) {
  for (const Family family : kFamilies) {
    if (!IsEnabled(edit[uid], family)) continue;
    edit.Update(uid, [&](Interface& changed) {
      Probing& probing = *changed.detection.probing[IndexOf(family)];
      ForgetRoundTrips(probing);
      if (flush_hosts) FlushHosts(probing);
    });
  }
}

void FailAlone(Edit& edit, InterfaceUid uid) {
  const InterfaceFlags failed = With(edit[uid].flags, &InterfaceFlags::failed, true);
  if (failed.offline) {
    ipmp::PutFlags(edit, uid, With(failed, &InterfaceFlags::inactive, false));
  } else {
    TakeOut(edit, uid, failed);
  }
  ForgetProbeTimes(edit, uid, /*flush_hosts=*/false);
}

void FailTogether(Edit& edit, GroupUid group) {
  const auto members = edit.index().interfaces_of(group);
  for (const InterfaceUid uid : members) {
    InterfaceFlags flags = edit[uid].flags;
    flags.failed = true;
    flags.inactive = false;
    ipmp::PutFlags(edit, uid, flags);
    ForgetProbeTimes(edit, uid, /*flush_hosts=*/true);
  }
}

template <typename F>
bool AnyOther(const Edit& edit, InterfaceUid uid, F&& holds) {
  const Group& group = edit[edit[uid].group];
  const auto& members = edit.index().interfaces_of(group.uid);
  return std::any_of(members.begin(), members.end(), [&](InterfaceUid other) {
    return other != uid && !LinkIsDown(group, edit[other]) && holds(edit[other]);
  });
}

absl::Time LastSuccess(const Interface& interface) {
  absl::Time last{};
  for (const auto& probing : interface.detection.probing) {
    if (probing) last = std::max(last, probing->last_success);
  }
  return last;
}

// When the losses began that are a failure of the interface; nullopt: they are none.
std::optional<absl::Time> LossesBegan(const Interface& interface, Family family) {
  const Family other_family = family == Family::kIpv4 ? Family::kIpv6 : Family::kIpv4;
  const Probing& probing = *interface.detection.probing[IndexOf(family)];
  if (LossesInARow(probing) < kFailureLosses) return std::nullopt;
  absl::Time began = FirstLoss(probing);
  if (IsCapable(interface, other_family)) {
    const Probing& other = *interface.detection.probing[IndexOf(other_family)];
    if (LossesInARow(other) < kFailureLosses) return std::nullopt;
    began = std::min(began, FirstLoss(other));
  }
  return began;
}

void CheckTarget(Edit& edit, InterfaceUid uid, Family family, absl::Time at) {
  const Probing& probing = *edit[uid].detection.probing[IndexOf(family)];
  const std::uint8_t tag = probing.recent.back().tag;
  if (tag == kNoTag || LossesInARow(probing, tag) < kFailureLosses) return;
  if (LossesInARow(probing) >= kFailureLosses) return;
  edit.Update(uid, [&](Interface& changed) {
    PutAside(*changed.detection.probing[IndexOf(family)], tag, TargetState::kDead, at);
  });
}

}  // namespace

void CheckLinkFailure(Edit& edit, InterfaceUid uid) {
  const GroupUid group = edit[uid].group;
  if (edit[uid].flags.failed || !LinkIsDown(edit[group], edit[uid])) return;
  const Because because(edit, {Cause::kLink, uid, edit[uid].detection.link_seen});
  const bool alone = edit[uid].flags.offline || AnyOther(edit, uid, [](const Interface& other) {
                       return IsFunctioning(other);
                     });
  if (alone) {
    FailAlone(edit, uid);
  } else {
    FailTogether(edit, group);
  }
}

void CheckProbeFailure(Edit& edit, InterfaceUid uid, Family family, absl::Time at) {
  const Probing& probing = *edit[uid].detection.probing[IndexOf(family)];
  if (!IsFunctioning(edit[uid]) || IsQuiet(probing, at)) return;
  if (probing.recent.empty() || !probing.recent.back().lost) return;
  const std::optional<absl::Time> began = LossesBegan(edit[uid], family);
  if (!began) {
    CheckTarget(edit, uid, family, at);
    return;
  }
  const Because because(edit, {Cause::kProbe, uid, at});
  const GroupUid group = edit[uid].group;
  const bool group_failed = StateOf(edit.state(), edit[group]) == GroupState::kFailed;
  const bool alone = AnyOther(edit, uid, [&](const Interface& other) {
    if (!AnyEnabled(other)) return true;
    return IsFunctioning(other) && AnyCapable(other) && LastSuccess(other) > *began &&
           !group_failed;
  });
  if (alone) {
    FailAlone(edit, uid);
  } else {
    FailTogether(edit, group);
  }
}

}  // namespace netstackd::core::health
