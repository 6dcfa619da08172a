// Which active interface carries which data address.
#ifndef NETSTACKD_CORE_IPMP_PLACEMENT_H_
#define NETSTACKD_CORE_IPMP_PLACEMENT_H_

#include "core/edit.h"

namespace netstackd::core::ipmp {

// Makes the activity of one side of an interface what it should be: active if and only if it is a
// member, has an address that is up, and no flag speaks against it. An activation that cannot be
// carried out is tried again 120 s later.
// Source  illumos ipmp.c, ipmp_ill_refresh_active(); vectors README, "The rules".
void RefreshActivity(Edit& edit, InterfaceUid interface, Family family);

// True if the side should be active.
bool ShouldBeActive(const Edit& edit, InterfaceUid interface, Family family);

// Takes a side off the active list and spreads its addresses over the others.
void Deactivate(Edit& edit, InterfaceUid interface, Family family);

// Binds an address that has just come up to the active interface with the fewest addresses, the
// earliest active on a tie. Without an active interface it stays unbound, which is fine.
// Returns false if it could not be announced (the caller takes the decision back).
bool PlaceNew(Edit& edit, AddressUid address);

// Unbinds an address that goes away, and evens out. Source ipmp.c, ipmp_ipif_unbind().
void Withdraw(Edit& edit, AddressUid address);

// Announces the addresses of an active side that could not be announced when they were placed.
void AnnounceMissing(Edit& edit, InterfaceUid interface, Family family);

// Deals with the retries that are due by `Context::now`, in the order of their times.
void FireTimers(Edit& edit);

}  // namespace netstackd::core::ipmp

#endif  // NETSTACKD_CORE_IPMP_PLACEMENT_H_
