#include "server/rpc/caller.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace netstackd::rpc {
namespace {

constexpr std::size_t kUserAgentMax = 255;
constexpr std::size_t kPeerMax = 255;

// "ipv4:127.0.0.1:5" -> "127.0.0.1"; "ipv6:%5B::1%5D:5" -> "::1"; empty if it is neither.
std::string_view IpOf(std::string_view peer) {
  const std::size_t port = peer.rfind(':');
  if (peer.starts_with("ipv4:") && port > 5) return peer.substr(5, port - 5);
  constexpr std::pair<std::string_view, std::string_view> kBrackets[] = {{"ipv6:%5B", "%5D"},
                                                                         {"ipv6:[", "]"}};
  for (const auto& [open, close] : kBrackets) {
    const std::size_t end = peer.find(close);
    if (peer.starts_with(open) && end != std::string_view::npos) {
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
  const std::string_view ip = IpOf(peer);
  if (peer.starts_with("unix:") || peer == "unix") {
    caller.principal = "local";
    caller.role = Role::kAdmin;
  } else if (ip.starts_with("127.") || ip == "::1") {
    caller.principal = "loopback:" + std::string(ip);
    caller.role = Role::kAdmin;
  } else {
    caller.principal = "unknown:" + caller.peer;
  }
  return caller;
}

}  // namespace netstackd::rpc
