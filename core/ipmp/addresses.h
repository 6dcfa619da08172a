// Addresses of groups and interfaces.
#ifndef NETSTACKD_CORE_IPMP_ADDRESSES_H_
#define NETSTACKD_CORE_IPMP_ADDRESSES_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/edit.h"

namespace netstackd::core::ipmp {

// Returns the uid of the new address, which is down. Errors, in order: those of the side;
// FIELD_INVALID, ADDRESS_EXISTS, QUOTA_EXCEEDED, NOT_AN_IPMP_INTERFACE (test address on a group),
// APP_MANAGED_DATA_ADDRESS.
absl::StatusOr<AddressUid> Add(Edit& edit, const Name& owner, const AddAddress& op);
// A data address of a member moves to the group first, but link-local ones.
absl::Status Raise(Edit& edit, const Name& target);
absl::Status Drop(Edit& edit, const Name& target);
absl::Status Apply(Edit& edit, const Name& target, const RemoveAddress& op);
absl::Status Apply(Edit& edit, const Name& target, const SetTestAddress& op);
absl::Status Apply(Edit& edit, const Name& target, const ReportConflict& op);
// The zero address of the IPv4 side of a group.
absl::Status SetZeroAddress(Edit& edit, const Name& target, std::optional<Family> family, bool up);

}  // namespace netstackd::core::ipmp

#endif  // NETSTACKD_CORE_IPMP_ADDRESSES_H_
