#include "core/index.h"

#include <algorithm>

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
void EraseIf(Map& map, const Key& key, Value value) {
  const Value* found = map.Find(key);
  if (found != nullptr && *found == value) map.Erase(key);
}

template <typename Map, typename Key, typename Value>
void Rename(Map& map, const Key* before, const Key* after, Value value) {
  if (before != nullptr && after != nullptr && *before == *after) return;
  if (before != nullptr) EraseIf(map, *before, value);
  if (after != nullptr) map.Put(*after, value);
}

// The entries of an address under its owner are the same.
bool SamePlace(const Address& a, const Address& b) {
  return a.group == b.group && a.interface == b.interface && a.slot == b.slot && a.ip == b.ip;
}

}  // namespace

const SideIndex& Index::Get(const SideKey& key) const {
  static const SideIndex* const kEmpty = new SideIndex;
  const CopyOnWrite<SideIndex>* found = sides_.Find(key);
  return found == nullptr ? *kEmpty : **found;
}

SideIndex& Index::Touch(const SideKey& key) {
  if (CopyOnWrite<SideIndex>* found = sides_.Mutable(key)) return found->Mutable();
  sides_.Put(key);
  return sides_.Mutable(key)->Mutable();
}

const PersistentSet<InterfaceUid>& Index::interfaces_of(GroupUid group) const {
  static const auto* const kEmpty = new PersistentSet<InterfaceUid>;
  const auto* found = interfaces_of_.Find(group);
  return found == nullptr ? *kEmpty : *found;
}

std::vector<AddressUid> Index::up(const IpAddress& ip) const {
  std::vector<AddressUid> found;
  for (auto at = up_.lower_bound({ip, AddressUid()}); at != up_.end() && (*at).first == ip; ++at) {
    found.push_back((*at).second);
  }
  return found;
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
      PersistentSet<InterfaceUid>& in_group = *interfaces_of_.Mutable(old_group);
      in_group.Erase(uid);
      if (in_group.empty()) interfaces_of_.Erase(old_group);
    }
    if (new_group) {
      if (!interfaces_of_.contains(new_group)) interfaces_of_.Put(new_group);
      interfaces_of_.Mutable(new_group)->Put(uid);
    }
  }
  RecordDeadline(before, after, DeadlineKind::kRepair, &Detection::repair_at);
  RecordDeadline(before, after, DeadlineKind::kFailback, &Detection::failback_at);
  for (const Family family : kFamilies) RecordSide(before, after, family);
}

void Index::RecordDeadline(const Interface* before, const Interface* after, DeadlineKind kind,
                           std::optional<absl::Time> Detection::*at) {
  const InterfaceUid uid = (after != nullptr ? after : before)->uid;
  const auto time_of = [at](const Interface* image) {
    return image == nullptr ? std::nullopt : image->detection.*at;
  };
  const std::optional<absl::Time> was = time_of(before);
  const std::optional<absl::Time> is = time_of(after);
  if (was == is) return;
  if (was) deadlines_.Erase({*was, uid, kind});
  if (is) deadlines_.Put({*is, uid, kind});
}

std::optional<absl::Time> Index::NextTimer() const {
  std::optional<absl::Time> next;
  if (!timers_.empty()) next = std::get<absl::Time>(*timers_.begin());
  if (!deadlines_.empty()) {
    const absl::Time deadline = std::get<absl::Time>(*deadlines_.begin());
    next = next ? std::min(*next, deadline) : deadline;
  }
  return next;
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
      timers_.Erase({*old_side.retry_at, old_side.retry_order, any.uid, family});
    if (new_side.retry_at) timers_.Put({*new_side.retry_at, new_side.retry_order, any.uid, family});
  }
  if (old_group == new_group && old_side.joined == new_side.joined &&
      old_side.pending == new_side.pending && old_side.activated == new_side.activated) {
    return;
  }
  const SideKey own_key = KeyOf(any.uid, family);
  // A damaged image can name itself as its group: then both are the same entry.
  SideIndex& own = Touch(own_key);
  if (old_group) {
    const SideKey key = KeyOf(old_group, family);
    SideIndex& side = Touch(key);
    if (old_side.joined != 0) side.members.Erase(old_side.joined);
    if (old_side.pending) --side.pending;
    if (old_side.activated != 0) {
      side.active.Erase(old_side.activated);
      side.loads.Erase({BoundCount(own), old_side.activated, any.uid});
    }
    if (key != own_key && IsEmpty(side)) Forget(key);
  }
  own.active_in = new_side.activated != 0 ? new_group : GroupUid();
  own.activated = new_side.activated;
  if (new_group) {
    const SideKey key = KeyOf(new_group, family);
    SideIndex& side = Touch(key);
    if (new_side.joined != 0) side.members.Put(new_side.joined, any.uid);
    if (new_side.pending) ++side.pending;
    if (new_side.activated != 0) {
      side.active.Put(new_side.activated, any.uid);
      side.loads.Put({BoundCount(own), new_side.activated, any.uid});
    }
    if (key != own_key && IsEmpty(side)) Forget(key);
  }
  if (IsEmpty(own)) Forget(own_key);
}

