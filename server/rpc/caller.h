// Who calls.
#ifndef NETSTACKD_SERVER_RPC_CALLER_H_
#define NETSTACKD_SERVER_RPC_CALLER_H_

#include <string>

#include "server/rpc/authorization.h"

namespace netstackd::rpc {

struct Caller {
  std::string principal;   // never empty
  std::string peer;        // as gRPC names it
  std::string user_agent;  // printable ASCII, at most 255 bytes
  Role role = Role::kNone;
};

// `peer` as grpc::ServerContext::peer() gives it. Over a unix socket the principal is "local", over
// loopback "loopback:<ip>": whoever can reach the server at all is let in as an administrator, for
// the socket has permissions of its own, and the listener refuses everything beyond loopback.
// Anybody else is "unknown:<peer>" and has no role.
Caller IdentifyCaller(const std::string& peer, const std::string& user_agent);

}  // namespace netstackd::rpc

#endif  // NETSTACKD_SERVER_RPC_CALLER_H_
