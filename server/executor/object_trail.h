// Which objects the object table does not have in their newest form, and how far its floor may go.
#ifndef NETSTACKD_SERVER_EXECUTOR_OBJECT_TRAIL_H_
#define NETSTACKD_SERVER_EXECUTOR_OBJECT_TRAIL_H_

#include <cstddef>
#include <deque>
#include <vector>

#include "absl/container/btree_map.h"
#include "server/codec/journal_codec.h"
#include "storage/journal.h"

namespace netstackd::executor {

// An object waits in the order of its oldest change that is not in the table. Whoever writes it
// writes its newest image, so that a popular object cannot hold the floor back. Not thread-safe.
class ObjectTrail {
 public:
  // Everything up to `floor` is in the table.
  explicit ObjectTrail(storage::Revision floor) : floor_(floor) {}

  // `revision` changed the object. Revisions come in ascending order. `made`: it created the
  // object, and nothing of that can be in the table.
  void Mark(const codec::ObjectKey& key, storage::Revision revision, bool made = false);

  struct Item {
    codec::ObjectKey key;
    storage::Revision revision = 0;  // newest that changed it
    bool fresh = false;              // the table has never had it, and the floor passes it whole:
                                     // if it is gone again, there is nothing to write
  };
  struct Chunk {
    std::vector<Item> items;
    storage::Revision floor = 0;  // where the floor may go once all items are written
  };
  // The next `max` objects. `head` is the newest revision that was marked.
  Chunk Next(std::size_t max, storage::Revision head) const;
  // `chunk` came from the newest Next and is in the table.
  void Written(const Chunk& chunk);

  storage::Revision floor() const { return floor_; }
  std::size_t size() const { return waiting_.size(); }

 private:
  struct Span {
    storage::Revision oldest = 0;
    storage::Revision newest = 0;
    bool made = false;  // by `oldest`
  };

  storage::Revision floor_;
  std::deque<codec::ObjectKey> waiting_;  // ascending by Span::oldest
  absl::btree_map<codec::ObjectKey, Span> changed_;
};

}  // namespace netstackd::executor

#endif  // NETSTACKD_SERVER_EXECUTOR_OBJECT_TRAIL_H_
