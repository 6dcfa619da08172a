// What a group counts: the traffic of its interfaces while they are in it.
#ifndef NETSTACKD_CORE_IPMP_STATISTICS_H_
#define NETSTACKD_CORE_IPMP_STATISTICS_H_

#include "absl/status/status.h"
#include "core/edit.h"

namespace netstackd::core::ipmp {

// Adds what an interface that leaves has counted to the baseline of its group.
void KeepCounts(Edit& edit, GroupUid group, InterfaceUid interface);

// A new reading. A counter of 32 bits that went back has wrapped; one of 64 bits was reset. What
// was counted before the first reading in the group does not count.
absl::Status Apply(Edit& edit, const Name& target, const SetCounters& op);
// The counters cannot be read any more; what they counted so far stays.
absl::Status Apply(Edit& edit, const Name& target, const RemoveCounters& op);

}  // namespace netstackd::core::ipmp

#endif  // NETSTACKD_CORE_IPMP_STATISTICS_H_
