// What can be derived from the objects, kept so that no rule scans. A pure function of the images,
// maintained image by image in any order.
#ifndef NETSTACKD_CORE_INDEX_H_
#define NETSTACKD_CORE_INDEX_H_

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "absl/time/time.h"
#include "core/delta.h"

namespace netstackd::core {

// One address family of one group or interface; uids are unique over both kinds.
using SideKey = std::pair<std::uint64_t, Family>;
inline SideKey KeyOf(GroupUid uid, Family family) { return {uid.value(), family}; }
inline SideKey KeyOf(InterfaceUid uid, Family family) { return {uid.value(), family}; }

// How much an active interface carries: orders by count, then by age in the active list.
struct Load {
  std::uint32_t count = 0;
  Order activated = 0;
  InterfaceUid interface;
  auto operator<=>(const Load&) const = default;
};

struct SideIndex {
  // Addresses this side owns.
  absl::btree_map<std::uint32_t, AddressUid> by_slot;
  absl::btree_map<std::uint32_t, AddressUid> up_by_slot;
  absl::btree_set<std::uint32_t> free_slots;  // below next_slot
  std::uint32_t next_slot = 0;
  absl::btree_map<IpAddress, AddressUid> by_ip;
  std::uint32_t duplicates = 0;
  // Of a group side.
  absl::btree_map<Order, InterfaceUid> members;
  absl::btree_map<Order, InterfaceUid> active;
  absl::btree_set<Load> loads;  // one for each active interface
  std::uint32_t pending = 0;
  absl::btree_map<Order, ArpEntryUid> arp;
  absl::btree_map<IpAddress, ArpEntryUid> arp_by_ip;
  // Of an interface side.
  absl::btree_map<Order, AddressUid> bound;
  GroupUid active_in;
  Order activated = 0;
};

class Index {
 public:
  using NameKey = std::pair<ZoneUid, std::string>;
  using Timer = std::tuple<absl::Time, Order, InterfaceUid, Family>;

  // An empty one if the side has nothing.
  const SideIndex& side(GroupUid group, Family family) const { return Get(KeyOf(group, family)); }
  const SideIndex& side(InterfaceUid interface, Family family) const {
    return Get(KeyOf(interface, family));
  }
  // Interfaces that have joined a group, whether or not they are members yet.
  const absl::btree_set<InterfaceUid>& interfaces_of(GroupUid group) const;
  // Addresses that are up anywhere, in any zone.
  const absl::btree_set<AddressUid>& up(const IpAddress& ip) const;

  const absl::btree_map<NameKey, GroupUid>& groups() const { return groups_; }
  const absl::btree_map<NameKey, GroupUid>& group_interfaces() const { return group_interfaces_; }
  const absl::btree_map<NameKey, InterfaceUid>& interfaces() const { return interfaces_; }
  const absl::btree_set<Timer>& timers() const { return timers_; }

  void Record(const Change<Group>& change);
  void Record(const Change<Interface>& change);
  void Record(const Change<Address>& change);
  void Record(const Change<ArpEntry>& change);

 private:
  const SideIndex& Get(const SideKey& key) const;
  void RecordSide(const Interface* before, const Interface* after, Family family);
  void SetLoad(SideKey key, SideIndex& side, std::uint32_t old_count);
  void Link(const Address& address);
  void Unlink(const Address& address);

  std::map<SideKey, SideIndex> sides_;
  std::map<GroupUid, absl::btree_set<InterfaceUid>> interfaces_of_;
  absl::btree_map<IpAddress, absl::btree_set<AddressUid>> up_;
  absl::btree_map<NameKey, GroupUid> groups_;
  absl::btree_map<NameKey, GroupUid> group_interfaces_;
  absl::btree_map<NameKey, InterfaceUid> interfaces_;
  absl::btree_set<Timer> timers_;
};

}  // namespace netstackd::core

#endif  // NETSTACKD_CORE_INDEX_H_
