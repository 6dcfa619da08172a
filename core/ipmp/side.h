// Finding one address family of a group or an interface by name.
#ifndef NETSTACKD_CORE_IPMP_SIDE_H_
#define NETSTACKD_CORE_IPMP_SIDE_H_

#include "absl/status/statusor.h"
#include "base/status_macros.h"
#include "core/edit.h"
#include "core/ipmp/refuse.h"
#include "core/queries.h"

namespace netstackd::core::ipmp {

// T is Group or Interface. Errors: GROUP_NOT_FOUND or INTERFACE_NOT_FOUND; FAMILY_MISSING.
template <typename T>
absl::StatusOr<decltype(T::uid)> FindSide(const Edit& edit, const Name& target, Family family) {
  const T* found = nullptr;
  if constexpr (std::is_same_v<T, Group>) {
    NSD_ASSIGN_OR_RETURN(found, GetGroup(edit.state(), target));
  } else {
    NSD_ASSIGN_OR_RETURN(found, GetInterface(edit.state(), target));
  }
  if (!found->sides[IndexOf(family)]) {
    return Refuse(ErrorReason::kFamilyMissing, "EAFNOSUPPORT", target,
                  "it lacks this address family", {{"family", NameOf(family)}});
  }
  return found->uid;
}

}  // namespace netstackd::core::ipmp

#endif  // NETSTACKD_CORE_IPMP_SIDE_H_
