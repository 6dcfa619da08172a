// What a group side takes over from its members: MTU, class of service; and forwarding, which it
// gives them.
#ifndef NETSTACKD_CORE_IPMP_ATTRIBUTES_H_
#define NETSTACKD_CORE_IPMP_ATTRIBUTES_H_

#include "absl/status/status.h"
#include "core/edit.h"

namespace netstackd::core::ipmp {

// The first member sets the MTU, a later one lowers it; a side marks class of service if all
// members do. Source  illumos ipmp.c, ipmp_illgrp_refresh_mtu(), ipmp_ill_join_illgrp().
void MemberJoined(Edit& edit, GroupUid group, InterfaceUid member, Family family);
void RefreshClassOfService(Edit& edit, GroupUid group, Family family);
// Recomputes both without a member that is gone from the list already.
void MemberLeft(Edit& edit, GroupUid group, Family family);
// Recomputes the MTU of the group after that of a member has changed.
void RefreshGroupMtu(Edit& edit, GroupUid group, Family family);
// The MTU of one side from that of its link and the administrator's.
std::uint32_t EffectiveMtu(const Interface& interface, Family family);
void RefreshMtu(Edit& edit, InterfaceUid interface, Family family);

absl::Status Apply(Edit& edit, const Name& target, const SetMtu& op);
absl::Status Apply(Edit& edit, const Name& target, const SetLinkMtu& op);
absl::Status Apply(Edit& edit, const Name& target, const SetForwarding& op);
absl::Status Apply(Edit& edit, const Name& target, const SetUsesrc& op);

}  // namespace netstackd::core::ipmp

#endif  // NETSTACKD_CORE_IPMP_ATTRIBUTES_H_
