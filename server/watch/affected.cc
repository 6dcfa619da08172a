#include "server/watch/affected.h"

#include "absl/container/btree_set.h"

namespace netstackd::watch {
namespace {

class Collector {
 public:
  Collector(const core::State& state, std::vector<Key>* keys) : state_(state), keys_(keys) {}

  void Direct(const core::Change<core::Group>& change) { Add(Kind::kGroup, Any(change)); }
  void Direct(const core::Change<core::Interface>& change) { Add(Kind::kInterface, Any(change)); }
  void Direct(const core::Change<core::Address>& change) { Add(Kind::kAddress, Any(change)); }
  void Direct(const core::Change<core::ArpEntry>&) {}

  void Derived(const core::Change<core::Group>& change) {
    for (const core::Family family : core::kFamilies) {
      const core::InterfaceUid before = Cast(change.before.get(), family);
      const core::InterfaceUid after = Cast(change.after.get(), family);
      if (before == after) continue;
      Add(before);
      Add(after);
    }
  }
  void Derived(const core::Change<core::Interface>& change) {
    if (change.before) Add(change.before->group);
    if (change.after) Add(change.after->group);
  }
  void Derived(const core::Change<core::Address>& change) {
    for (const core::Address* image : {change.before.get(), change.after.get()}) {
      if (image == nullptr) continue;
      Add(image->group);
      Add(image->bound);
      Add(image->interface);
      // If the interface is in another group afterwards, it has a delta of its own.
      const core::Interface* owner = state_.interface(image->interface);
      if (owner != nullptr) Add(owner->group);
    }
  }
  void Derived(const core::Change<core::ArpEntry>& change) { Add(Any(change).group); }

 private:
  template <typename T>
  static const T& Any(const core::Change<T>& change) {
    return change.after ? *change.after : *change.before;
  }
  static core::InterfaceUid Cast(const core::Group* group, core::Family family) {
    if (group == nullptr) return {};
    const auto& side = group->sides[core::IndexOf(family)];
    return side ? side->cast : core::InterfaceUid();
  }

  template <typename T>
  void Add(Kind kind, const T& image) {
    Add(Key{kind, image.uid.value()});
  }
  void Add(core::GroupUid uid) {
    if (uid) Add(Key{Kind::kGroup, uid.value()});
  }
  void Add(core::InterfaceUid uid) {
    if (uid) Add(Key{Kind::kInterface, uid.value()});
  }
  void Add(const Key& key) {
    if (seen_.insert(key).second) keys_->push_back(key);
  }

  const core::State& state_;
  std::vector<Key>* const keys_;
  absl::btree_set<Key> seen_;
};

}  // namespace

std::vector<Key> AffectedBy(const core::State& state, const std::vector<core::Delta>& deltas) {
  std::vector<Key> keys;
  Collector collector(state, &keys);
  for (const core::Delta& delta : deltas) {
    std::visit([&](const auto& change) { collector.Direct(change); }, delta);
  }
  for (const core::Delta& delta : deltas) {
    std::visit([&](const auto& change) { collector.Derived(change); }, delta);
  }
  return keys;
}

}  // namespace netstackd::watch
