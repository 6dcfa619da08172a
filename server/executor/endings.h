// How calls end that nobody did wrong: one wording each.
#ifndef NETSTACKD_SERVER_EXECUTOR_ENDINGS_H_
#define NETSTACKD_SERVER_EXECUTOR_ENDINGS_H_

#include <string>

#include "absl/status/status.h"

namespace netstackd::executor {

// SERVER_DRAINING, with what the caller may do instead.
absl::Status ServerStops(const std::string& then = "try again elsewhere");
// OPERATION_CANCELLED.
absl::Status CallerGone();

}  // namespace netstackd::executor

#endif  // NETSTACKD_SERVER_EXECUTOR_ENDINGS_H_
