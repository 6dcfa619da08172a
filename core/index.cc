#include "core/index.h"

#include "base/check.h"

namespace netstackd::core {
namespace {

SideKey OwnerOf(const Address& address) {
  return address.group ? KeyOf(address.group, address.ip.family)
                       : KeyOf(address.interface, address.ip.family);
}

bool IsEmpty(const SideIndex& side) {
  return side.by_slot.empty() && side.members.empty() && side.pending == 0 && side.arp.empty() &&
         side.bound.empty() && side.activated == 0;
}

std::uint32_t BoundCount(const SideIndex& side) {
  return static_cast<std::uint32_t>(side.bound.size());
}

template <typename Map, typename Key, typename Value>
void Rename(Map& map, const Key* before, const Key* after, Value value) {
  if (before != nullptr && after != nullptr && *before == *after) return;
  if (before != nullptr) {
    const auto found = map.find(*before);
    if (found != map.end() && found->second == value) map.erase(found);
  }
  if (after != nullptr) map[*after] = value;
}

}  // namespace

const SideIndex& Index::Get(const SideKey& key) const {
  static const SideIndex* const kEmpty = new SideIndex;
  const auto found = sides_.find(key);
  return found == sides_.end() ? *kEmpty : found->second;
}

const absl::btree_set<InterfaceUid>& Index::interfaces_of(GroupUid group) const {
  static const auto* const kEmpty = new absl::btree_set<InterfaceUid>;
  const auto found = interfaces_of_.find(group);
  return found == interfaces_of_.end() ? *kEmpty : found->second;
}

const absl::btree_set<AddressUid>& Index::up(const IpAddress& ip) const {
  static const auto* const kEmpty = new absl::btree_set<AddressUid>;
  const auto found = up_.find(ip);
  return found == up_.end() ? *kEmpty : found->second;
}

void Index::Record(const Change<Group>& change) {
  const Group* before = change.before.get();
  const Group* after = change.after.get();
  const GroupUid uid = (after != nullptr ? after : before)->uid;
  const auto key = [](const Group* group, const std::string Group::*name) {
    return group == nullptr ? NameKey{} : NameKey{group->zone, group->*name};
  };
  const NameKey names[] = {key(before, &Group::name), key(after, &Group::name),
                           key(before, &Group::interface_name), key(after, &Group::interface_name)};
  Rename(groups_, before ? &names[0] : nullptr, after ? &names[1] : nullptr, uid);
  Rename(group_interfaces_, before ? &names[2] : nullptr, after ? &names[3] : nullptr, uid);
}

void Index::Record(const Change<Interface>& change) {
  const Interface* before = change.before.get();
  const Interface* after = change.after.get();
  const InterfaceUid uid = (after != nullptr ? after : before)->uid;
  const NameKey old_name = before ? NameKey{before->zone, before->name} : NameKey{};
  const NameKey new_name = after ? NameKey{after->zone, after->name} : NameKey{};
  Rename(interfaces_, before ? &old_name : nullptr, after ? &new_name : nullptr, uid);

  const GroupUid old_group = before ? before->group : GroupUid();
  const GroupUid new_group = after ? after->group : GroupUid();
  if (old_group != new_group) {
    if (old_group) {
      auto& in_group = interfaces_of_[old_group];
      in_group.erase(uid);
      if (in_group.empty()) interfaces_of_.erase(old_group);
    }
    if (new_group) interfaces_of_[new_group].insert(uid);
  }
  for (const Family family : kFamilies) RecordSide(before, after, family);
}

void Index::RecordSide(const Interface* before, const Interface* after, Family family) {
  static const InterfaceSide kNone;
  const std::size_t f = IndexOf(family);
  const InterfaceSide& old_side = before && before->sides[f] ? *before->sides[f] : kNone;
  const InterfaceSide& new_side = after && after->sides[f] ? *after->sides[f] : kNone;
  const Interface& any = after ? *after : *before;
  const GroupUid old_group = before ? before->group : GroupUid();
  const GroupUid new_group = after ? after->group : GroupUid();

  if (old_side.retry_at != new_side.retry_at || old_side.retry_order != new_side.retry_order) {
    if (old_side.retry_at)
      timers_.erase({*old_side.retry_at, old_side.retry_order, any.uid, family});
    if (new_side.retry_at)
      timers_.insert({*new_side.retry_at, new_side.retry_order, any.uid, family});
  }
  if (old_group == new_group && old_side.joined == new_side.joined &&
      old_side.pending == new_side.pending && old_side.activated == new_side.activated) {
    return;
  }
  const SideKey own_key = KeyOf(any.uid, family);
  SideIndex& own = sides_[own_key];
  if (old_group) {
    const SideKey key = KeyOf(old_group, family);
    SideIndex& side = sides_[key];
    if (old_side.joined != 0) side.members.erase(old_side.joined);
    if (old_side.pending) --side.pending;
    if (old_side.activated != 0) {
      side.active.erase(old_side.activated);
      side.loads.erase({BoundCount(own), old_side.activated, any.uid});
    }
    if (IsEmpty(side)) sides_.erase(key);
  }
  own.active_in = new_side.activated != 0 ? new_group : GroupUid();
  own.activated = new_side.activated;
  if (new_group) {
    const SideKey key = KeyOf(new_group, family);
    SideIndex& side = sides_[key];
    if (new_side.joined != 0) side.members[new_side.joined] = any.uid;
    if (new_side.pending) ++side.pending;
    if (new_side.activated != 0) {
      side.active[new_side.activated] = any.uid;
      side.loads.insert({BoundCount(own), new_side.activated, any.uid});
    }
    if (IsEmpty(side)) sides_.erase(key);
  }
  if (IsEmpty(own)) sides_.erase(own_key);
}

void Index::SetLoad(SideKey key, SideIndex& side, std::uint32_t old_count) {
  if (side.activated == 0) return;
  const InterfaceUid uid(key.first);
  auto& loads = sides_[KeyOf(side.active_in, key.second)].loads;
  loads.erase({old_count, side.activated, uid});
  loads.insert({BoundCount(side), side.activated, uid});
}

void Index::Link(const Address& address) {
  SideIndex& side = sides_[OwnerOf(address)];
  side.by_slot[address.slot] = address.uid;
  side.free_slots.erase(address.slot);
  for (; side.next_slot <= address.slot; ++side.next_slot) {
    if (side.next_slot != address.slot) side.free_slots.insert(side.next_slot);
  }
  side.by_ip[address.ip] = address.uid;
  if (address.duplicate) ++side.duplicates;
  if (address.up) {
    side.up_by_slot[address.slot] = address.uid;
    up_[address.ip].insert(address.uid);
  }
  if (address.bound) {
    const SideKey key = KeyOf(address.bound, address.ip.family);
    SideIndex& bound = sides_[key];
    const std::uint32_t count = BoundCount(bound);
    bound.bound[address.binding] = address.uid;
    SetLoad(key, bound, count);
  }
}

void Index::Unlink(const Address& address) {
  if (address.bound) {
    const SideKey key = KeyOf(address.bound, address.ip.family);
    SideIndex& bound = sides_[key];
    const std::uint32_t count = BoundCount(bound);
    bound.bound.erase(address.binding);
    SetLoad(key, bound, count);
    if (IsEmpty(bound)) sides_.erase(key);
  }
  const SideKey key = OwnerOf(address);
  SideIndex& side = sides_[key];
  const auto at = side.by_slot.find(address.slot);
  if (at != side.by_slot.end() && at->second == address.uid) {
    side.by_slot.erase(at);
    side.free_slots.insert(address.slot);
  }
  const auto ip = side.by_ip.find(address.ip);
  if (ip != side.by_ip.end() && ip->second == address.uid) side.by_ip.erase(ip);
  if (address.duplicate) --side.duplicates;
  if (address.up) {
    const auto up_at = side.up_by_slot.find(address.slot);
    if (up_at != side.up_by_slot.end() && up_at->second == address.uid)
      side.up_by_slot.erase(up_at);
    auto& up = up_[address.ip];
    up.erase(address.uid);
    if (up.empty()) up_.erase(address.ip);
  }
  if (IsEmpty(side)) sides_.erase(key);
}

void Index::Record(const Change<Address>& change) {
  if (change.before) Unlink(*change.before);
  if (change.after) Link(*change.after);
}

void Index::Record(const Change<ArpEntry>& change) {
  const auto key_of = [](const ArpEntry& entry) { return KeyOf(entry.group, Family::kIpv4); };
  if (change.before) {
    const SideKey key = key_of(*change.before);
    SideIndex& side = sides_[key];
    side.arp.erase(change.before->order);
    const auto ip = side.arp_by_ip.find(change.before->ip);
    if (ip != side.arp_by_ip.end() && ip->second == change.before->uid) side.arp_by_ip.erase(ip);
    if (IsEmpty(side)) sides_.erase(key);
  }
  if (change.after) {
    SideIndex& side = sides_[key_of(*change.after)];
    side.arp[change.after->order] = change.after->uid;
    side.arp_by_ip[change.after->ip] = change.after->uid;
  }
}

}  // namespace netstackd::core
