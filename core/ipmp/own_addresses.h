// The addresses that stay on an interface: its auto addresses and what an administrator added.
#ifndef NETSTACKD_CORE_IPMP_OWN_ADDRESSES_H_
#define NETSTACKD_CORE_IPMP_OWN_ADDRESSES_H_

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "core/edit.h"

namespace netstackd::core::ipmp {

// One address of an interface side; a zero uid means the auto address.
using OwnAddress = AddressUid;

// The addresses of a side that are up, in slot order; the auto address is in slot 0.
std::vector<OwnAddress> UpOwnAddresses(const Edit& edit, InterfaceUid interface, Family family);

// Multicast memberships of all up addresses of a side (all-hosts, not on members; solicited-node,
// IPv6). Source  illumos ip_multi.c as seen from ipmp.c.
void LeaveOwnMemberships(Edit& edit, InterfaceUid interface, Family family);
void JoinOwnMemberships(Edit& edit, InterfaceUid interface, Family family);
// Makes the interface and its up addresses known again to routing daemons.
void ShowOwnAddresses(Edit& edit, InterfaceUid interface, Family family);

// Raises or drops one address that belongs to an interface, with what follows for its activity.
// The address is in the other state before.
void RaiseOwn(Edit& edit, InterfaceUid interface, Family family, OwnAddress address);
void DropOwn(Edit& edit, InterfaceUid interface, Family family, OwnAddress address);

}  // namespace netstackd::core::ipmp

#endif  // NETSTACKD_CORE_IPMP_OWN_ADDRESSES_H_
