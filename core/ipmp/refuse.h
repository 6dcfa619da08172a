// Refusals of the rules: a reason, the resource, and the errno the original gives.
#ifndef NETSTACKD_CORE_IPMP_REFUSE_H_
#define NETSTACKD_CORE_IPMP_REFUSE_H_

#include <string>

#include "absl/status/status.h"
#include "base/error.h"
#include "core/command.h"

namespace netstackd::core::ipmp {

// `errno_name` such as "EBUSY"; it ends up in metadata `errno`, the target in `resource`.
inline absl::Status Refuse(ErrorReason reason, const char* errno_name, const Name& target,
                           const std::string& message, Metadata metadata = {}) {
  metadata["errno"] = errno_name;
  metadata["resource"] = ToString(target);
  return MakeError(reason, message, std::move(metadata));
}

}  // namespace netstackd::core::ipmp

#endif  // NETSTACKD_CORE_IPMP_REFUSE_H_
