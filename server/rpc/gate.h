// The one door every call of ours comes through.
#ifndef NETSTACKD_SERVER_RPC_GATE_H_
#define NETSTACKD_SERVER_RPC_GATE_H_

#include <atomic>
#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "grpcpp/server_context.h"
#include "server/rpc/authorization.h"
#include "server/rpc/caller.h"

namespace netstackd::rpc {

// Thread-safe.
class Gate {
 public:
  explicit Gate(std::span<const AccessRow> table) : table_(table) {}

  // Errors: PERMISSION_DENIED; SERVER_DRAINING from Close on.
  absl::StatusOr<Caller> Admit(const grpc::ServerContext& context, const std::string& method) const;
  void Close() { open_ = false; }

 private:
  const std::span<const AccessRow> table_;
  std::atomic<bool> open_{true};
};

}  // namespace netstackd::rpc

#endif  // NETSTACKD_SERVER_RPC_GATE_H_
