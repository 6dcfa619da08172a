// What a table of fields cannot say: fields that must agree with each other.
#ifndef NETSTACKD_SERVER_CODEC_API_CHECKS_H_
#define NETSTACKD_SERVER_CODEC_API_CHECKS_H_

#include <functional>
#include <string>

#include "google/protobuf/message.h"
#include "server/codec/api_problems.h"

namespace netstackd::codec {

// Checks one message, not those below it; `prefix` is its path with a final dot, or empty. Fields
// that are wrong by themselves are passed over.
using CheckFunction = std::function<void(const google::protobuf::Message& message,
                                         const std::string& prefix, Problems* problems)>;

// Null if there is nothing to check in messages of this type.
const CheckFunction* FindCheck(const google::protobuf::Descriptor& type);

}  // namespace netstackd::codec

#endif  // NETSTACKD_SERVER_CODEC_API_CHECKS_H_
