// Two members with the same hardware address: the later one goes out of service by itself, and
// comes back by itself.
//
// Source  reference: illumos in.mpathd, "Offline, undo-offline, duplicates".
#ifndef NETSTACKD_CORE_HEALTH_DUPLICATES_H_
#define NETSTACKD_CORE_HEALTH_DUPLICATES_H_

#include "core/edit.h"

namespace netstackd::core::health {

// Another member that is in service and has the same known hardware address. Zero: there is none.
InterfaceUid TwinOf(const State& state, const Interface& interface);

// An interface came into a group, or its hardware address changed there: the others keep theirs.
// True if it is out of service because of a twin now.
bool CheckTwin(Edit& edit, InterfaceUid interface);
// A member left, or its hardware address changed, or it went out of service: whoever is out because
// of it alone comes back, in the order of joining.
void RecheckTwins(Edit& edit, GroupUid group);

}  // namespace netstackd::core::health

#endif  // NETSTACKD_CORE_HEALTH_DUPLICATES_H_
