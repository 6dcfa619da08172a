// Who is failed, inactive or in use: the policy of the failure detector for link observations.
//
// Source  reference: illumos in.mpathd, "Who becomes INACTIVE", "Failure", "Repair".
// Every function is part of one decision: a failure and the take-over by a standby are one
// transaction, in the order that keeps the link of the group up and moves an address at most once.
#ifndef NETSTACKD_CORE_HEALTH_POLICY_H_
#define NETSTACKD_CORE_HEALTH_POLICY_H_

#include "absl/status/status.h"
#include "core/edit.h"

namespace netstackd::core::health {

// False if the group has all detection switched off: then nothing here changes a flag, and an
// outside detector reports its own.
bool Decides(const Group& group);

// An interface has become a member, with its flags as they are.
void Appeared(Edit& edit, InterfaceUid interface);
// An interface is about to leave its group: if it was the last in use, another takes over first.
void Leaving(Edit& edit, InterfaceUid interface);
// An interface has left: what the detector decided about it is void.
void Left(Edit& edit, InterfaceUid interface, GroupUid from);
// The link was seen, now or at the time given; what is older than what is known is a warning.
void ObserveLink(Edit& edit, InterfaceUid interface, LinkState link,
                 const std::optional<absl::Time>& seen, Result& result);
// The link was seen up or down; `interface.link` tells already.
void LinkSeen(Edit& edit, InterfaceUid interface);
// STANDBY was set or cleared by a client; errors of the flags apply.
absl::Status SetStandby(Edit& edit, const Name& target, bool standby);

// Takes an interface out of service. Errors, in order: INTERFACE_NOT_IN_GROUP,
// MIN_REDUNDANCY_NOT_MET. Already offline is fine.
absl::Status Apply(Edit& edit, const Name& target, const OfflineInterface& op);
// Takes it back. Errors: INTERFACE_NOT_IN_GROUP, INTERFACE_NOT_OFFLINE.
absl::Status Apply(Edit& edit, const Name& target, const OnlineInterface& op);

}  // namespace netstackd::core::health

#endif  // NETSTACKD_CORE_HEALTH_POLICY_H_
