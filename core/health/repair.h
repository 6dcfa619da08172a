// Does a failed interface work again?
//
// Source  reference: illumos in.mpathd, "Repair", and flap suppression in "Link-based detection".
#ifndef NETSTACKD_CORE_HEALTH_REPAIR_H_
#define NETSTACKD_CORE_HEALTH_REPAIR_H_

#include "core/edit.h"

namespace netstackd::core::health {

// Judges a failed interface of a group with a policy by what is known of it at `at`. Its link must
// not be down. If it has targets, probes decide: 10 answers in a row over all targets, or from the
// target of the newest probe, on either side. Otherwise its link decides, unless it failed by
// probes and only waits for new targets, or the link came up too often and `repair_at` has not
// come. A flag set by an outside detector stays, unless `link_came_up` says that somebody has just
// looked.
void CheckRepair(Edit& edit, InterfaceUid interface, absl::Time at, bool link_came_up);

}  // namespace netstackd::core::health

#endif  // NETSTACKD_CORE_HEALTH_REPAIR_H_
