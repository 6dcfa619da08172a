// Values the rules work on. All are plain and comparable.
#ifndef NETSTACKD_CORE_TYPES_H_
#define NETSTACKD_CORE_TYPES_H_

#include <array>
#include <bit>
#include <compare>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>

#include "base/strong_id.h"

namespace netstackd::core {

using ZoneUid = StrongId<struct ZoneTag>;
using GroupUid = StrongId<struct GroupTag>;
using InterfaceUid = StrongId<struct InterfaceTag>;
using AddressUid = StrongId<struct AddressTag>;
using ArpEntryUid = StrongId<struct ArpEntryTag>;

// The zone that always exists; its name is "global".
inline constexpr ZoneUid kGlobalZone{1};

// A number that only grows over the life of a store. Whatever the original keeps in the order of
// a linked list is kept here as such a number. 0 means "not in the list".
using Order = std::uint64_t;

enum class Family : std::uint8_t { kIpv4 = 0, kIpv6 = 1 };
inline constexpr Family kFamilies[] = {Family::kIpv4, Family::kIpv6};
inline constexpr std::size_t IndexOf(Family family) { return static_cast<std::size_t>(family); }
// "ipv4", "ipv6".
const char* NameOf(Family family);

// Bytes a group or interface side of the family carries at least: 68 and 1280.
inline constexpr std::uint32_t MinMtu(Family family) { return family == Family::kIpv4 ? 68 : 1280; }

// One IPv4 or IPv6 address; ordered by family, then numerically.
struct IpAddress {
  Family family = Family::kIpv4;
  std::array<std::uint8_t, 16> bytes{};  // IPv4 uses the first four

  bool operator==(const IpAddress&) const = default;
  std::strong_ordering operator<=>(const IpAddress& other) const {
    if (family != other.family) return family <=> other.family;
    const std::uint64_t high = Number(0);
    const std::uint64_t other_high = other.Number(0);
    return high != other_high ? high <=> other_high : Number(8) <=> other.Number(8);
  }
  // Eight bytes from `first` on, the first the most significant.
  std::uint64_t Number(std::size_t first) const {
    std::uint64_t number = 0;
    std::memcpy(&number, bytes.data() + first, sizeof number);
    return std::endian::native == std::endian::little ? __builtin_bswap64(number) : number;
  }
  bool IsZero() const { return bytes == std::array<std::uint8_t, 16>{}; }
  bool IsLinkLocal() const {  // IPv6 fe80::/10; never for IPv4
    return family == Family::kIpv6 && bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80;
  }
};

// Accepts the usual text forms; nullopt if `text` is no address of either family.
std::optional<IpAddress> ParseIpAddress(const std::string& text);
// Canonical short form.
std::string ToString(const IpAddress& address);
inline constexpr std::uint8_t MaxPrefixLength(Family family) {
  return family == Family::kIpv4 ? 32 : 128;
}

enum class MacType : std::uint8_t {
  kEthernet = 0,
  kWifi = 1,
  kTokenRing = 2,
  kFddi = 3,
  kInfiniband = 4,
};
// "ethernet", "wifi", "token_ring", "fddi", "infiniband".
const char* NameOf(MacType type);
std::optional<MacType> ParseMacType(const std::string& name);
// Bytes of a hardware address: 20 for InfiniBand, 6 for the others.
std::size_t HardwareAddressLength(MacType type);

// Raw bytes; empty means "not known".
using HardwareAddress = std::string;
// Colon-separated two-digit hex; nullopt if `text` is not that (the empty text gives empty bytes).
std::optional<HardwareAddress> ParseHardwareAddress(const std::string& text);
std::string FormatHardwareAddress(const HardwareAddress& address);

// Why an interface cannot or need not carry data. Any of the first three makes it inactive.
struct InterfaceFlags {
  bool failed = false;    // the detector found it broken
  bool inactive = false;  // works, but policy does not use it
  bool offline = false;   // taken out of service
  bool standby = false;   // hot spare

  bool operator==(const InterfaceFlags&) const = default;
  bool Usable() const { return !failed && !inactive && !offline; }
};

// What one side of a link can do.
struct Capabilities {
  bool multicast = true;
  bool no_arp = false;             // address resolution is off
  bool no_nud = false;             // neighbour unreachability detection is off
  bool external_resolver = false;  // resolution is done by somebody else
  bool class_of_service = false;   // marks class of service

  bool operator==(const Capabilities&) const = default;
};

// Lends or borrows source addresses.
enum class UsesrcRole : std::uint8_t { kNone = 0, kSource = 1, kClient = 2 };
enum class ManagedBy : std::uint8_t { kNobody = 0, kDhcp = 1, kAddrconf = 2 };
enum class LinkState : std::uint8_t { kUnknown = 0, kUp = 1, kDown = 2 };

// Why an interface changed, or why an address moved.
enum class Cause : std::uint8_t {
  kNone = 0,               // nothing has happened yet
  kLink = 1,               // a link went down or came up
  kProbe = 2,              // probes were lost, or answered again
  kOffline = 3,            // an interface was taken out of service
  kRepair = 4,             // it was put back, or the hold of a repaired one ended
  kRebalance = 5,          // addresses were evened out
  kMembership = 6,         // an interface came or left, or got or lost a side
  kRequest = 7,            // the address itself was created, brought up or down, or removed
  kStandby = 8,            // STANDBY was set or cleared
  kDuplicateHardware = 9,  // two members had the same hardware address, or have it no more
  kDetector = 10,          // an outside detector reported flags
  kNoAddress = 11,         // an interface lost its last address that was up, or got its first
};

// The counters of an interface and of a group, in the order the original publishes them.
enum class Counter : std::uint8_t {
  kOutBytes32,
  kOutBytes64,
  kInBytes32,
  kInBytes64,
  kOutPackets32,
  kOutPackets64,
  kOutErrors,
  kInPackets32,
  kInPackets64,
  kInErrors,
  kMulticastIn,
  kMulticastOut,
  kBroadcastIn,
  kBroadcastOut,
};
inline constexpr std::size_t kCounterCount = 14;
// "out_bytes32", ...
const char* NameOf(Counter counter);
std::optional<Counter> ParseCounter(const std::string& name);
// The counters that are 64 bits wide on every link; the others are 32 unless said otherwise.
inline constexpr bool Is64Bit(Counter counter) {
  return counter == Counter::kOutBytes64 || counter == Counter::kInBytes64 ||
         counter == Counter::kOutPackets64 || counter == Counter::kInPackets64;
}
using Counters = std::array<std::uint64_t, kCounterCount>;

}  // namespace netstackd::core

#endif  // NETSTACKD_CORE_TYPES_H_
