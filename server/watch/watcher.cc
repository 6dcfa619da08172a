#include "server/watch/watcher.h"

#include <utility>

#include "server/watch/wire.h"

namespace netstackd::watch {

void MergedEvents::Add(const RevisionEvents::Seen& seen) {
  ObjectEvent& event = *seen.event;
  const auto [at, fresh] = items_.try_emplace(event.key, Item{seen, ""});
  Item& item = at->second;
  const bool was = fresh || item.seen.type != v1::Event::TYPE_CREATED;  // the reader knows it
  const bool is = seen.type != v1::Event::TYPE_DELETED;
  if (!was && !is) {
    items_.erase(at);
    return;
  }
  if (event.key.kind == Kind::kGroup && seen.type == v1::Event::TYPE_UPDATED && was &&
      item.old_name.empty() && event.before.name() != event.after.name()) {
    item.old_name = event.before.name();
  }
  if (fresh) return;
  item.seen.event = seen.event;
  item.seen.type = !was ? v1::Event::TYPE_CREATED
                   : is ? v1::Event::TYPE_UPDATED
                        : v1::Event::TYPE_DELETED;
}

void MergedEvents::Refresh(const core::State& state) {
  for (auto& [key, item] : items_) {
    if (item.seen.type == v1::Event::TYPE_DELETED) continue;
    item.seen.event = std::make_shared<ObjectEvent>(key, View(), ViewOf(state, key));
  }
}

EncodedBatch MergedEvents::Take(Revision revision, std::size_t part_bytes) {
  using Batch = v1::WatchResponse::Batch;
  std::string batch;
  EncodedBatch encoded;
  AppendNumber(Batch::kRevisionFieldNumber, revision, &batch);
  while (!items_.empty() && batch.size() < part_bytes) {
    const auto at = items_.begin();
    const Item& item = at->second;
    ObjectEvent& event = *item.seen.event;
    const v1::Event::Type type = item.seen.type;
    Rendering& shown = type == v1::Event::TYPE_DELETED ? event.before : event.after;
    AppendEvent(type, shown.bytes(), nullptr, "",
                type == v1::Event::TYPE_UPDATED ? item.old_name : "", &batch);
    ++encoded.events;
    items_.erase(at);
  }
  encoded.more = !items_.empty();
  if (encoded.more) AppendNumber(Batch::kMoreFieldNumber, 1, &batch);
  AppendBytes(v1::WatchResponse::kBatchesFieldNumber, batch, &encoded.bytes);
  return encoded;
}

}  // namespace netstackd::watch
