// All objects of a store, and the indexes that make every rule cost what it touches.
#ifndef NETSTACKD_CORE_STATE_H_
#define NETSTACKD_CORE_STATE_H_

#include <cstddef>
#include <string>
#include <utility>

#include "base/persistent_map.h"
#include "core/delta.h"
#include "core/index.h"

namespace netstackd::core {

template <typename T>
using Table = PersistentMap<decltype(T::uid), Image<T>>;

// Not thread-safe, but a copy may go to another thread: it costs O(1), and shares what neither
// changes afterwards.
class State {
 public:
  const Group* group(GroupUid uid) const { return Find(groups_, uid); }
  const Interface* interface(InterfaceUid uid) const { return Find(interfaces_, uid); }
  const Address* address(AddressUid uid) const { return Find(addresses_, uid); }
  const ArpEntry* arp_entry(ArpEntryUid uid) const { return Find(arp_entries_, uid); }

  template <typename T>
  const Table<T>& table() const;
  template <typename T>
  Image<T> image(decltype(T::uid) uid) const {
    const Image<T>* found = table<T>().Find(uid);
    return found == nullptr ? nullptr : *found;
  }

  const Index& index() const { return index_; }

  // Lookups by name; null if there is no such object.
  const Group* FindGroup(ZoneUid zone, const std::string& name) const;
  const Interface* FindInterface(ZoneUid zone, const std::string& name) const;
  const Address* FindAddress(GroupUid owner, const IpAddress& ip) const;
  const Address* FindAddress(InterfaceUid owner, const IpAddress& ip) const;

 private:
  friend class StateBuilder;
  friend void Fold(State& state, const Delta& delta);

  template <typename T>
  static const T* Find(const Table<T>& table, decltype(T::uid) uid) {
    const Image<T>* found = table.Find(uid);
    return found == nullptr ? nullptr : found->get();
  }
  template <typename T>
  void FoldChange(Table<T>& table, const Change<T>& change);

  Table<Group> groups_;
  Table<Interface> interfaces_;
  Table<Address> addresses_;
  Table<ArpEntry> arp_entries_;
  Index index_;
};

template <>
inline const Table<Group>& State::table<Group>() const {
  return groups_;
}
template <>
inline const Table<Interface>& State::table<Interface>() const {
  return interfaces_;
}
template <>
inline const Table<Address>& State::table<Address>() const {
  return addresses_;
}
template <>
inline const Table<ArpEntry>& State::table<ArpEntry>() const {
  return arp_entries_;
}

// Makes a state of many images; the indexes are made once, at the end. Not thread-safe.
class StateBuilder {
 public:
  // Null if there is none.
  template <typename T>
  const T* Find(decltype(T::uid) uid) const {
    return State::Find(state_.table<T>(), uid);
  }
  // Adds or replaces.
  template <typename T>
  void Put(Image<T> image) {
    const auto uid = image->uid;
    Tables<T>().Put(uid, std::move(image));
  }
  template <typename T>
  void Erase(decltype(T::uid) uid) {
    Tables<T>().Erase(uid);
  }
  State Build() &&;

 private:
  template <typename T>
  Table<T>& Tables() {
    return const_cast<Table<T>&>(state_.table<T>());
  }

  State state_;
};

// Records. Cannot fail: a delta that was journaled is a fact. The image in the state must be
// `before` (recovery folds images as creations in any order). Cost: O(log n).
void Fold(State& state, const Delta& delta);

}  // namespace netstackd::core

#endif  // NETSTACKD_CORE_STATE_H_
