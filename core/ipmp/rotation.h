// Round robin over the active interfaces of a group side, in the order of activation.
#ifndef NETSTACKD_CORE_IPMP_ROTATION_H_
#define NETSTACKD_CORE_IPMP_ROTATION_H_

#include "absl/status/statusor.h"
#include "base/status_macros.h"
#include "core/edit.h"

namespace netstackd::core::ipmp {

// The interface `next` points at; `next` moves on. A zero uid if none is active.
// Source  illumos ipmp.c, ipmp_illgrp_next_ill().
InterfaceUid TakeNext(Edit& edit, GroupUid group, Family family);

// Errors: GROUP_NOT_FOUND, FAMILY_MISSING.
absl::StatusOr<InterfaceUid> Apply(Edit& edit, const Name& target, const NextInterface& op);

}  // namespace netstackd::core::ipmp

#endif  // NETSTACKD_CORE_IPMP_ROTATION_H_
