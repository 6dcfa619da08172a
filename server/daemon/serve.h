// The server from start to stop.
#ifndef NETSTACKD_SERVER_DAEMON_SERVE_H_
#define NETSTACKD_SERVER_DAEMON_SERVE_H_

#include "absl/status/status.h"
#include "server/daemon/options.h"

namespace netstackd::daemon {

// Opens the journal, recovers, listens; on SIGTERM or SIGINT stops within the deadline. The signals
// are blocked already.
absl::Status RunServer(const Serve& options);

}  // namespace netstackd::daemon

#endif  // NETSTACKD_SERVER_DAEMON_SERVE_H_
