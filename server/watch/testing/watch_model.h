// What a reader knows after what it was sent, and whether that was sent by the rules.
#ifndef NETSTACKD_SERVER_WATCH_TESTING_WATCH_MODEL_H_
#define NETSTACKD_SERVER_WATCH_TESTING_WATCH_MODEL_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/state.h"
#include "netstackd/v1/watch.pb.h"
#include "server/codec/api_views.h"

namespace netstackd::watch::testing_support {

// Objects by uid, as their messages.
using Known = std::map<std::string, std::string>;

inline std::string UidOf(const v1::Resource& resource) {
  if (resource.has_group()) return resource.group().meta().uid();
  if (resource.has_ip_interface()) return resource.ip_interface().meta().uid();
  return resource.address().meta().uid();
}

// Everything in a state, as a reader of everything should know it.
inline Known AllOf(const core::State& state) {
  Known known;
  const auto add = [&known](const v1::Resource& resource) {
    known[UidOf(resource)] = resource.ShortDebugString();
  };
  for (const auto& row : state.table<core::Group>()) {
    v1::Resource resource;
    codec::Render(codec::Collect(state, *row.second), resource.mutable_group());
    add(resource);
  }
  for (const auto& row : state.table<core::Interface>()) {
    v1::Resource resource;
    codec::Render(codec::Collect(state, *row.second), resource.mutable_ip_interface());
    add(resource);
  }
  for (const auto& row : state.table<core::Address>()) {
    v1::Resource resource;
    codec::Render(codec::Collect(state, *row.second), resource.mutable_address());
    add(resource);
  }
  return known;
}

// Applies messages in order; every breach of the rules of WatchService fails the test.
class WatchModel {
 public:
  void Apply(const v1::WatchResponse& message) {
    if (message.has_reset()) {
      resets.push_back(message.reset().reason());
      objects.clear();
      synced = false;
    }
    for (const v1::Object& object : message.snapshot().objects()) {
      EXPECT_FALSE(synced) << "a snapshot behind its Synced";
      const bool fresh = objects.emplace(UidOf(object.resource()), object.resource()).second;
      EXPECT_TRUE(fresh) << "twice in a snapshot: " << UidOf(object.resource());
    }
    if (message.has_synced()) {
      synced = true;
      store_id = message.synced().store_id();
      position = message.synced().revision();
      open = 0;
    }
    for (const auto& batch : message.batches()) Apply(batch);
    if (message.has_bookmark()) {
      ++bookmarks;
      EXPECT_EQ(open, 0) << "a bookmark inside a revision";
      EXPECT_GE(message.bookmark().revision(), position);
      position = message.bookmark().revision();
    }
  }

  Known known() const {
    Known all;
    for (const auto& [uid, resource] : objects) all[uid] = resource.ShortDebugString();
    return all;
  }

  std::map<std::string, v1::Resource> objects;
  bool synced = false;  // set it by hand to resume
  std::string store_id;
  std::int64_t position = 0;  // everything up to here is processed
  std::int64_t open = 0;      // a revision that goes on; 0: none
  int bookmarks = 0;
  std::vector<int> resets;              // their reasons
  std::vector<std::int64_t> revisions;  // that had an event, in the order of completion
  std::vector<std::pair<std::int64_t, v1::Event>> events;

 private:
  void Apply(const v1::WatchResponse::Batch& batch) {
    EXPECT_TRUE(synced) << "a batch before Synced";
    EXPECT_GT(batch.revision(), position) << "told twice";
    if (open != 0) {
      EXPECT_EQ(batch.revision(), open) << "a revision without its end";
    }
    open = batch.more() ? batch.revision() : 0;
    EXPECT_GT(batch.events_size(), 0);
    for (const v1::Event& event : batch.events()) {
      events.emplace_back(batch.revision(), event);
      if (event.object().has_resource()) Apply(event);
    }
    if (!batch.more()) {
      position = batch.revision();
      revisions.push_back(position);
    }
  }

  void Apply(const v1::Event& event) {
    const v1::Resource& resource = event.object().resource();
    const std::string uid = UidOf(resource);
    const bool known_before = objects.contains(uid);
    EXPECT_EQ(known_before, event.type() != v1::Event::TYPE_CREATED)
        << uid << " " << event.ShortDebugString();
    if (event.type() == v1::Event::TYPE_DELETED) {
      objects.erase(uid);
      return;
    }
    if (!event.old_name().empty() && resource.has_group())
      Rename(event.old_name(), resource.group().name());
    objects[uid] = resource;
  }

  // The names that stand in other objects change with that of the group.
  void Rename(const std::string& from, const std::string& to) {
    const auto last = [](const std::string& name) { return name.substr(name.rfind('/') + 1); };
    for (auto& [uid, resource] : objects) {
      if (resource.has_address() && resource.address().name().rfind(from + "/", 0) == 0) {
        resource.mutable_address()->set_name(to + resource.address().name().substr(from.size()));
      } else if (resource.has_ip_interface()) {
        auto* one = resource.mutable_ip_interface();
        if (one->spec().group() == last(from)) one->mutable_spec()->set_group(last(to));
        if (one->status().group() == last(from)) one->mutable_status()->set_group(last(to));
      }
    }
  }
};

}  // namespace netstackd::watch::testing_support

#endif  // NETSTACKD_SERVER_WATCH_TESTING_WATCH_MODEL_H_
