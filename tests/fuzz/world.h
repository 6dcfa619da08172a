// The state every sequence of requests begins with, and the laws of what requests get.
#ifndef NETSTACKD_TESTS_FUZZ_WORLD_H_
#define NETSTACKD_TESTS_FUZZ_WORLD_H_

#include <memory>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "base/error.h"
#include "google/protobuf/message.h"

namespace netstackd::fuzz {

// Method of IpmpService, and its request in text form.
struct WorldRequest {
  const char* method;
  const char* request;
};
// In this order they make: g0 with three members (the last a standby) and addresses of both
// families, g1 with one member, an interface in no group with an address of its own, an ARP entry.
std::span<const WorldRequest> WorldRequests();

// A message of a generated type, by its descriptor; from text form, which must be right.
std::unique_ptr<google::protobuf::Message> NewMessage(const google::protobuf::Descriptor* type);
void ParseText(const std::string& text, google::protobuf::Message* message);
// "IpmpService.CreateGroup", as docs/errors.md calls it.
std::string CallOf(const std::string& full_method);

// The law of refusals: a reason that is documented for the call, and is not a bug of ours.
void RequireDocumented(const std::string& call, ErrorReason reason, const std::string& message);
void RequireDocumented(const std::string& call, const absl::Status& refusal);

}  // namespace netstackd::fuzz

#endif  // NETSTACKD_TESTS_FUZZ_WORLD_H_
