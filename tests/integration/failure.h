// An error as it came over the wire, taken apart.
#ifndef NETSTACKD_TESTS_INTEGRATION_FAILURE_H_
#define NETSTACKD_TESTS_INTEGRATION_FAILURE_H_

#include <map>
#include <string>
#include <vector>

#include "grpcpp/support/status.h"

namespace netstackd::integration {

// What came back, error details taken apart.
struct Failure {
  grpc::Status status;
  std::string reason;  // of ErrorInfo; empty if there is none
  std::string domain;
  std::map<std::string, std::string> metadata;
  std::vector<std::string> fields;    // of BadRequest
  std::vector<std::string> blockers;  // types of PreconditionFailure
  bool has_retry_info = false;
};
Failure TakeApart(const grpc::Status& status);

}  // namespace netstackd::integration

#endif  // NETSTACKD_TESTS_INTEGRATION_FAILURE_H_
