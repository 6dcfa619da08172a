#include "server/executor/endings.h"

#include "base/error.h"

namespace netstackd::executor {

absl::Status ServerStops(const std::string& then) {
  return MakeError(ErrorReason::kServerDraining, "the server is stopping; " + then);
}

absl::Status CallerGone() {
  return MakeError(ErrorReason::kOperationCancelled, "the caller is gone");
}

}  // namespace netstackd::executor
