// The calls of the live target, with errors in the words of the vectors.
#ifndef NETSTACKD_TESTS_VECTORS_LIVE_CLIENT_H_
#define NETSTACKD_TESTS_VECTORS_LIVE_CLIENT_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "grpcpp/grpcpp.h"
#include "netstackd/v1/ipmp_service.grpc.pb.h"
#include "tests/vectors/scenario.h"

namespace netstackd::vectors {

// "OK", the errno in the details of an error, or "CODE REASON: message" if there is none.
std::string ErrnoOf(const grpc::Status& status);

inline std::string GroupName(const std::string& id) { return "zones/global/groups/" + id; }
inline std::string InterfaceName(const std::string& id) { return "zones/global/interfaces/" + id; }
// The full name of what a step is about.
std::string OwnerName(const Json& step);
std::string AddressName(const std::string& owner, const std::string& address);

class LiveClient {
 public:
  explicit LiveClient(const std::string& address)
      : stub_(v1::IpmpService::NewStub(
            grpc::CreateChannel(address, grpc::InsecureChannelCredentials()))) {}

  // Calls one method; `Method` is a blocking member of the stub.
  template <typename Response, typename Request>
  grpc::Status Call(grpc::Status (v1::IpmpService::Stub::*method)(grpc::ClientContext*,
                                                                  const Request&, Response*),
                    const Request& request, Response* response) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    return (stub_.get()->*method)(&context, request, response);
  }

  absl::StatusOr<std::vector<v1::Group>> Groups();
  absl::StatusOr<std::vector<v1::Interface>> Interfaces();
  absl::StatusOr<std::vector<v1::Address>> Addresses(const std::string& parent);

 private:
  std::unique_ptr<v1::IpmpService::Stub> stub_;
};

}  // namespace netstackd::vectors

#endif  // NETSTACKD_TESTS_VECTORS_LIVE_CLIENT_H_
