// Watches over gRPC.
#ifndef NETSTACKD_SERVER_RPC_WATCH_SERVICE_H_
#define NETSTACKD_SERVER_RPC_WATCH_SERVICE_H_

#include "netstackd/v1/watch.pb.h"
#include "server/rpc/backend.h"
#include "server/transport/method_table.h"
#include "server/watch/hub.h"

namespace netstackd::rpc {

// Thread-safe; no call blocks. Answers are raw bytes: what many watchers get is encoded once, and
// shared down to the socket.
class WatchService final {
 public:
  // The hub outlives every call.
  WatchService(const Backend& backend, watch::Hub* hub) : backend_(backend), hub_(hub) {}

  // The handlers, which live as long as this.
  void Register(transport::MethodTable* methods);

 private:
  void Watch(transport::StreamCall* call, const v1::WatchRequest& request);

  const Backend backend_;
  watch::Hub* const hub_;
};

// What the hub is to be asked for; `request` passed validation.
// Errors: INVALID_FILTER.
absl::StatusOr<watch::WatchRequest> ToWatchRequest(const v1::WatchRequest& request);

}  // namespace netstackd::rpc

#endif  // NETSTACKD_SERVER_RPC_WATCH_SERVICE_H_
