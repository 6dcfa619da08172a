// Every mutating call below gRPC: its request, what it becomes, and what is answered.
#ifndef NETSTACKD_TESTS_FUZZ_MUTATIONS_H_
#define NETSTACKD_TESTS_FUZZ_MUTATIONS_H_

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/apply.h"
#include "core/command.h"
#include "core/state.h"
#include "google/protobuf/message.h"
#include "server/codec/api_answers.h"

namespace netstackd::fuzz {

// The functions take requests of the type that `make` makes; the latter two only valid ones.
struct MutationKind {
  std::unique_ptr<google::protobuf::Message> (*make)();
  bool (*validate_only)(const google::protobuf::Message& request);
  core::Transaction (*translate)(const google::protobuf::Message& request);
  std::unique_ptr<google::protobuf::Message> (*answer)(const google::protobuf::Message& request,
                                                       const core::State& state,
                                                       const core::Transition& transition,
                                                       const codec::Written& written);
};

// The deltas that the requests of world.h lead to, one list for each, as the journal keeps them.
std::vector<std::string> WorldDeltas();

// All of them; the process ends if a service has another one that is not streaming.
std::span<const MutationKind> Mutations();
// By the name of its method.
const MutationKind& MutationOf(const std::string& method);

}  // namespace netstackd::fuzz

#endif  // NETSTACKD_TESTS_FUZZ_MUTATIONS_H_
