#include "core/health/timers.h"

#include <algorithm>
#include <tuple>

#include "core/health/policy.h"
#include "core/health/repair.h"
#include "core/health/running.h"
#include "core/queries.h"

namespace netstackd::core::health {
namespace {

// A repaired interface was kept back long enough.
void UseAgain(Edit& edit, InterfaceUid uid, absl::Time at) {
  edit.Update(uid, [](Interface& changed) { changed.detection.failback_at.reset(); });
  const Because because(edit, {Cause::kRepair, uid, at});
  ToRunning(edit, uid, edit[uid].flags, Entry::kHoldOver, at);
}

}  // namespace

void FireDeadlines(Edit& edit) {
  for (;;) {
    const auto& deadlines = edit.index().deadlines();
    if (deadlines.empty()) return;
    const auto [due, uid, kind] = *deadlines.begin();
    if (due > edit.context().now) return;
    if (kind == DeadlineKind::kFailback) {
      UseAgain(edit, uid, due);
      continue;
    }
    edit.Update(uid, [](Interface& changed) { changed.detection.repair_at.reset(); });
    CheckRepair(edit, uid, due, false);
  }
}

void Delay(Edit& edit, const DelayDeadlines& op) {
  const auto deadlines = edit.index().deadlines();  // a copy: the index follows what changes
  for (const auto& [due, uid, kind] : deadlines) {
    const auto at =
        kind == DeadlineKind::kFailback ? &Detection::failback_at : &Detection::repair_at;
    const absl::Time later = std::max(due + op.by, op.not_before);
    if (later == due) continue;
    edit.Update(uid, [&at, later](Interface& changed) { changed.detection.*at = later; });
  }
}

void RefreshHolds(Edit& edit, GroupUid group) {
  const bool fails_back = edit[group].spec.failback.value_or(true);
  const auto members = edit.index().interfaces_of(group);
  for (const InterfaceUid uid : members) {
    const Interface& member = edit[uid];
    if (member.flags.standby || !member.flags.inactive || !IsFunctioning(member)) continue;
    const absl::Time until = member.detection.cause_seen + FailbackHold(edit[group]);
    if (fails_back && until <= edit.context().now) {
      UseAgain(edit, uid, edit.context().now);
      continue;
    }
    edit.Update(uid, [&](Interface& changed) {
      changed.detection.failback_at.reset();
      if (fails_back) changed.detection.failback_at = until;
    });
  }
}

}  // namespace netstackd::core::health
