// Resource names as clients write them.
#ifndef NETSTACKD_SERVER_CODEC_API_NAMES_H_
#define NETSTACKD_SERVER_CODEC_API_NAMES_H_

#include <optional>
#include <string>

#include "core/command.h"

namespace netstackd::codec {

// What a name can mean; values are bits, so that a rule can allow several.
enum NameKind : unsigned {
  kZoneName = 1,              // zones/{zone}
  kGroupName = 2,             // zones/{zone}/groups/{group}
  kInterfaceName = 4,         // zones/{zone}/interfaces/{interface}
  kGroupAddressName = 8,      // zones/{zone}/groups/{group}/addresses/{address}
  kInterfaceAddressName = 16  // zones/{zone}/interfaces/{interface}/addresses/{address}
};
inline constexpr unsigned kOwnerNames = kGroupName | kInterfaceName;
inline constexpr unsigned kAddressNames = kGroupAddressName | kInterfaceAddressName;

struct ParsedName {
  core::Name name;
  NameKind kind = kZoneName;
};

// Nullopt if `text` is none of the five forms, or its address not in canonical short form with `:`
// written as `-`. Whether the zone exists is not looked at.
std::optional<ParsedName> ParseName(const std::string& text);

// The name of a resource that passed validation.
core::Name NameOf(const std::string& validated);
// The name of an address from that of its owner, both validated.
core::Name AddressOf(const std::string& owner, const core::IpAddress& address);

// 1 to 31 characters of [-_.a-zA-Z0-9], the first a letter: what groups and interfaces are called.
bool IsObjectId(const std::string& text);

// An address with a prefix length; host bits are kept.
struct Cidr {
  core::IpAddress address;
  std::uint8_t prefix_length = 0;
};
// Nullopt if `text` is not ADDRESS/LENGTH. Any text form of the address is accepted.
std::optional<Cidr> ParseCidr(const std::string& text);
// Canonical short form.
std::string ToString(const Cidr& cidr);

}  // namespace netstackd::codec

#endif  // NETSTACKD_SERVER_CODEC_API_NAMES_H_
