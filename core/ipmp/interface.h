// Interfaces: plumbing, the auto address, flags, hardware address.
#ifndef NETSTACKD_CORE_IPMP_INTERFACE_H_
#define NETSTACKD_CORE_IPMP_INTERFACE_H_

#include "absl/status/status.h"
#include "core/edit.h"

namespace netstackd::core::ipmp {

absl::Status Apply(Edit& edit, const Name& target, const PlumbInterface& op);
// A new side of a member joins its group without being vetted; if the group lacks the family the
// change is refused (the original puts the interface out of its group without a word).
absl::Status Apply(Edit& edit, const Name& target, const PlumbFamily& op);
absl::Status RemoveInterfaceFamily(Edit& edit, const Name& target, Family family);
absl::Status Apply(Edit& edit, const Name& target, const UnplumbInterface& op);
// The auto address of one side or of all.
absl::Status SetAutoAddress(Edit& edit, const Name& target, std::optional<Family> family, bool up);
absl::Status Apply(Edit& edit, const Name& target, const SetFlags& op);
// Takes over flags that are known to fit each other, and looks at the activity of both sides.
void PutFlags(Edit& edit, InterfaceUid interface, const InterfaceFlags& flags);
absl::Status Apply(Edit& edit, const Name& target, const SetHardwareAddress& op);

// Takes all addresses of a side down, in slot order, and tells which were up.
std::vector<AddressUid> DropAllOwn(Edit& edit, InterfaceUid interface, Family family);
// A new side, with what is known of its link.
InterfaceSide NewSide(const Interface& interface, Family family);

}  // namespace netstackd::core::ipmp

#endif  // NETSTACKD_CORE_IPMP_INTERFACE_H_
