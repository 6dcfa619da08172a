#include "server/executor/object_trail.h"

#include <algorithm>

namespace netstackd::executor {

void ObjectTrail::Mark(const codec::ObjectKey& key, storage::Revision revision, bool made) {
  Span& span = changed_[key];
  span.newest = revision;
  if (span.oldest != 0) return;
  span.oldest = revision;
  span.made = made;
  waiting_.push_back(key);
}

ObjectTrail::Chunk ObjectTrail::Next(std::size_t max, storage::Revision head) const {
  Chunk chunk;
  const std::size_t count = std::min(max, waiting_.size());
  chunk.items.reserve(count);
  chunk.floor = count == waiting_.size() ? head : changed_.at(waiting_[count]).oldest - 1;
  for (std::size_t i = 0; i < count; ++i) {
    const Span& span = changed_.at(waiting_[i]);
    chunk.items.push_back({waiting_[i], span.newest, span.made && span.newest <= chunk.floor});
  }
  return chunk;
}

void ObjectTrail::Written(const Chunk& chunk) {
  for (const Item& item : chunk.items) {
    changed_.erase(item.key);
    waiting_.pop_front();
  }
  floor_ = chunk.floor;
}

}  // namespace netstackd::executor
