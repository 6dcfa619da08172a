// One timer per interface side: another attempt at an activation or an announcement.
#ifndef NETSTACKD_CORE_IPMP_RETRY_H_
#define NETSTACKD_CORE_IPMP_RETRY_H_

#include "core/edit.h"

namespace netstackd::core::ipmp {

inline constexpr absl::Duration kRetryAfter = absl::Seconds(120);

// Starts the timer, 120 s after `from`; a timer that runs is left alone.
void ScheduleRetry(Edit& edit, InterfaceUid interface, Family family, absl::Time from);
// Stops the timer, if it runs, and says so with `kind` (cancelled or fired).
void ClearRetry(Edit& edit, InterfaceUid interface, Family family, EventKind kind);

}  // namespace netstackd::core::ipmp

#endif  // NETSTACKD_CORE_IPMP_RETRY_H_
