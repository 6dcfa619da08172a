#include "core/types.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <iterator>

namespace netstackd::core {
namespace {

constexpr const char* kMacTypes[] = {"ethernet", "wifi", "token_ring", "fddi", "infiniband"};
constexpr const char* kCounters[] = {
    "out_bytes32",   "out_bytes64",   "in_bytes32",   "in_bytes64",   "out_packets32",
    "out_packets64", "out_errors",    "in_packets32", "in_packets64", "in_errors",
    "multicast_in",  "multicast_out", "broadcast_in", "broadcast_out"};

template <typename T, std::size_t N>
std::optional<T> Parse(const char* const (&names)[N], const std::string& name) {
  for (std::size_t i = 0; i < N; ++i) {
    if (name == names[i]) return static_cast<T>(i);
  }
  return std::nullopt;
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

const char* NameOf(Family family) { return family == Family::kIpv4 ? "ipv4" : "ipv6"; }
const char* NameOf(MacType type) { return kMacTypes[static_cast<std::size_t>(type)]; }
std::optional<MacType> ParseMacType(const std::string& name) {
  return Parse<MacType>(kMacTypes, name);
}
std::size_t HardwareAddressLength(MacType type) { return type == MacType::kInfiniband ? 20 : 6; }
const char* NameOf(Counter counter) { return kCounters[static_cast<std::size_t>(counter)]; }
std::optional<Counter> ParseCounter(const std::string& name) {
  return Parse<Counter>(kCounters, name);
}

std::optional<IpAddress> ParseIpAddress(const std::string& text) {
  IpAddress address;
  if (inet_pton(AF_INET, text.c_str(), address.bytes.data()) == 1) return address;
  address.family = Family::kIpv6;
  if (inet_pton(AF_INET6, text.c_str(), address.bytes.data()) == 1) return address;
  return std::nullopt;
}

std::string ToString(const IpAddress& address) {
  char buffer[INET6_ADDRSTRLEN];
  if (address.family == Family::kIpv6) {
    inet_ntop(AF_INET6, address.bytes.data(), buffer, sizeof buffer);
    return buffer;
  }
  // Names are written all the time, and inet_ntop prints its numbers with a format string.
  char* end = buffer;
  for (int i = 0; i < 4; ++i) {
    if (i > 0) *end++ = '.';
    end = std::to_chars(end, std::end(buffer), address.bytes[static_cast<std::size_t>(i)]).ptr;
  }
  return std::string(buffer, end);
}

std::optional<HardwareAddress> ParseHardwareAddress(const std::string& text) {
  HardwareAddress bytes;
  if (text.empty()) return bytes;
  if (text.size() % 3 != 2) return std::nullopt;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    const int high = HexDigit(text[i]);
    const int low = HexDigit(text[i + 1]);
    if (high < 0 || low < 0 || (i + 2 < text.size() && text[i + 2] != ':')) return std::nullopt;
    bytes.push_back(static_cast<char>(high * 16 + low));
  }
  return bytes;
}

std::string FormatHardwareAddress(const HardwareAddress& address) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const char c : address) {
    if (!text.empty()) text.push_back(':');
    text.push_back(kDigits[static_cast<unsigned char>(c) >> 4]);
    text.push_back(kDigits[static_cast<unsigned char>(c) & 15]);
  }
  return text;
}

}  // namespace netstackd::core