void Index::SetLoad(SideKey key, SideIndex& side, std::uint32_t old_count) {
  if (side.activated == 0) return;
  const InterfaceUid uid(key.first);
  auto& loads = Touch(KeyOf(side.active_in, key.second)).loads;
  loads.Erase({old_count, side.activated, uid});
  loads.Put({BoundCount(side), side.activated, uid});
}

void Index::Bind(const Address& address) {
  const SideKey key = KeyOf(address.bound, address.ip.family);
  SideIndex& side = Touch(key);
  const std::uint32_t count = BoundCount(side);
  side.bound.Put(address.binding, address.uid);
  SetLoad(key, side, count);
}

void Index::Unbind(const Address& address) {
  const SideKey key = KeyOf(address.bound, address.ip.family);
  SideIndex& side = Touch(key);
  const std::uint32_t count = BoundCount(side);
  side.bound.Erase(address.binding);
  SetLoad(key, side, count);
  if (IsEmpty(side)) Forget(key);
}

void Index::LinkUp(SideIndex& side, const Address& address) {
  side.up_by_slot.Put(address.slot, address.uid);
  up_.Put({address.ip, address.uid});
}

void Index::UnlinkUp(SideIndex& side, const Address& address) {
  EraseIf(side.up_by_slot, address.slot, address.uid);
  up_.Erase({address.ip, address.uid});
}

void Index::Link(const Address& address) {
  SideIndex& side = Touch(OwnerOf(address));
  side.by_slot.Put(address.slot, address.uid);
  side.free_slots.Erase(address.slot);
  for (; side.next_slot <= address.slot; ++side.next_slot) {
    if (side.next_slot != address.slot) side.free_slots.Put(side.next_slot);
  }
  side.by_ip.Put(address.ip, address.uid);
  if (address.duplicate) ++side.duplicates;
  if (address.up) LinkUp(side, address);
}

void Index::Unlink(const Address& address) {
  const SideKey key = OwnerOf(address);
  SideIndex& side = Touch(key);
  const AddressUid* at = side.by_slot.Find(address.slot);
  if (at != nullptr && *at == address.uid) {
    side.by_slot.Erase(address.slot);
    side.free_slots.Put(address.slot);
  }
  EraseIf(side.by_ip, address.ip, address.uid);
  if (address.duplicate) --side.duplicates;
  if (address.up) UnlinkUp(side, address);
  if (IsEmpty(side)) Forget(key);
}

void Index::Record(const Change<Address>& change) {
  const Address* before = change.before.get();
  const Address* after = change.after.get();
  const bool same_binding = before != nullptr && after != nullptr &&
                            before->bound == after->bound && before->binding == after->binding;
  if (!same_binding && before != nullptr && before->bound) Unbind(*before);
  if (before == nullptr || after == nullptr || !SamePlace(*before, *after)) {
    if (before != nullptr) Unlink(*before);
    if (after != nullptr) Link(*after);
  } else if (before->up != after->up || before->duplicate != after->duplicate) {
    SideIndex& side = Touch(OwnerOf(*after));
    if (before->up && !after->up) UnlinkUp(side, *before);
    if (!before->up && after->up) LinkUp(side, *after);
    side.duplicates += (after->duplicate ? 1u : 0u) - (before->duplicate ? 1u : 0u);
  }
  if (!same_binding && after != nullptr && after->bound) Bind(*after);
}

void Index::Record(const Change<ArpEntry>& change) {
  const auto key_of = [](const ArpEntry& entry) { return KeyOf(entry.group, Family::kIpv4); };
  if (change.before) {
    const SideKey key = key_of(*change.before);
    SideIndex& side = Touch(key);
    side.arp.Erase(change.before->order);
    EraseIf(side.arp_by_ip, change.before->ip, change.before->uid);
    if (IsEmpty(side)) Forget(key);
  }
  if (change.after) {
    SideIndex& side = Touch(key_of(*change.after));
    side.arp.Put(change.after->order, change.after->uid);
    side.arp_by_ip.Put(change.after->ip, change.after->uid);
  }
}

}  // namespace netstackd::core
