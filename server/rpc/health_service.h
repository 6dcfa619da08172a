// Whether the process, the store and the services can be used.
#ifndef NETSTACKD_SERVER_RPC_HEALTH_SERVICE_H_
#define NETSTACKD_SERVER_RPC_HEALTH_SERVICE_H_

#include <map>
#include <memory>
#include <set>
#include <string>

#include "base/mutex.h"
#include "grpc/health/v1/health.pb.h"
#include "server/transport/method_table.h"

namespace netstackd::rpc {

// grpc.health.v1.Health. Everybody may ask, also a server that stops.
// Thread-safe.
class HealthService final {
 public:
  using Status = grpc::health::v1::HealthCheckResponse::ServingStatus;

  // The handlers, which live as long as this.
  void Register(transport::MethodTable* methods);

  // From the first time on `service` is known; whoever watches it is told.
  void Set(const std::string& service, bool serving);
  // Ends all watches, now and from now on: the server stops.
  void EndWatches();

 private:
  class Watcher;

  void Check(transport::UnaryCall* call, const grpc::health::v1::HealthCheckRequest* request,
             grpc::health::v1::HealthCheckResponse* response);
  void Watch(transport::StreamCall* call, const grpc::health::v1::HealthCheckRequest& request);
  Status StatusOf(const std::string& service) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void Remove(Watcher* watcher);

  Mutex mu_;
  std::map<std::string, Status> statuses_ ABSL_GUARDED_BY(mu_);
  std::set<std::shared_ptr<Watcher>> watchers_ ABSL_GUARDED_BY(mu_);
  bool ended_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace netstackd::rpc

#endif  // NETSTACKD_SERVER_RPC_HEALTH_SERVICE_H_
