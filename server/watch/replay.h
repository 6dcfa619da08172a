// Old revisions told once more, for watches that resume after one that is not in memory.
#ifndef NETSTACKD_SERVER_WATCH_REPLAY_H_
#define NETSTACKD_SERVER_WATCH_REPLAY_H_

#include <memory>
#include <optional>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/codec/journal_codec.h"
#include "server/watch/replica.h"
#include "storage/journal.h"

namespace netstackd::watch {

// Reads the kept history twice, page by page. The first time it notes of every object that changed
// the image before its first change: with these a copy of the present state becomes the state of
// the old revision. The second time it takes that state forward, so that every event is what it was
// then, derived fields included. Cost: what has changed since.
// Threads  One at a time.
// Bounds   What has changed since: one image for each object, and its place in the state.
class Replay {
 public:
  explicit Replay(Revision after) : after_(after), read_(after) {}

  // The next page begins after this revision.
  Revision read() const { return read_; }
  bool rewound() const { return old_.has_value(); }
  // The revision that the old state has come to.
  Revision revision() const { return old_->revision(); }

  // A page of the first reading; records above `present` are not looked at.
  // Errors: JOURNAL_CORRUPT.
  absl::Status Note(const std::vector<storage::Record>& page, Revision present);
  // The first reading has come to `present`, which becomes the old state.
  void Rewind(const Replica& present);
  // The next revision of the second reading. Errors: JOURNAL_CORRUPT.
  absl::StatusOr<std::shared_ptr<RevisionEvents>> Advance(storage::Record record);

 private:
  const Revision after_;
  Revision read_;
  absl::btree_map<codec::ObjectKey, codec::AnyImage> before_;
  std::optional<Replica> old_;
};

// A record with its deltas. Errors: JOURNAL_CORRUPT.
absl::StatusOr<std::shared_ptr<const executor::Change>> DecodeChange(storage::Record record);

}  // namespace netstackd::watch

#endif  // NETSTACKD_SERVER_WATCH_REPLAY_H_
