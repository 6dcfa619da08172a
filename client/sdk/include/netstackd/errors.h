// Errors as the SDK returns them.
//
// An error of the server is an absl::Status with a reason: ReasonOf(status) and DetailsOf(status)
// of base/error.h answer reason, metadata, wrong fields and blockers. Decide by the reason, never
// by the message. An error without a reason comes from the transport: UNAVAILABLE if the server
// cannot be reached, DEADLINE_EXCEEDED if it did not answer in time (a mutation may have been done;
// the same request id sent again finds out).
#ifndef NETSTACKD_ERRORS_H_
#define NETSTACKD_ERRORS_H_

#include <optional>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/error.h"

namespace netstackd {

// How long the server asked to wait before the call is repeated; nullopt: it did not ask.
std::optional<absl::Duration> RetryDelayOf(const absl::Status& status);

}  // namespace netstackd

#endif  // NETSTACKD_ERRORS_H_
