// The one active interface per side that sends and receives multicast and broadcast.
#ifndef NETSTACKD_CORE_IPMP_NOMINATION_H_
#define NETSTACKD_CORE_IPMP_NOMINATION_H_

#include "core/edit.h"

namespace netstackd::core::ipmp {

// Moves the nomination to `to` (none if its uid is zero), with the memberships of the group, which
// are there only while the group interface is up. Source ipmp.c, ipmp_illgrp_set_cast().
void Nominate(Edit& edit, GroupUid group, Family family, InterfaceUid to);

// Brings the group interface up with its first address, and down with the last: a side is up from
// the first address (the zero address counts) that comes up until none is up or duplicate.
void DatalinkUp(Edit& edit, GroupUid group, Family family);
void DatalinkDown(Edit& edit, GroupUid group, Family family);
// Joins the memberships of a group side on its nominated interface, if there is one.
void JoinMemberships(Edit& edit, GroupUid group, Family family);

}  // namespace netstackd::core::ipmp

#endif  // NETSTACKD_CORE_IPMP_NOMINATION_H_
