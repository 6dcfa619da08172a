// What can be asked of the rules. A command names its target; `Op` says what to do with it.
#ifndef NETSTACKD_CORE_COMMAND_H_
#define NETSTACKD_CORE_COMMAND_H_

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/model.h"

namespace netstackd::core {

// A resource by name. Exactly one of `group` and `interface` is set; with `address` it is an
// address of that owner. "global" is the only zone there is.
struct Name {
  std::string zone = "global";
  std::string group{};
  std::string interface {};
  std::optional<IpAddress> address{};

  bool operator==(const Name&) const = default;
};
// "zones/global/groups/ipmp0/addresses/192.0.2.10"; `:` of an IPv6 address becomes `-`.
std::string ToString(const Name& name);

// A field of a patch: nullopt means "leave it as it is".
template <typename T>
using Patch = std::optional<T>;

// ---- What clients ask for: whole objects. One transaction each, all or nothing. ----

struct CreateGroup {
  GroupSpec spec{};
  Labels labels{};
};
struct UpdateGroup {
  Patch<std::string> interface_name{};  // only its present value
  Patch<bool> ipv4{};
  Patch<bool> ipv6{};
  Patch<std::optional<FailureDetection>> failure_detection{};  // before its parts
  Patch<std::optional<bool>> detect_link{};
  Patch<std::optional<bool>> detect_probe{};
  Patch<std::optional<absl::Duration>> detection_time{};
  Patch<std::vector<std::string>> targets{};
  Patch<std::optional<bool>> failback{};
  Patch<std::optional<absl::Duration>> failback_hold{};
  Patch<std::optional<Announce>> announce{};
  Patch<Labels> labels{};
};
struct DeleteGroup {
  bool allow_missing = false;
};

struct CreateInterface {
  InterfaceSpec spec{};
  std::string group{};  // joined at once; empty: none
  bool standby = false;
  Labels labels{};
};
struct UpdateInterface {
  Patch<std::string> device{};
  Patch<std::string> group{};  // changes membership ipadm's way; empty: leave
  Patch<bool> standby{};
  Patch<bool> ipv4{};
  Patch<bool> ipv6{};
  Patch<std::optional<bool>> up{};
  std::array<Patch<std::optional<bool>>, 2> side_up{};
  std::array<Patch<std::uint32_t>, 2> side_mtu{};
  Patch<Labels> labels{};
};
struct DeleteInterface {
  bool allow_missing = false;
};

struct CreateAddress {  // the target carries the address
  std::uint8_t prefix_length = 0;
  std::optional<bool> up{};  // unset: true
  bool test = false;
  ManagedBy managed_by = ManagedBy::kNobody;
  bool point_to_point = false;
  Labels labels{};
};
struct UpdateAddress {
  Patch<std::uint8_t> prefix_length{};
  Patch<std::optional<bool>> up{};
  Patch<bool> test{};
  Patch<ManagedBy> managed_by{};  // only its present value
  Patch<bool> point_to_point{};   // only its present value
  Patch<Labels> labels{};
};
struct DeleteAddress {
  bool allow_missing = false;
};

// Takes an interface out of service if at least `min_redundancy` usable others remain.
struct OfflineInterface {
  std::int32_t min_redundancy = 1;
};
struct OnlineInterface {};

// What somebody saw; unset: not looked at.
struct TargetReport {
  TargetMode mode = TargetMode::kNone;  // routes or multicast
  std::vector<IpAddress> ips{};         // the newest first
};
struct ProbingReport {
  // In the order of their sequence, without average and deviation. No end: when it was seen.
  std::vector<ProbeResult> probes{};
  std::optional<TargetReport> targets{};
};
struct SideReport {
  std::optional<std::uint32_t> mtu{};
  std::optional<Capabilities> capabilities{};
  std::optional<UsesrcRole> usesrc{};
  std::optional<ProbingReport> probing{};
};
struct ReportInterface {
  std::optional<absl::Time> seen{};  // unset, or later than now: now
  std::optional<MacType> mac_type{};
  std::optional<HardwareAddress> hardware_address{};
  std::optional<std::uint32_t> link_mtu{};
  std::optional<bool> is_virtual{};
  std::array<std::optional<SideReport>, 2> sides{};
  std::map<Counter, std::uint64_t> counters{};
  std::vector<Counter> wide{};
  bool counters_gone = false;
  std::optional<LinkState> link{};
  std::vector<Name> duplicates{};  // addresses found to be in use elsewhere
  InterfaceFlags detector_set{};   // flags as an outside detector decided them
  InterfaceFlags detector_clear{};
};

// ---- The steps of the original: one ioctl or kernel event each. Clients reach most of them. ----

struct RenameGroup {
  std::string new_name{};
};
struct AddFamily {  // of a group
  Family family = Family::kIpv4;
};
struct RemoveFamily {  // of a group or an interface
  Family family = Family::kIpv4;
};
struct DestroyGroup {};

struct PlumbInterface {  // a new interface; absent sides are not plumbed
  MacType mac_type = MacType::kEthernet;
  HardwareAddress hardware_address{};
  bool is_virtual = false;
  std::array<std::optional<ObservedSide>, 2> sides{};
};
struct PlumbFamily {
  Family family = Family::kIpv4;
  ObservedSide side{};
};
struct UnplumbInterface {};

// The auto address of an interface (no family: all its sides), the zero address of a group.
struct BringUp {
  std::optional<Family> family{};  // not for addresses
};
struct BringDown {
  std::optional<Family> family{};
};

struct SetFlags {
  InterfaceFlags set{};
  InterfaceFlags clear{};
};
struct SetMtu {  // administrative; 0 changes nothing
  Family family = Family::kIpv4;
  std::uint32_t mtu = 0;
};
struct SetLinkMtu {
  std::uint32_t mtu = 0;
};
struct SetHardwareAddress {
  HardwareAddress hardware_address{};
};
struct SetForwarding {  // of a group or an interface
  Family family = Family::kIpv4;
  bool enabled = false;
};
struct SetUsesrc {
  Family family = Family::kIpv4;
  UsesrcRole role = UsesrcRole::kNone;
};
struct SetCounters {
  std::map<Counter, std::uint64_t> values{};
  std::vector<Counter> wide{};
};
struct RemoveCounters {};

struct JoinGroup {  // step-wise: vets, and refuses while addresses are up
  std::string group{};
};
struct LeaveGroup {
  std::string group{};  // empty: whichever it is in
};
struct BeginJoin {
  std::string group{};
};
struct FinishJoin {};

struct AddAddress {  // down; the target is the owner
  Family family = Family::kIpv4;
  std::optional<IpAddress> ip{};  // unset: the text was no address
  std::uint8_t prefix_length = 0;
  bool test = false;
  ManagedBy managed_by = ManagedBy::kNobody;
  bool point_to_point = false;
};
struct RemoveAddress {};
struct SetTestAddress {
  bool test = false;
};
struct ReportConflict {};  // duplicate address detection has failed

struct NextInterface {
  Family family = Family::kIpv4;
  bool skip_busy = false;
};
struct SetArpEntry {
  std::optional<IpAddress> ip{};
  HardwareAddress hardware_address{};
  bool permanent = true;
};
struct DeleteArpEntry {
  std::optional<IpAddress> ip{};
};

// Retries that are due by `Context::now`, in the order of their times. No target.
struct FireTimers {};
// Time has passed that does not count: deadlines of the failure detection are so much later, and
// not before a time. No target.
struct DelayDeadlines {
  absl::Duration by{};
  absl::Time not_before = absl::InfinitePast();
};

using Op =
    std::variant<CreateGroup, UpdateGroup, DeleteGroup, CreateInterface, UpdateInterface,
                 DeleteInterface, CreateAddress, UpdateAddress, DeleteAddress, OfflineInterface,
                 OnlineInterface, ReportInterface, RenameGroup, AddFamily, RemoveFamily,
                 DestroyGroup, PlumbInterface, PlumbFamily, UnplumbInterface, BringUp, BringDown,
                 SetFlags, SetMtu, SetLinkMtu, SetHardwareAddress, SetForwarding, SetUsesrc,
                 SetCounters, RemoveCounters, JoinGroup, LeaveGroup, BeginJoin, FinishJoin,
                 AddAddress, RemoveAddress, SetTestAddress, ReportConflict, NextInterface,
                 SetArpEntry, DeleteArpEntry, FireTimers, DelayDeadlines>;

struct Command {
  Name target{};
  std::string etag{};  // "<uid>-<generation>" the target must have; empty: any
  Op op{};
};

// A condition on one object at the moment of the transaction.
struct Guard {
  Name name{};
  std::variant<std::string, bool> check{};  // its etag; or whether it exists
};

// Ordered commands, all or nothing.
struct Transaction {
  std::vector<Guard> guards{};
  std::vector<Command> commands{};
};

}  // namespace netstackd::core

#endif  // NETSTACKD_CORE_COMMAND_H_
