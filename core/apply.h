// Decides: what a transaction changes, or why it is refused. Pure and deterministic.
#ifndef NETSTACKD_CORE_APPLY_H_
#define NETSTACKD_CORE_APPLY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/command.h"
#include "core/delta.h"
#include "core/state.h"

namespace netstackd::core {

class Hooks;  // core/hooks.h
class Trace;  // core/trace.h

// Bounds on what may exist; 0: none. Reaching one is QUOTA_EXCEEDED, metadata `limit` names it.
struct Limits {
  std::uint32_t groups_per_zone = 1024;
  std::uint32_t interfaces_per_zone = 65536;
  std::uint32_t members_per_group = 64;
  std::uint32_t addresses_per_group = 65536;
  std::uint32_t addresses_per_interface = 1024;
  std::uint32_t arp_entries_per_group = 1024;
};

// Everything a decision needs beside the state. Time, ids and order come from here only.
struct Context {
  std::int64_t revision = 0;  // the transaction's, if it is accepted; uids and orders begin with it
  absl::Time now;
  Limits limits;
  Hooks* hooks = nullptr;  // what the world does to the rules; null: nothing fails
  Trace* trace = nullptr;  // told every effect in order; null: nobody listens
};

// What one command found out beside what it changed.
struct Result {
  std::optional<std::uint32_t> slot;   // AddAddress, CreateAddress
  std::optional<InterfaceUid> chosen;  // NextInterface; a zero uid: none is active
  bool missing = false;                // allow_missing, and it was not there
  std::vector<std::string> warnings;
};

struct Transition {
  std::vector<Delta> deltas;    // net: one per object that differs, in the order of first touch
  std::vector<Result> results;  // one per command
};

// On success `state` already holds the deltas. On an error it is as it was, and the error carries
// metadata `operation` (index of the failing command) if there are several.
absl::StatusOr<Transition> Apply(State& state, const Transaction& transaction,
                                 const Context& context);

// Takes the deltas of the newest transition back out of `state`.
void Unfold(State& state, const std::vector<Delta>& deltas);

// "<uid>-<generation>".
template <typename T>
std::string EtagOf(const T& object) {
  return std::to_string(object.uid.value()) + "-" + std::to_string(object.meta.generation);
}

// The invariants that do not hold, each as "I<n>: what"; empty if all is well. Cost: O(state).
std::vector<std::string> CheckInvariants(const State& state);

}  // namespace netstackd::core

#endif  // NETSTACKD_CORE_APPLY_H_
