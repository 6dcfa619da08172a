// Names as people write them and as the server wants them.
#ifndef NETSTACKD_CLIENT_CLI_NAMES_H_
#define NETSTACKD_CLIENT_CLI_NAMES_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace netstackd::cli {

enum class Kind : std::uint8_t { kGroup, kInterface, kAddress };

// "group", "interface", "address".
const char* NameOf(Kind kind);

// The full name of a group or an interface. Accepted: "ipmp0", "global/ipmp0" (zone first),
// "group/ipmp0" and "group/global/ipmp0" (as our own output has it), and the full name.
// Errors: a usage error for anything else.
absl::StatusOr<std::string> FullName(Kind kind, const std::string& text, const std::string& zone);

// An address as it is written: "ipmp0/192.0.2.10", "global/ipmp0/192.0.2.10", either with
// "address/" in front, or the full name. The owner of a short name may be a group or an interface:
// only the server knows.
struct AddressName {
  std::string full;  // not empty: the name was full
  std::string zone;
  std::string owner;  // short
  std::string id;     // last segment, with '-' for ':'

  // The full name if the owner is of `kind`, which is a group or an interface.
  std::string Of(Kind kind) const;
  // The last segment is an IP address: it is no name of something else.
  bool IsAddress() const;
};
// A prefix length behind the address is left out; whether it is an address is not looked at.
// Errors: a usage error.
absl::StatusOr<AddressName> ParseAddressName(const std::string& text, const std::string& zone);

// "192.0.2.10/24" -> "192.0.2.10", "2001:db8::1/64" -> "2001-db8--1".
std::string AddressIdOf(const std::string& cidr);
// "2001-db8--1" -> "2001:db8::1".
std::string AddressTextOf(const std::string& id);

// "zones/global/groups/ipmp0/addresses/192.0.2.10" -> "ipmp0/192.0.2.10"; the zone stands in front
// unless it is the global one. What is no full name comes back as it is.
std::string ShortName(const std::string& full);
// The same with its kind: "address/ipmp0/192.0.2.10".
std::string DisplayName(const std::string& full);
// The last segment, an address as it is written.
std::string LastSegment(const std::string& full);
// Name of the owner of an address; empty if it is no address.
std::string OwnerOf(const std::string& full);

}  // namespace netstackd::cli

#endif  // NETSTACKD_CLIENT_CLI_NAMES_H_
