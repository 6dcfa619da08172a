// What a table of fields cannot say: fields that must agree with each other.
#ifndef NETSTACKD_SERVER_CODEC_API_CHECKS_H_
#define NETSTACKD_SERVER_CODEC_API_CHECKS_H_

#include <string>

#include "google/protobuf/message.h"
#include "server/codec/api_problems.h"

namespace netstackd::codec {

// Checks one message, not those below it; `prefix` is its path with a final dot, or empty.
// Fields that are wrong by themselves are passed over.
void CheckTogether(const google::protobuf::Message& message, const std::string& prefix,
                   Problems* problems);

}  // namespace netstackd::codec

#endif  // NETSTACKD_SERVER_CODEC_API_CHECKS_H_
