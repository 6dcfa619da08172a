// What a table of fields cannot say: fields that must agree with each other.
#ifndef NETSTACKD_SERVER_CODEC_API_CHECKS_H_
#define NETSTACKD_SERVER_CODEC_API_CHECKS_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "google/protobuf/message.h"
#include "server/codec/api_problems.h"

namespace netstackd::codec {

// Checks one message, not those below it; `prefix` writes out its path with a final dot, or
// nothing. Fields that are wrong by themselves are passed over.
void CheckTogether(const google::protobuf::Message& message,
                   absl::FunctionRef<std::string()> prefix, Problems* problems);

}  // namespace netstackd::codec

#endif  // NETSTACKD_SERVER_CODEC_API_CHECKS_H_
