// Data addresses and the zero address of a group, coming up and going down.
#ifndef NETSTACKD_CORE_IPMP_GROUP_ADDRESSES_H_
#define NETSTACKD_CORE_IPMP_GROUP_ADDRESSES_H_

#include "core/edit.h"

namespace netstackd::core::ipmp {

// Brings a data address up: the group interface with the first one, an ARP entry for it goes, it is
// placed, and announced. Returns false if it cannot be announced.
// Source  illumos ip_if.c, ipif_up_done(); ipmp.c, ipmp_ipif_bind().
bool RaiseOfGroup(Edit& edit, AddressUid address);
// Brings a data address that is up down; as a duplicate if somebody else has it.
void DropOfGroup(Edit& edit, AddressUid address, bool duplicate);
// The IPv4 zero address, which is in the other state now.
void PutZeroAddress(Edit& edit, GroupUid group, bool up);
// Takes the group interface down if no address of the side is up or duplicate.
void DatalinkDownIfIdle(Edit& edit, GroupUid group, Family family);

}  // namespace netstackd::core::ipmp

#endif  // NETSTACKD_CORE_IPMP_GROUP_ADDRESSES_H_
