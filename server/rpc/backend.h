// What all services stand on.
#ifndef NETSTACKD_SERVER_RPC_BACKEND_H_
#define NETSTACKD_SERVER_RPC_BACKEND_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "server/executor/executor.h"
#include "server/rpc/gate.h"
#include "server/rpc/gatherer.h"
#include "server/rpc/open_streams.h"
#include "server/rpc/worker.h"

namespace netstackd::rpc {

class NameHistory;

// Borrowed; everything outlives the services and every call.
struct Backend {
  executor::Executor* executor = nullptr;
  Gate* gate = nullptr;
  Worker* worker = nullptr;
  NameHistory* names = nullptr;
  OpenStreams* streams = nullptr;
  Gatherer* changes = nullptr;
};

// REVISION_IN_FUTURE if a caller wants a state at least as new as `wanted` and the store has only
// come to `revision`: with one server there is nothing to wait for.
absl::Status CheckRevision(const Backend& backend, std::int64_t wanted, std::int64_t revision);

}  // namespace netstackd::rpc

#endif  // NETSTACKD_SERVER_RPC_BACKEND_H_
