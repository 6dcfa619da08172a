#include "server/rpc/caller.h"

#include <algorithm>
#include <utility>

namespace netstackd::rpc {
namespace {

constexpr std::size_t kUserAgentMax = 255;
constexpr std::size_t kPeerMax = 255;

bool StartsWith(const std::string& text, const std::string& prefix) {
  return text.compare(0, prefix.size(), prefix) == 0;
}

// "ipv4:127.0.0.1:5" -> "127.0.0.1"; "ipv6:%5B::1%5D:5" -> "::1"; empty if it is neither.
std::string IpOf(const std::string& peer) {
  const std::size_t port = peer.rfind(':');
  if (StartsWith(peer, "ipv4:") && port > 5) return peer.substr(5, port - 5);
  for (const auto& [open, close] : {std::pair<std::string, std::string>("ipv6:%5B", "%5D"),
                                    std::pair<std::string, std::string>("ipv6:[", "]")}) {
    const std::size_t end = peer.find(close);
    if (StartsWith(peer, open) && end != std::string::npos) {
      return peer.substr(open.size(), end - open.size());
    }
  }
  return {};
}

}  // namespace

Caller IdentifyCaller(const std::string& peer, const std::string& user_agent) {
  Caller caller;
  caller.peer = peer.substr(0, kPeerMax);
  caller.user_agent = user_agent.substr(0, kUserAgentMax);
  std::replace_if(
      caller.user_agent.begin(), caller.user_agent.end(),
      [](char c) { return c < 0x20 || c > 0x7e; }, '?');
  const std::string ip = IpOf(peer);
  if (StartsWith(peer, "unix:") || peer == "unix") {
    caller.principal = "local";
    caller.role = Role::kAdmin;
  } else if (StartsWith(ip, "127.") || ip == "::1") {
    caller.principal = "loopback:" + ip;
    caller.role = Role::kAdmin;
  } else {
    caller.principal = "unknown:" + caller.peer;
  }
  return caller;
}

}  // namespace netstackd::rpc
