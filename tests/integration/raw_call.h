// Calls by name, with bytes: for tests that walk descriptors.
#ifndef NETSTACKD_TESTS_INTEGRATION_RAW_CALL_H_
#define NETSTACKD_TESTS_INTEGRATION_RAW_CALL_H_

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "grpcpp/grpcpp.h"

namespace netstackd::integration {

// Sends one message and reads until the end; `*answer` is the last message that came. For unary
// and server-streaming methods that end.
grpc::Status RawCall(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                     const std::string& request, std::string* answer);

// For every kind of stream: sends all `requests`, reads until the end, until `answers_max` messages
// have come, or until none came for `patience`; a call that has not ended then is cancelled.
grpc::Status BriefCall(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                       const std::vector<std::string>& requests, std::size_t answers_max,
                       std::chrono::milliseconds patience, std::vector<std::string>* answers);

}  // namespace netstackd::integration

#endif  // NETSTACKD_TESTS_INTEGRATION_RAW_CALL_H_
