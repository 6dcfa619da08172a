// Does an interface fail, alone or with its group?
//
// Source  reference: illumos in.mpathd, "Failure".
#ifndef NETSTACKD_CORE_HEALTH_FAILURE_H_
#define NETSTACKD_CORE_HEALTH_FAILURE_H_

#include "core/edit.h"

namespace netstackd::core::health {

// Looks at the link. If no other member works with its link up, the whole group fails.
void CheckLinkFailure(Edit& edit, InterfaceUid interface);

// Looks at the probes of one side after one of them was lost at `at`: 5 in a row over all targets,
// and on the other side, too, if that can probe. The whole group fails unless another member with
// its link up does not probe at all, or works and was answered after the losses began. 5 in a row
// on one target, while others answer, cost only the target.
void CheckProbeFailure(Edit& edit, InterfaceUid interface, Family family, absl::Time at);

}  // namespace netstackd::core::health

#endif  // NETSTACKD_CORE_HEALTH_FAILURE_H_
