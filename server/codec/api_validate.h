// Whether a request can be understood: the syntax of its fields, whatever the state.
#ifndef NETSTACKD_SERVER_CODEC_API_VALIDATE_H_
#define NETSTACKD_SERVER_CODEC_API_VALIDATE_H_

#include "absl/status/status.h"
#include "google/protobuf/message.h"

namespace netstackd::codec {

// Applies the table of api_rules.h and the checks of api_checks.h to a request of netstackd.v1.
//
// Errors  INVALID_ARGUMENT with every wrong field in BadRequest: FIELD_INVALID, or what the first
//         wrong field has of its own: INVALID_REQUEST (a resource name), INVALID_GROUP_NAME,
//         INVALID_INTERFACE_NAME, ADDRESS_NOT_CANONICAL, DETECTION_TIME_TOO_SMALL,
//         MASK_PATH_UNKNOWN, FLAG_READ_ONLY.
// Cost    O(size of the request).
absl::Status Validate(const google::protobuf::Message& request);

}  // namespace netstackd::codec

#endif  // NETSTACKD_SERVER_CODEC_API_VALIDATE_H_
