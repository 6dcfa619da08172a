// What can be derived from the objects, kept so that no rule scans. A pure function of the images,
// maintained image by image in any order.
#ifndef NETSTACKD_CORE_INDEX_H_
#define NETSTACKD_CORE_INDEX_H_

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "base/copy_on_write.h"
#include "base/persistent_map.h"
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

// What a deadline of an interface is for.
enum class DeadlineKind : std::uint8_t { kRepair, kFailback };

struct SideIndex {
  // Addresses this side owns.
  PersistentMap<std::uint32_t, AddressUid> by_slot;
  PersistentMap<std::uint32_t, AddressUid> up_by_slot;
  PersistentSet<std::uint32_t> free_slots;  // below next_slot
  std::uint32_t next_slot = 0;
  PersistentMap<IpAddress, AddressUid> by_ip;
  std::uint32_t duplicates = 0;
  // Of a group side.
  PersistentMap<Order, InterfaceUid> members;
  PersistentMap<Order, InterfaceUid> active;
  PersistentSet<Load> loads;  // one for each active interface
  std::uint32_t pending = 0;
  PersistentMap<Order, ArpEntryUid> arp;
  PersistentMap<IpAddress, ArpEntryUid> arp_by_ip;
  // Of an interface side.
  PersistentMap<Order, AddressUid> bound;
  GroupUid active_in;
  Order activated = 0;
};

// A copy costs O(1) and shares everything that is not changed afterwards. References to parts are
// valid until the next change.
class Index {
 public:
  using NameKey = std::pair<ZoneUid, std::string>;
  using Timer = std::tuple<absl::Time, Order, InterfaceUid, Family>;

  using Deadline = std::tuple<absl::Time, InterfaceUid, DeadlineKind>;

  // An empty one if the side has nothing.
  const SideIndex& side(GroupUid group, Family family) const { return Get(KeyOf(group, family)); }
  const SideIndex& side(InterfaceUid interface, Family family) const {
    return Get(KeyOf(interface, family));
  }
  // Interfaces that have joined a group, whether or not they are members yet.
  const PersistentSet<InterfaceUid>& interfaces_of(GroupUid group) const;
  // Addresses that are up anywhere, in any zone; ascending.
  std::vector<AddressUid> up(const IpAddress& ip) const;

  const PersistentMap<NameKey, GroupUid>& groups() const { return groups_; }
  const PersistentMap<NameKey, GroupUid>& group_interfaces() const { return group_interfaces_; }
  const PersistentMap<NameKey, InterfaceUid>& interfaces() const { return interfaces_; }
  const PersistentSet<Timer>& timers() const { return timers_; }
  const PersistentSet<Deadline>& deadlines() const { return deadlines_; }
  // When the earliest of both is due; nullopt: nothing waits.
  std::optional<absl::Time> NextTimer() const;

  void Record(const Change<Group>& change);
  void Record(const Change<Interface>& change);
  void Record(const Change<Address>& change);
  void Record(const Change<ArpEntry>& change);

 private:
  const SideIndex& Get(const SideKey& key) const;
  SideIndex& Touch(const SideKey& key);
  void Forget(const SideKey& key) { sides_.Erase(key); }
  void RecordDeadline(const Interface* before, const Interface* after, DeadlineKind kind,
                      std::optional<absl::Time> Detection::*at);
  void RecordSide(const Interface* before, const Interface* after, Family family);
  void SetLoad(SideKey key, SideIndex& side, std::uint32_t old_count);
  void Link(const Address& address);
  void Unlink(const Address& address);
  void LinkUp(SideIndex& side, const Address& address);
  void UnlinkUp(SideIndex& side, const Address& address);
  void Bind(const Address& address);
  void Unbind(const Address& address);

  PersistentMap<SideKey, CopyOnWrite<SideIndex>> sides_;
  PersistentMap<GroupUid, PersistentSet<InterfaceUid>> interfaces_of_;
  PersistentSet<std::pair<IpAddress, AddressUid>> up_;
  PersistentMap<NameKey, GroupUid> groups_;
  PersistentMap<NameKey, GroupUid> group_interfaces_;
  PersistentMap<NameKey, InterfaceUid> interfaces_;
  PersistentSet<Timer> timers_;
  PersistentSet<Deadline> deadlines_;
};

}  // namespace netstackd::core

#endif  // NETSTACKD_CORE_INDEX_H_
