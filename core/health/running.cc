#include "core/health/running.h"

#include <algorithm>

#include "core/health/exchange.h"
#include "core/health/members.h"
#include "core/ipmp/interface.h"
#include "core/queries.h"

namespace netstackd::core::health {
namespace {

using ipmp::PutFlags;

bool FailsBack(const Group& group) { return group.spec.failback.value_or(true); }

// A repaired interface that is not needed rests: for good without failback, else until the hold is
// over. Returns false if it is to be used.
bool RestsAfterRepair(Edit& edit, InterfaceUid uid, InterfaceFlags flags, const Census& others,
                      absl::Time seen) {
  const Group& group = edit[edit[uid].group];
  const bool fails_back = FailsBack(group);
  const absl::Time until = seen + FailbackHold(group);
  if (others.in_use == 0 || (fails_back && until <= edit.context().now)) return false;
  PutFlags(edit, uid, With(flags, &InterfaceFlags::inactive, true));
  if (fails_back) {
    edit.Update(uid, [until](Interface& changed) { changed.detection.failback_at = until; });
  }
  return true;
}

}  // namespace

absl::Duration FailbackHold(const Group& group) {
  return FailsBack(group) ? group.spec.failback_hold.value_or(absl::ZeroDuration())
                          : absl::ZeroDuration();
}

void ToRunning(Edit& edit, InterfaceUid uid, InterfaceFlags flags, Entry entry, absl::Time seen) {
  const GroupUid group = edit[uid].group;
  const Census others = CountWithout(edit.state(), group, uid);
  if (flags.standby) {
    // A standby nobody needs rests, but the first interface of a group, or the only one that can
    // carry, is used.
    flags.inactive = others.in_use >= std::max(1, others.nonstandby);
    PutFlags(edit, uid, flags);
    return;
  }
  if (entry == Entry::kRepaired && RestsAfterRepair(edit, uid, flags, others, seen)) return;
  if (entry == Entry::kAddress && flags.inactive && others.in_use > 0) return;
  if (entry == Entry::kHoldOver || entry == Entry::kAddress) flags.inactive = false;
  const bool gives_rest =
      HasAddress(edit.state(), edit[uid]) && (entry == Entry::kOnline || FailsBack(edit[group]));
  const InterfaceUid standby = gives_rest && others.in_use >= others.nonstandby
                                   ? StandbyInUse(edit.state(), group, uid)
                                   : InterfaceUid();
  if (!standby) {
    PutFlags(edit, uid, flags);
    return;
  }
  Exchange(edit, standby, With(edit[standby].flags, &InterfaceFlags::inactive, true), uid, flags);
}

}  // namespace netstackd::core::health
