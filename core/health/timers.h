// What waits for a time: repairs of flapping links, and repaired interfaces that are kept back.
#ifndef NETSTACKD_CORE_HEALTH_TIMERS_H_
#define NETSTACKD_CORE_HEALTH_TIMERS_H_

#include "core/command.h"
#include "core/edit.h"

namespace netstackd::core::health {

// Deals with the deadlines that are due by `Context::now`, in the order of their times.
void FireDeadlines(Edit& edit);

// Makes every deadline later, as the command says.
void Delay(Edit& edit, const DelayDeadlines& op);

// The group's failback or its hold is another one: those that are kept back wait as it says now.
void RefreshHolds(Edit& edit, GroupUid group);

}  // namespace netstackd::core::health

#endif  // NETSTACKD_CORE_HEALTH_TIMERS_H_
