// Which sides of members probe, and whom. Follows addresses, membership and the spec of the group.
//
// Source  reference: illumos in.mpathd, "Test address selection", "Targets".
#ifndef NETSTACKD_CORE_HEALTH_INSTANCES_H_
#define NETSTACKD_CORE_HEALTH_INSTANCES_H_

#include <string>
#include <vector>

#include "core/edit.h"

namespace netstackd::core::health {

// Makes probing begin and end on all sides of a group as it should: a member's side probes while
// the group wants probes and the side has a test address that is up and unique in the group. A
// target outside of the prefix of that address goes.
void RefreshInstances(Edit& edit, GroupUid group);
// The targets the group names, on all sides that probe; none any more: they go. `named_before`:
// until now the group named some.
void RefreshNamedTargets(Edit& edit, GroupUid group, bool named_before);

// Targets that were found on one side are those of that side of all members.
void ObserveTargets(Edit& edit, InterfaceUid interface, Family family, const TargetReport& report,
                    absl::Time at, Result& result);

}  // namespace netstackd::core::health

#endif  // NETSTACKD_CORE_HEALTH_INSTANCES_H_
