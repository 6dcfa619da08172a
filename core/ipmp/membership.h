// Joining and leaving a group.
#ifndef NETSTACKD_CORE_IPMP_MEMBERSHIP_H_
#define NETSTACKD_CORE_IPMP_MEMBERSHIP_H_

#include "absl/status/status.h"
#include "core/edit.h"

namespace netstackd::core::ipmp {

// Everything that speaks against a join, in the order of the original; the first is the reason of
// the error, all are its blockers. Source  illumos ipmp.c, ipmp_grp_vet_phyint(); errors.md 2.
absl::Status VetJoin(const Edit& edit, const Interface& interface, const Group& group);

// The steps of a join: in the group with all sides pending; then each side a member.
absl::Status Begin(Edit& edit, const Name& target, const std::string& group);
void Finish(Edit& edit, InterfaceUid interface);
// One side becomes a member, or stops being one.
void JoinSide(Edit& edit, InterfaceUid interface, Family family);
void LeaveSide(Edit& edit, InterfaceUid interface, Family family);
// Out of the group when no side is a member any more: what it counted stays with the group.
void Detach(Edit& edit, InterfaceUid interface);
// Both sides leave, IPv4 first, and show themselves again.
void Leave(Edit& edit, InterfaceUid interface);

absl::Status Apply(Edit& edit, const Name& target, const JoinGroup& op);
absl::Status Apply(Edit& edit, const Name& target, const LeaveGroup& op);
absl::Status Apply(Edit& edit, const Name& target, const BeginJoin& op);
absl::Status Apply(Edit& edit, const Name& target, const FinishJoin& op);

}  // namespace netstackd::core::ipmp

#endif  // NETSTACKD_CORE_IPMP_MEMBERSHIP_H_
