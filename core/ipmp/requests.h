// What clients ask for as whole objects, made of the steps of the original.
#ifndef NETSTACKD_CORE_IPMP_REQUESTS_H_
#define NETSTACKD_CORE_IPMP_REQUESTS_H_

#include "absl/status/status.h"
#include "core/edit.h"

namespace netstackd::core::ipmp {

absl::Status Apply(Edit& edit, const Name& target, const UpdateGroup& op);
absl::Status Apply(Edit& edit, const Name& target, const DeleteGroup& op, Result& result);

absl::Status Apply(Edit& edit, const Name& target, const CreateInterface& op);
absl::Status Apply(Edit& edit, const Name& target, const UpdateInterface& op);
absl::Status Apply(Edit& edit, const Name& target, const DeleteInterface& op, Result& result);
// Joins ipadm's way: own addresses down, vet, join, up again. `group` empty: leaves.
absl::Status ChangeMembership(Edit& edit, const Name& target, const std::string& group);

absl::Status Apply(Edit& edit, const Name& target, const CreateAddress& op, Result& result);
absl::Status Apply(Edit& edit, const Name& target, const UpdateAddress& op);
absl::Status Apply(Edit& edit, const Name& target, const DeleteAddress& op, Result& result);

absl::Status Apply(Edit& edit, const Name& target, const ReportInterface& op, Result& result);

// BringUp, BringDown of a group, an interface or an address; remembers what was asked.
absl::Status SetUp(Edit& edit, const Name& target, std::optional<Family> family, bool up);

}  // namespace netstackd::core::ipmp

#endif  // NETSTACKD_CORE_IPMP_REQUESTS_H_
