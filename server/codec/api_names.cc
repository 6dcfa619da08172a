#include "server/codec/api_names.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/check.h"

namespace netstackd::codec {
namespace {

// Longer than any name can be: zones, both object ids, an IPv6 address and the words between.
constexpr std::size_t kNameMax = 256;

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsNameCharacter(char c) {
  return IsLetter(c) || IsDigit(c) || c == '-' || c == '_' || c == '.';
}

bool IsZoneId(const std::string& text) {
  return !text.empty() && text.size() <= 63 && (IsLetter(text[0]) || IsDigit(text[0])) &&
         std::all_of(text.begin(), text.end(), IsNameCharacter);
}

std::vector<std::string> Split(const std::string& text) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == '/') {
      parts.emplace_back();
    } else {
      parts.back().push_back(c);
    }
  }
  return parts;
}

std::optional<core::IpAddress> ParseAddressId(const std::string& id) {
  if (id.find(':') != std::string::npos) return std::nullopt;
  std::string text = id;
  std::replace(text.begin(), text.end(), '-', ':');
  const auto address = core::ParseIpAddress(text);
  if (!address || core::ToString(*address) != text) return std::nullopt;
  return address;
}

}  // namespace

std::optional<ParsedName> ParseName(const std::string& text) {
  if (text.size() > kNameMax) return std::nullopt;
  const std::vector<std::string> parts = Split(text);
  if (parts.size() % 2 != 0 || parts.size() > 6) return std::nullopt;
  if (parts[0] != "zones" || !IsZoneId(parts[1])) return std::nullopt;
  ParsedName parsed;
  parsed.name.zone = parts[1];
  if (parts.size() == 2) return parsed;

  const bool group = parts[2] == "groups";
  if ((!group && parts[2] != "interfaces") || !IsObjectId(parts[3])) return std::nullopt;
  (group ? parsed.name.group : parsed.name.interface) = parts[3];
  parsed.kind = group ? kGroupName : kInterfaceName;
  if (parts.size() == 4) return parsed;

  if (parts[4] != "addresses") return std::nullopt;
  parsed.name.address = ParseAddressId(parts[5]);
  if (!parsed.name.address) return std::nullopt;
  parsed.kind = group ? kGroupAddressName : kInterfaceAddressName;
  return parsed;
}

core::Name NameOf(const std::string& validated) {
  auto parsed = ParseName(validated);
  NSD_CHECK(parsed.has_value());
  return std::move(parsed->name);
}

core::Name AddressOf(const std::string& owner, const core::IpAddress& address) {
  core::Name name = NameOf(owner);
  name.address = address;
  return name;
}

bool IsObjectId(const std::string& text) {
  return !text.empty() && text.size() <= 31 && IsLetter(text[0]) &&
         std::all_of(text.begin(), text.end(), IsNameCharacter);
}

std::optional<Cidr> ParseCidr(const std::string& text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos || text.size() > 64) return std::nullopt;
  const auto address = core::ParseIpAddress(text.substr(0, slash));
  if (!address) return std::nullopt;
  unsigned length = 0;
  const char* const begin = text.data() + slash + 1;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(begin, end, length);
  if (error != std::errc() || stop != end || length > core::MaxPrefixLength(address->family)) {
    return std::nullopt;
  }
  return Cidr{*address, static_cast<std::uint8_t>(length)};
}

std::string ToString(const Cidr& cidr) {
  return core::ToString(cidr.address) + "/" + std::to_string(cidr.prefix_length);
}

}  // namespace netstackd::codec
