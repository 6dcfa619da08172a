// The images the journal keeps: one struct per kind of object, whole and immutable once folded.
//
// What was asked (spec), what was seen (observed) and what was decided stand in separate fields.
// Objects refer to each other by uid, so that a rename is one image.
#ifndef NETSTACKD_CORE_MODEL_H_
#define NETSTACKD_CORE_MODEL_H_

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "base/copy_on_write.h"
#include "core/health/detection.h"
#include "core/types.h"

namespace netstackd::core {

using Labels = std::map<std::string, std::string>;

// Server-owned facts about every object a client can name.
struct Meta {
  std::int64_t create_revision = 0;
  std::int64_t update_revision = 0;  // revision of this image
  std::int64_t generation = 0;       // rises with spec or labels, never with observations
  absl::Time create_time{};
  absl::Time update_time{};
  CopyOnWrite<Labels> labels{};  // most objects have none

  bool operator==(const Meta&) const = default;
};

struct FailureDetection {
  std::optional<bool> link{};                      // unset: true
  std::optional<bool> probe{};                     // unset: true when test addresses exist
  std::optional<absl::Duration> detection_time{};  // unset: 10 s; at least 100 ms
  std::vector<std::string> targets{};              // canonical addresses

  bool operator==(const FailureDetection&) const = default;
};

struct Announce {
  std::optional<std::int32_t> count{};       // unset: 3
  std::optional<absl::Duration> interval{};  // unset: 100 ms
  std::optional<absl::Duration> refresh{};   // unset or zero: off

  bool operator==(const Announce&) const = default;
};

struct GroupSpec {
  std::string interface_name{};  // of the meta-interface; empty: the name at creation
  bool ipv4 = false;
  bool ipv6 = false;
  std::optional<FailureDetection> failure_detection{};  // see Detection()
  std::optional<bool> failback{};                       // unset: true
  std::optional<absl::Duration> failback_hold{};
  std::optional<Announce> announce{};

  // What was asked; unset is the same as nothing special.
  const FailureDetection& Detection() const {
    static const FailureDetection kNothing;
    return failure_detection ? *failure_detection : kNothing;
  }

  bool operator==(const GroupSpec&) const = default;
};

// What was decided for one address family of a group.
struct GroupSide {
  std::uint32_t mtu = 0;
  bool forwarding = false;
  bool class_of_service = false;
  bool datalink_up = false;
  bool zero_address_up = false;  // IPv4 only
  InterfaceUid cast{};           // nominated for multicast and broadcast
  InterfaceUid next{};           // where the rotation points

  bool operator==(const GroupSide&) const = default;
};

struct Group {
  GroupUid uid{};
  ZoneUid zone{};
  std::string name{};
  std::string interface_name{};  // effective; never changes
  Meta meta{};
  GroupSpec spec{};
  std::optional<MacType> mac_type{};  // of the members; unset while there is none
  Counters baseline{};                // counted by interfaces that have left
  GroupDetection detection{};
  std::array<std::optional<GroupSide>, 2> sides{};

  bool operator==(const Group&) const = default;
};

struct InterfaceSpec {
  std::string device{};
  bool ipv4 = false;
  bool ipv6 = false;
  std::optional<bool> up{};                      // unset: true
  std::array<std::optional<bool>, 2> side_up{};  // overrides `up` for one side
  std::array<std::uint32_t, 2> side_mtu{};       // 0: that of the link

  bool operator==(const InterfaceSpec&) const = default;
};

// What the link under one side was seen to be. Kept also for a side that is not plumbed.
struct ObservedSide {
  std::uint32_t mtu = 1500;
  Capabilities capabilities{};

  bool operator==(const ObservedSide&) const = default;
};

// What was decided for one address family of an interface.
struct InterfaceSide {
  std::uint32_t mtu = 0;
  bool forwarding = false;
  bool auto_address_up = false;
  UsesrcRole usesrc = UsesrcRole::kNone;
  bool pending = false;                  // between the two halves of a join
  Order joined = 0;                      // position in the member list; 0: no member
  Order activated = 0;                   // position in the active list; 0: not active
  std::optional<absl::Time> retry_at{};  // another try to activate it
  Order retry_order = 0;

  bool operator==(const InterfaceSide&) const = default;
};

struct Interface {
  InterfaceUid uid{};
  ZoneUid zone{};
  std::string name{};
  Meta meta{};
  InterfaceSpec spec{};
  GroupUid group{};        // asked and decided: an interface is in at most one group
  InterfaceFlags flags{};  // standby and offline are asked, failed and inactive decided

  // Observed.
  MacType mac_type = MacType::kEthernet;
  HardwareAddress hardware_address{};
  bool is_virtual = false;
  LinkState link = LinkState::kUnknown;
  std::array<ObservedSide, 2> observed{};
  std::optional<Counters> counters{};  // last reading; unset: cannot be read
  std::uint16_t wide_counters = 0;     // bit n: counter n is 64 bits wide on this link

  // Decided.
  Counters counted{};            // since the join
  absl::Time last_transition{};  // of the flags
  Detection detection{};
  std::array<std::optional<InterfaceSide>, 2> sides{};

  bool operator==(const Interface&) const = default;
};

// Where a data address is, and why.
struct Placement {
  // The interface it was on before; one it lost because none was active is remembered. Zero: none.
  InterfaceUid from{};
  InterfaceUid subject{};  // the interface whose change was the cause; zero: none
  Cause cause = Cause::kNone;
  std::uint32_t moves = 0;    // from one interface to another
  absl::Time seen{};          // when the cause was seen
  absl::Time since{};         // when it was decided
  std::int64_t revision = 0;  // of the transaction that did it; 0: never bound

  bool operator==(const Placement&) const = default;
};

struct Address {
  AddressUid uid{};
  GroupUid group{};  // owner: exactly one of the two is set
  InterfaceUid interface {};
  Meta meta{};

  // Asked.
  IpAddress ip{};
  std::uint8_t prefix_length = 0;
  std::optional<bool> asked_up{};  // unset: true
  bool test = false;
  ManagedBy managed_by = ManagedBy::kNobody;
  bool point_to_point = false;

  // Decided.
  std::uint32_t slot = 0;
  bool up = false;
  bool duplicate = false;
  InterfaceUid bound{};  // data addresses of groups only
  Order binding = 0;     // the most recently bound has the largest
  bool announced = false;
  bool announce_initial = false;  // not announced since it was brought up
  Placement placement{};          // data addresses of groups only

  bool operator==(const Address&) const = default;
};

// An ARP entry a group answers for.
struct ArpEntry {
  ArpEntryUid uid{};
  GroupUid group{};
  Meta meta{};
  IpAddress ip{};
  HardwareAddress hardware_address{};
  bool proxy = false;     // answered with a hardware address of the group
  bool notified = false;  // announced at present
  bool permanent = true;  // otherwise announced once, and not dealt out again
  Order order = 0;        // newest has the largest

  bool operator==(const ArpEntry&) const = default;
};

}  // namespace netstackd::core

#endif  // NETSTACKD_CORE_MODEL_H_
