// Hot spares.
//
// Source  reference: illumos in.mpathd, "Who becomes INACTIVE", rows about STANDBY.
#ifndef NETSTACKD_CORE_HEALTH_STANDBY_H_
#define NETSTACKD_CORE_HEALTH_STANDBY_H_

#include "absl/status/status.h"
#include "core/edit.h"

namespace netstackd::core::health {

// STANDBY is set or cleared by a client; what the kernel does at once and what the detector makes
// of it is one decision. Error: STANDBY_NOT_ALLOWED.
absl::Status SetStandby(Edit& edit, const Name& target, bool standby);
// A standby that works is seen, new or changed, in a group with a policy: used if too few are in
// use without it, kept back if there are too many with it.
void StandbySeen(Edit& edit, InterfaceUid interface);

// As many are in use as there are ordinary members, but at least one: what one member changes of
// that number, and cannot fill itself, is made good by another one.
void MeetTheAim(Edit& edit, GroupUid group);

}  // namespace netstackd::core::health

#endif  // NETSTACKD_CORE_HEALTH_STANDBY_H_
