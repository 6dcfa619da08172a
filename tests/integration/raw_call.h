// Calls by name, with bytes: for tests that walk descriptors.
#ifndef NETSTACKD_TESTS_INTEGRATION_RAW_CALL_H_
#define NETSTACKD_TESTS_INTEGRATION_RAW_CALL_H_

#include <memory>
#include <string>

#include "grpcpp/grpcpp.h"

namespace netstackd::integration {

// Sends one message and reads until the end; `*answer` is the last message that came. For unary
// and server-streaming methods.
grpc::Status RawCall(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                     const std::string& request, std::string* answer);

}  // namespace netstackd::integration

#endif  // NETSTACKD_TESTS_INTEGRATION_RAW_CALL_H_
