#include "server/rpc/listener.h"

#include <charconv>

#include "base/error.h"
#include "core/types.h"

namespace netstackd::rpc {
namespace {

constexpr std::size_t kPathMax = 107;

absl::Status Refused(const std::string& text, const std::string& why) {
  return MakeError(ErrorReason::kInvalidRequest, "cannot listen on " + text + ": " + why,
                   {{"address", text}});
}

bool IsLoopback(const core::IpAddress& address) {
  if (address.family == core::Family::kIpv4) return address.bytes[0] == 127;
  core::IpAddress one{core::Family::kIpv6, {}};
  one.bytes[15] = 1;
  return address == one;
}

}  // namespace

std::string Listener::Target() const {
  if (!path.empty()) return "unix:" + path;
  const bool ipv6 = host.find(':') != std::string::npos;
  return (ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::string Listener::Address(int real_port) const {
  if (!path.empty()) return "unix:" + path;
  Listener real = *this;
  real.port = real_port;
  return real.Target();
}

absl::StatusOr<Listener> ParseListener(const std::string& text) {
  Listener listener;
  listener.text = text;
  if (text.compare(0, 5, "unix:") == 0) {
    listener.path = text.substr(5);
    if (listener.path.empty()) return Refused(text, "give a path, as in unix:/run/netstackd.sock");
    if (listener.path.size() > kPathMax) {
      return Refused(text, "a socket path has at most 107 bytes; choose a shorter one");
    }
    return listener;
  }
  if (text.compare(0, 4, "tcp:") != 0) {
    return Refused(text, "give unix:PATH, tcp:127.0.0.1:PORT or tcp:[::1]:PORT");
  }
  const std::size_t colon = text.rfind(':');
  std::string host = colon > 4 ? text.substr(4, colon - 4) : std::string();
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  const char* const begin = text.data() + colon + 1;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(begin, end, listener.port);
  if (error != std::errc() || stop != end || listener.port < 0 || listener.port > 65535) {
    return Refused(text, "the port is a number from 0 to 65535; 0 takes a free one");
  }
  const auto address = core::ParseIpAddress(host);
  if (!address) return Refused(text, "the host must be a numeric address");
  if (!IsLoopback(*address)) {
    return Refused(text,
                   "only loopback is allowed without mutual TLS; forward a port over ssh instead");
  }
  listener.host = host;
  return listener;
}

}  // namespace netstackd::rpc
