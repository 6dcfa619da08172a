// Groups and their address families.
#ifndef NETSTACKD_CORE_IPMP_GROUP_H_
#define NETSTACKD_CORE_IPMP_GROUP_H_

#include "absl/status/status.h"
#include "core/edit.h"

namespace netstackd::core::ipmp {

// A new group without members. Errors, in order: GROUP_EXISTS (the name is that of an interface, of
// a group interface, or of a renamed group), QUOTA_EXCEEDED, RESOURCE_EXHAUSTED.
absl::Status Apply(Edit& edit, const Name& target, const CreateGroup& op);
absl::Status Apply(Edit& edit, const Name& target, const RenameGroup& op);
absl::Status Apply(Edit& edit, const Name& target, const AddFamily& op);
// Of a group: nothing of the side may be up, duplicate or a member.
absl::Status RemoveGroupFamily(Edit& edit, const Name& target, Family family);
absl::Status Apply(Edit& edit, const Name& target, const DestroyGroup& op);

}  // namespace netstackd::core::ipmp

#endif  // NETSTACKD_CORE_IPMP_GROUP_H_
