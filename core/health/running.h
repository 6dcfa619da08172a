// An interface begins to work: is it used, or kept back, and who may rest for it?
//
// Source  reference: illumos in.mpathd, "Who becomes INACTIVE".
#ifndef NETSTACKD_CORE_HEALTH_RUNNING_H_
#define NETSTACKD_CORE_HEALTH_RUNNING_H_

#include "core/edit.h"

namespace netstackd::core::health {

// What happened. kHoldOver: a repaired one was kept back long enough. kAddress: it works as before,
// and got its first address that is up.
enum class Entry : std::uint8_t { kAppeared, kRepaired, kOnline, kHoldOver, kAddress };

// `flags` are those the interface has afterwards, but for INACTIVE, which is decided here; `seen`
// is when it was seen to work.
void ToRunning(Edit& edit, InterfaceUid interface, InterfaceFlags flags, Entry entry,
               absl::Time seen);

// How long a repaired interface of the group is kept back; zero if failback is off, too.
absl::Duration FailbackHold(const Group& group);

}  // namespace netstackd::core::health

#endif  // NETSTACKD_CORE_HEALTH_RUNNING_H_
