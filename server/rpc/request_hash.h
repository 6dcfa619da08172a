// What a request id stands for.
#ifndef NETSTACKD_SERVER_RPC_REQUEST_HASH_H_
#define NETSTACKD_SERVER_RPC_REQUEST_HASH_H_

#include <string>

#include "google/protobuf/message.h"
#include "server/executor/digest.h"

namespace netstackd::rpc {

using executor::Sha256;

// 64 lower-case hexadecimal digits for 32 bytes.
std::string Hex(const std::string& bytes);

// SHA-256 over the method and the deterministic bytes of `request`, which has no request id left
// in it: the same for two requests that ask for the same.
std::string HashOf(const std::string& method, const google::protobuf::Message& request);

}  // namespace netstackd::rpc

#endif  // NETSTACKD_SERVER_RPC_REQUEST_HASH_H_
