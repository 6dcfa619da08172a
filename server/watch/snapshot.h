// The state as one selection sees it, encoded once for all who ask for it at the same revision.
#ifndef NETSTACKD_SERVER_WATCH_SNAPSHOT_H_
#define NETSTACKD_SERVER_WATCH_SNAPSHOT_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "core/state.h"
#include "server/watch/revision_events.h"
#include "server/watch/selection.h"

namespace netstackd::watch {

// Fields `snapshot` of WatchResponse, not much larger than asked for each.
struct Snapshot {
  std::vector<std::string> parts;
};

// Goes over a state in steps while that moves on: each step renders the next objects, and every
// revision in between corrects what was rendered already. So the result is exact at the revision
// where the last step is made, and nobody waits for all of it.
// Threads  One at a time.
class SnapshotBuilder {
 public:
  explicit SnapshotBuilder(const Selection& selection) : selection_(selection) {}

  // Renders the next objects of a state, at most about `objects`. True: that was the last.
  bool Step(const core::State& state, std::size_t objects);
  // The state has moved on by this revision since the last step.
  void Patch(const RevisionEvents& revision);
  // After the last step.
  std::shared_ptr<const Snapshot> Finish(std::size_t part_bytes);

 private:
  template <typename T>
  bool StepKind(const core::State& state, Kind kind, std::size_t* left);
  bool IsDone(const Key& key) const { return key <= at_; }
  void Put(const Key& key, Rendering& rendering);

  const Selection& selection_;
  absl::btree_map<Key, std::string> objects_;  // encoded v1::Object
  Key at_;                                     // everything up to here is looked at
};

// The snapshot of a feed: there is one, or one is being made, or neither.
struct SnapshotOfFeed {
  std::weak_ptr<const Snapshot> made;  // exact as long as the feed has no news after it
  std::unique_ptr<SnapshotBuilder> builder;
};

}  // namespace netstackd::watch

#endif  // NETSTACKD_SERVER_WATCH_SNAPSHOT_H_
