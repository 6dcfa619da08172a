// Requests and answers of any call, as messages.
#ifndef NETSTACKD_TESTS_CRASH_CALL_H_
#define NETSTACKD_TESTS_CRASH_CALL_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "netstackd/stub.h"
#include "netstackd/v1/address.pb.h"
#include "netstackd/v1/common.pb.h"
#include "netstackd/v1/group.pb.h"
#include "netstackd/v1/interface.pb.h"

namespace netstackd::crash {

// One request, to be sent as often as it takes.
struct Call {
  std::string method;  // a path such as "/netstackd.v1.IpmpService/CreateGroup"
  std::shared_ptr<const google::protobuf::Message> request;
  const google::protobuf::Message* answer = nullptr;  // the default instance of its type
};

template <typename Response, typename Request>
Call MakeCall(const std::string& method, const Request& request) {
  return {"/netstackd.v1." + method, std::make_shared<Request>(request),
          &Response::default_instance()};
}

using Answer = std::unique_ptr<google::protobuf::Message>;

// One attempt.
absl::StatusOr<Answer> Send(const Call& call, Stub* stub);
// Nobody knows whether it was done: no answer, or one that says so.
bool IsOutage(const absl::Status& status);

// The part `result` of the answer of a mutation.
const v1::WriteResult& ResultOf(const google::protobuf::Message& answer);
// The same bytes for the same content.
std::string BytesOf(const google::protobuf::Message& message);
// BytesOf an answer that is not a repeated one.
std::string FirstBytesOf(const google::protobuf::Message& answer);

// A group, an interface or an address as it was at one revision.
struct Image {
  std::string name;
  std::int64_t update_revision = 0;
  std::string etag;
  std::string bytes;
};
// `bytes` lacks what the server counts from other objects when it is asked.
Image ImageOf(v1::Group group);
Image ImageOf(v1::Interface ip_interface);
Image ImageOf(const v1::Address& address);
// The object in the answer of a mutation, if there is one.
std::optional<Image> ImageIn(const google::protobuf::Message& answer);

// For people: the object of this name and bytes.
std::string TextOf(const std::string& name, const std::string& bytes);

// A UUID, version 4, of these two numbers.
std::string RequestIdOf(std::uint64_t high, std::uint64_t low);

}  // namespace netstackd::crash

#endif  // NETSTACKD_TESTS_CRASH_CALL_H_
