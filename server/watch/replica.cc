#include "server/watch/replica.h"

#include <variant>
#include <vector>

#include "base/check.h"
#include "server/watch/affected.h"

namespace netstackd::watch {
namespace {

// The same object as it showed the name of the group before.
View WithGroup(View view, const core::Image<core::Group>& group) {
  if (auto* address = std::get_if<codec::AddressView>(&view)) address->group = group;
  if (auto* one = std::get_if<codec::InterfaceView>(&view)) one->group = group;
  return view;
}

bool Has(const ObjectEvents& events, const Key& key) {
  for (const auto& event : events) {
    if (event->key == key) return true;
  }
  return false;
}

ObjectEvents DependentsOf(const core::State& state, const core::Image<core::Group>& before,
                          const ObjectEvents& events) {
  ObjectEvents dependents;
  const auto add = [&](const Key& key) {
    if (Has(events, key)) return;
    View after = ViewOf(state, key);
    View old = WithGroup(after, before);
    dependents.push_back(std::make_shared<ObjectEvent>(key, std::move(old), std::move(after)));
  };
  for (const core::InterfaceUid uid : state.index().interfaces_of(before->uid)) {
    add({Kind::kInterface, uid.value()});
  }
  for (const core::Family family : core::kFamilies) {
    for (const auto& row : state.index().side(before->uid, family).by_ip) {
      add({Kind::kAddress, row.second.value()});
    }
  }
  return dependents;
}

// A derived message may come out the same.
bool Differs(ObjectEvent& event) {
  if (!event.before.exists() || !event.after.exists()) {
    return event.before.exists() != event.after.exists();
  }
  return !SameImage(event.before.view(), event.after.view()) ||
         event.before.bytes() != event.after.bytes();
}

std::shared_ptr<ObjectEvent> EventOf(const ObjectEvents& events, const Key& key) {
  for (const auto& event : events) {
    if (event->key == key) return event;
  }
  return nullptr;
}

}  // namespace

std::shared_ptr<RevisionEvents> Replica::Advance(const executor::Change& change, bool dependents) {
  NSD_CHECK(change.record->revision == revision_ + 1);
  const std::vector<Key> keys = AffectedBy(state_, change.deltas);
  std::vector<View> before;
  before.reserve(keys.size());
  for (const Key& key : keys) before.push_back(ViewOf(state_, key));
  for (const core::Delta& delta : change.deltas) core::Fold(state_, delta);
  revision_ = change.record->revision;

  std::vector<const core::Change<core::Group>*> renames;
  for (const core::Delta& delta : change.deltas) {
    const auto* group = std::get_if<core::Change<core::Group>>(&delta);
    const bool renamed = group != nullptr && group->before && group->after &&
                         group->before->name != group->after->name;
    if (renamed) renames.push_back(group);
  }
  ObjectEvents events;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    auto event =
        std::make_shared<ObjectEvent>(keys[i], std::move(before[i]), ViewOf(state_, keys[i]));
    if (Differs(*event)) events.push_back(std::move(event));
  }
  std::vector<Renamed> renamed;
  for (const auto* group : renames) {
    renamed.push_back({EventOf(events, {Kind::kGroup, group->after->uid.value()}), {}});
    if (dependents) renamed.back().dependents = DependentsOf(state_, group->before, events);
  }
  return std::make_shared<RevisionEvents>(change.record, change.deltas.size(), std::move(events),
                                          std::move(renamed), dependents);
}

}  // namespace netstackd::watch
