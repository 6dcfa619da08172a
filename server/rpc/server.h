// The services, listening.
#ifndef NETSTACKD_SERVER_RPC_SERVER_H_
#define NETSTACKD_SERVER_RPC_SERVER_H_

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/executor/executor.h"
#include "server/rpc/authorization.h"
#include "server/rpc/listener.h"
#include "server/watch/options.h"

namespace netstackd::rpc {

struct ServerOptions {
  std::vector<Listener> listeners;
  std::string version;
  std::string scratch_dir;     // for backups that are being streamed
  executor::Options executor;  // the limits in force, for GetServerInfo
  watch::Options watch;
  std::span<const AccessRow> access = AccessTable();
};

// Ownership  Borrows the executor, which outlives it.
// Threads    Stop and Close from any thread; transport::CallServer has its own; there is one
// worker. Order      Stop, in this order: new calls get SERVER_DRAINING and health says
// NOT_SERVING; the
//            executor answers what waits; watches end, to be resumed elsewhere; connections are
//            closed when their calls are answered, or cut at the deadline.
class Server {
 public:
  // Errors: STORAGE_UNAVAILABLE if an address cannot be listened on; it is named.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const ServerOptions& options,
                                                       executor::Executor* executor);
  ~Server();  // as Stop(absl::ZeroDuration())

  // Where clients connect, in the order of the listeners: "unix:PATH", "127.0.0.1:PORT".
  const std::vector<std::string>& addresses() const;

  // New calls are refused from now on.
  void Close();
  // Close, Executor::Stop, and the end of all connections, within `deadline`. Idempotent.
  void Stop(absl::Duration deadline);

 private:
  class Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  const std::unique_ptr<Impl> impl_;
};

}  // namespace netstackd::rpc

#endif  // NETSTACKD_SERVER_RPC_SERVER_H_
