// Unix sockets of the listeners.
#ifndef NETSTACKD_SERVER_DAEMON_SOCKETS_H_
#define NETSTACKD_SERVER_DAEMON_SOCKETS_H_

#include <string>

#include "absl/status/status.h"

namespace netstackd::daemon {

// gRPC takes the place of a socket file that is there, whoever listens on it. Errors:
// STORAGE_UNAVAILABLE if somebody does, or if something else lies at `path`.
absl::Status CheckSocketPath(const std::string& path);

// While it lives, sockets are made with mode 0660. The mask is that of the whole process: nothing
// else may make files meanwhile.
class SocketModeScope {
 public:
  SocketModeScope();
  ~SocketModeScope();
  SocketModeScope(const SocketModeScope&) = delete;
  SocketModeScope& operator=(const SocketModeScope&) = delete;

 private:
  const unsigned old_;
};

}  // namespace netstackd::daemon

#endif  // NETSTACKD_SERVER_DAEMON_SOCKETS_H_
