// From the errors of the wire to ours. The inverse of what the server does.
#ifndef NETSTACKD_CLIENT_SDK_ERROR_MAPPING_H_
#define NETSTACKD_CLIENT_SDK_ERROR_MAPPING_H_

#include <string>

#include "absl/status/status.h"

namespace netstackd::sdk {

// `code` and `message` are those of the transport; `details` is a serialised google.rpc.Status
// (grpc-status-details-bin), may be empty.
// Returns  OK for code 0; with an ErrorInfo of domain "netstackd" an error of base/error.h with
//          reason, metadata, fields and blockers; otherwise the plain code. A reason that this
//          library does not know (of a newer server) keeps code and message, with the reason's name
//          in brackets behind it. A RetryInfo becomes RetryDelayOf.
absl::Status StatusFromWire(int code, const std::string& message, const std::string& details);

}  // namespace netstackd::sdk

#endif  // NETSTACKD_CLIENT_SDK_ERROR_MAPPING_H_
