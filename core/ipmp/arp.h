// ARP entries a group keeps for foreign addresses, some with a hardware address of its own.
#ifndef NETSTACKD_CORE_IPMP_ARP_H_
#define NETSTACKD_CORE_IPMP_ARP_H_

#include "absl/status/status.h"
#include "base/status_macros.h"
#include "core/edit.h"

namespace netstackd::core::ipmp {

// Deals the entries out again, newest first; a proxy entry that is already right is passed over
// without using up a turn. Source ipmp.c, ipmp_illgrp_refresh_arpent().
void RefreshArpEntries(Edit& edit, GroupUid group);
// Drops the entry for an address that becomes a data address.
void DropArpEntry(Edit& edit, GroupUid group, const IpAddress& ip);
// Drops all entries: the last IPv4 member has left.
void DropArpEntries(Edit& edit, GroupUid group);

// Errors as in the vectors' README: "ARP entries".
absl::Status Apply(Edit& edit, const Name& target, const SetArpEntry& op);
absl::Status Apply(Edit& edit, const Name& target, const DeleteArpEntry& op);

}  // namespace netstackd::core::ipmp

#endif  // NETSTACKD_CORE_IPMP_ARP_H_
