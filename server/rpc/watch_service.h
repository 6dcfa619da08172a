// Watches over gRPC.
#ifndef NETSTACKD_SERVER_RPC_WATCH_SERVICE_H_
#define NETSTACKD_SERVER_RPC_WATCH_SERVICE_H_

#include "grpcpp/support/byte_buffer.h"
#include "netstackd/v1/watch.grpc.pb.h"
#include "server/rpc/backend.h"
#include "server/watch/hub.h"

namespace netstackd::rpc {

// Thread-safe; no call blocks. Requests and answers are raw bytes: what many watchers get is
// encoded once, and shared down to the socket.
class WatchService final
    : public v1::WatchService::WithRawCallbackMethod_Watch<v1::WatchService::Service> {
 public:
  // The hub outlives every call.
  WatchService(const Backend& backend, watch::Hub* hub) : backend_(backend), hub_(hub) {}

  grpc::ServerWriteReactor<grpc::ByteBuffer>* Watch(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request) override;

 private:
  const Backend backend_;
  watch::Hub* const hub_;
};

// What the hub is to be asked for; `request` passed validation.
// Errors: INVALID_FILTER.
absl::StatusOr<watch::WatchRequest> ToWatchRequest(const v1::WatchRequest& request);

}  // namespace netstackd::rpc

#endif  // NETSTACKD_SERVER_RPC_WATCH_SERVICE_H_
