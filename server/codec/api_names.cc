#include "server/codec/api_names.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

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

bool IsZoneId(std::string_view text) {
  return !text.empty() && text.size() <= 63 && (IsLetter(text[0]) || IsDigit(text[0])) &&
         std::all_of(text.begin(), text.end(), IsNameCharacter);
}

constexpr std::size_t kPartsMax = 6;

// What stands between the slashes, without a copy.
struct Parts {
  std::array<std::string_view, kPartsMax> part;
  std::size_t count = 0;  // kPartsMax + 1: there are more
};

Parts Split(std::string_view text) {
  Parts parts;
  for (std::size_t begin = 0; begin <= text.size() && parts.count <= kPartsMax;) {
    const std::size_t end = std::min(text.find('/', begin), text.size());
    if (parts.count < kPartsMax) parts.part[parts.count] = text.substr(begin, end - begin);
    ++parts.count;
    begin = end + 1;
  }
  return parts;
}

bool IsId(std::string_view text) {
  return !text.empty() && text.size() <= 31 && IsLetter(text[0]) &&
         std::all_of(text.begin(), text.end(), IsNameCharacter);
}

std::optional<core::IpAddress> ParseAddressId(std::string_view id) {
  if (id.find(':') != std::string_view::npos) return std::nullopt;
  std::string text(id);
  std::replace(text.begin(), text.end(), '-', ':');
  const auto address = core::ParseIpAddress(text);
  if (!address || core::ToString(*address) != text) return std::nullopt;
  return address;
}

}  // namespace

std::optional<ParsedName> ParseName(const std::string& text) {
  if (text.size() > kNameMax) return std::nullopt;
  const Parts parts = Split(text);
  const auto& part = parts.part;
  if (parts.count % 2 != 0 || parts.count > kPartsMax) return std::nullopt;
  if (part[0] != "zones" || !IsZoneId(part[1])) return std::nullopt;
  ParsedName parsed;
  parsed.name.zone = part[1];
  if (parts.count == 2) return parsed;

  const bool group = part[2] == "groups";
  if ((!group && part[2] != "interfaces") || !IsId(part[3])) return std::nullopt;
  (group ? parsed.name.group : parsed.name.interface) = part[3];
  parsed.kind = group ? kGroupName : kInterfaceName;
  if (parts.count == 4) return parsed;

  if (part[4] != "addresses") return std::nullopt;
  parsed.name.address = ParseAddressId(part[5]);
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

bool IsObjectId(const std::string& text) { return IsId(text); }

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
