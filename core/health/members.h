// The members of a group as the policy counts them.
#ifndef NETSTACKD_CORE_HEALTH_MEMBERS_H_
#define NETSTACKD_CORE_HEALTH_MEMBERS_H_

#include <vector>

#include "core/edit.h"

namespace netstackd::core::health {

// One that is up, of either family.
bool HasAddress(const State& state, const Interface& interface);
// In use: it works, has an address that is up, and policy does not keep it back. (The original
// counts what works, with or without an address: see the decision "only what can carry counts".)
bool InUse(const State& state, const Interface& interface);

struct Census {
  int nonstandby = 0;  // members that are not standby, in any state
  int in_use = 0;
};
// Of a group but for one interface; that one's being a standby or not is counted all the same.
Census CountWithout(const State& state, GroupUid group, InterfaceUid left_out);

// The newest member first: the order of the original's lists.
std::vector<InterfaceUid> NewestFirst(const State& state, GroupUid group);
// The interface that is kept back and takes over: the first standby in list order, else the last of
// the others. It works and has an address. Zero: there is none.
InterfaceUid Substitute(const State& state, GroupUid group, InterfaceUid for_whom);
// A standby that is in use, the first in list order. Zero: there is none.
InterfaceUid StandbyInUse(const State& state, GroupUid group, InterfaceUid left_out);

// The group looks at links, and this one is down.
bool LinkIsDown(const Group& group, const Interface& interface);

}  // namespace netstackd::core::health

#endif  // NETSTACKD_CORE_HEALTH_MEMBERS_H_
