// Where the server may listen.
#ifndef NETSTACKD_SERVER_RPC_LISTENER_H_
#define NETSTACKD_SERVER_RPC_LISTENER_H_

#include <string>

#include "absl/status/statusor.h"

namespace netstackd::rpc {

struct Listener {
  std::string text;  // as it was asked for
  std::string path;  // of a unix socket; empty: TCP
  std::string host;  // numeric, of TCP
  int port = 0;      // of TCP; 0: any

  // What gRPC is told: "unix:PATH" or "HOST:PORT".
  std::string Target() const;
  // What a client is told; `real_port` as gRPC gave it.
  std::string Address(int real_port) const;
};

// "unix:PATH", "tcp:127.0.0.1:PORT" or "tcp:[::1]:PORT".
//
// Errors  INVALID_REQUEST if the text is something else, the path does not fit into a socket
//         address (107 bytes), or the host is not a numeric loopback address: without mutual TLS
//         this server must not face a network.
absl::StatusOr<Listener> ParseListener(const std::string& text);

}  // namespace netstackd::rpc

#endif  // NETSTACKD_SERVER_RPC_LISTENER_H_
