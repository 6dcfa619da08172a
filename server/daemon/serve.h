// The server from start to stop.
#ifndef NETSTACKD_SERVER_DAEMON_SERVE_H_
#define NETSTACKD_SERVER_DAEMON_SERVE_H_

#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "server/daemon/options.h"
#include "server/executor/options.h"
#include "storage/journal.h"

namespace netstackd::daemon {

// What another program may exchange. Empty: what the product has.
struct Parts {
  // Gets the open journal and returns the one to be used, which as a rule owns the other.
  std::function<std::unique_ptr<storage::Journal>(std::unique_ptr<storage::Journal>)> journal;
  // Changes options that have no flag.
  std::function<void(executor::Options*)> executor;
};

// Opens the journal, recovers, listens; on SIGTERM or SIGINT stops within the deadline. The signals
// are blocked already.
absl::Status RunServer(const Serve& options, const Parts& parts);

}  // namespace netstackd::daemon

#endif  // NETSTACKD_SERVER_DAEMON_SERVE_H_
