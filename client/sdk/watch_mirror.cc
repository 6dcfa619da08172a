#include "netstackd/watch_mirror.h"

#include <utility>

namespace netstackd {
namespace {

std::string LastOf(const std::string& name) { return name.substr(name.rfind('/') + 1); }

}  // namespace

const std::string& NameOf(const v1::Resource& resource) {
  if (resource.has_group()) return resource.group().name();
  if (resource.has_ip_interface()) return resource.ip_interface().name();
  return resource.address().name();
}

const std::string& UidOf(const v1::Resource& resource) {
  if (resource.has_group()) return resource.group().meta().uid();
  if (resource.has_ip_interface()) return resource.ip_interface().meta().uid();
  return resource.address().meta().uid();
}

std::vector<WatchedChange> WatchMirror::Apply(const v1::WatchResponse& message,
                                              absl::Duration now) {
  heard_ = now;
  std::vector<WatchedChange> changes;
  if (message.has_reset()) coming_.clear();
  for (const v1::Object& object : message.snapshot().objects()) {
    coming_[UidOf(object.resource())] = object.resource();
  }
  if (message.has_synced()) {
    synced_ = true;
    store_id_ = message.synced().store_id();
    revision_ = message.synced().revision();
    objects_ = std::exchange(coming_, {});
  }
  for (const auto& batch : message.batches()) {
    const absl::Time time = absl::FromUnixSeconds(batch.commit_time().seconds()) +
                            absl::Nanoseconds(batch.commit_time().nanos());
    for (const v1::Event& event : batch.events()) {
      if (!event.object().has_resource()) continue;
      WatchedChange change = ApplyEvent(event);
      change.revision = batch.revision();
      change.time = time;
      changes.push_back(std::move(change));
    }
    if (!batch.more()) revision_ = batch.revision();
  }
  if (message.has_bookmark() && message.bookmark().revision() > revision_) {
    revision_ = message.bookmark().revision();
  }
  return changes;
}

WatchedChange WatchMirror::ApplyEvent(const v1::Event& event) {
  const v1::Resource& resource = event.object().resource();
  WatchedChange change;
  change.type = event.type();
  change.cause = event.cause();
  change.old_name = event.old_name();
  if (event.has_previous()) change.before = event.previous().resource();
  const auto known = objects_.find(UidOf(resource));
  if (known != objects_.end()) change.before = known->second;
  if (event.type() == v1::Event::TYPE_DELETED) {
    if (!change.before) change.before = resource;
    if (known != objects_.end()) objects_.erase(known);
    return change;
  }
  if (resource.has_group() && !event.old_name().empty()) {
    Rename(event.old_name(), resource.group().name());
  }
  objects_[UidOf(resource)] = resource;
  change.after = resource;
  return change;
}

void WatchMirror::Rename(const std::string& from, const std::string& to) {
  for (auto& [uid, resource] : objects_) {
    if (resource.has_address() && resource.address().name().rfind(from + "/", 0) == 0) {
      v1::Address* address = resource.mutable_address();
      address->set_name(to + address->name().substr(from.size()));
    } else if (resource.has_ip_interface()) {
      v1::Interface* one = resource.mutable_ip_interface();
      if (one->spec().group() == LastOf(from)) one->mutable_spec()->set_group(LastOf(to));
      if (one->status().group() == LastOf(from)) one->mutable_status()->set_group(LastOf(to));
    }
  }
}

}  // namespace netstackd
