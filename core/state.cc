#include "core/state.h"

#include "base/check.h"

namespace netstackd::core {
namespace {

template <typename Map, typename Key, typename Lookup>
auto* FindBy(const Map& map, const Key& key, Lookup&& lookup) {
  const auto* found = map.Find(key);
  return found == nullptr ? nullptr : lookup(*found);
}

}  // namespace

const Group* State::FindGroup(ZoneUid zone, const std::string& name) const {
  return FindBy(index_.groups(), Index::NameKey{zone, name},
                [this](GroupUid uid) { return group(uid); });
}

const Interface* State::FindInterface(ZoneUid zone, const std::string& name) const {
  return FindBy(index_.interfaces(), Index::NameKey{zone, name},
                [this](InterfaceUid uid) { return interface(uid); });
}

const Address* State::FindAddress(GroupUid owner, const IpAddress& ip) const {
  return FindBy(index_.side(owner, ip.family).by_ip, ip,
                [this](AddressUid uid) { return address(uid); });
}

const Address* State::FindAddress(InterfaceUid owner, const IpAddress& ip) const {
  return FindBy(index_.side(owner, ip.family).by_ip, ip,
                [this](AddressUid uid) { return address(uid); });
}

template <typename T>
void State::FoldChange(Table<T>& table, const Change<T>& change) {
  NSD_CHECK(change.before || change.after);
  const auto uid = (change.after ? change.after : change.before)->uid;
  if (change.after) {
    table.Put(uid, change.after);
  } else {
    table.Erase(uid);
  }
  index_.Record(change);
}

void Fold(State& state, const Delta& delta) {
  const auto fold = [&state](const auto& change) {
    using C = std::decay_t<decltype(change)>;
    if constexpr (std::is_same_v<C, Change<Group>>) {
      state.FoldChange(state.groups_, change);
    } else if constexpr (std::is_same_v<C, Change<Interface>>) {
      state.FoldChange(state.interfaces_, change);
    } else if constexpr (std::is_same_v<C, Change<Address>>) {
      state.FoldChange(state.addresses_, change);
    } else {
      state.FoldChange(state.arp_entries_, change);
    }
  };
  std::visit(fold, delta);
}

State StateBuilder::Build() && {
  const auto record = [this](const auto& table) {
    for (const auto& [uid, image] : table) {
      state_.index_.Record(Change<std::decay_t<decltype(*image)>>{nullptr, image});
    }
  };
  record(state_.groups_);
  record(state_.addresses_);
  record(state_.arp_entries_);
  record(state_.interfaces_);  // last: their load is counted once, and not once an address
  return std::move(state_);
}

}  // namespace netstackd::core
