// One watch: how far it has come, and what waits for it.
#ifndef NETSTACKD_SERVER_WATCH_WATCHER_H_
#define NETSTACKD_SERVER_WATCH_WATCHER_H_

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/watch/feed.h"
#include "server/watch/inbox.h"

namespace netstackd::watch {

// The newest event of each object, in place of all events of a reader that fell behind.
class MergedEvents {
 public:
  bool empty() const { return items_.empty(); }
  void Add(const RevisionEvents::Seen& seen);
  // Everything as it is in `state`: the name of an object can have changed without an event.
  void Refresh(const core::State& state);
  // Takes some out: the batches field of a message, not much larger than `part_bytes`. `revision`
  // is the one that all that is here belongs to.
  EncodedBatch Take(Revision revision, std::size_t part_bytes);

 private:
  struct Item {
    RevisionEvents::Seen seen;
    std::string old_name;  // of a group with another name than the reader knows; may be empty
  };
  std::map<Key, Item> items_;
};

// Used by the fan-out thread only.
struct Watcher {
  enum class Phase : std::uint8_t {
    kWaiting,  // for the copy of the state, a revision, or a snapshot
    kReplay,   // old revisions are read for it
    kRecent,   // it gets revisions that are in memory, up to the present
    kLive,     // it reads its feed, after what is queued
    kEnding,   // nothing is sent any more
  };
  // What goes out before anything of the feed.
  struct Part {
    Bytes bytes;
    Revision whole = 0;  // everything up to here is sent with it; 0: no revision is complete
    bool first = false;  // begins a message
  };

  WatchId id = 0;
  WatchRequest request;
  Sink* sink = nullptr;
  std::shared_ptr<Feed> feed;
  Phase phase = Phase::kWaiting;
  bool wants_snapshot = false;
  bool ready = false;  // is in the list of those who may have something to send

  std::deque<Part> queue;
  std::size_t queue_bytes = 0;
  Revision at = 0;        // kReplay, kRecent: up to here everything is queued
  std::uint64_t run = 0;  // kLive: next of the feed

  // latest_only and fallen behind: what is to come, and what is being sent.
  bool behind = false;
  MergedEvents merged;
  MergedEvents leaving;
  Revision leaving_revision = 0;

  bool sending = false;
  bool aborted = false;
  absl::Duration since;         // Clock::Steady of the last Send, or of the end
  absl::Duration bookmark_due;  // Clock::Steady
  Revision sent_whole = 0;
  absl::Status ending;

  void Queue(Part part) {
    queue_bytes += part.bytes->size();
    queue.push_back(std::move(part));
  }
  bool HasWork() const {
    return !queue.empty() ||
           (phase == Phase::kLive && (run < feed->end() || !merged.empty() || !leaving.empty()));
  }
};

}  // namespace netstackd::watch

#endif  // NETSTACKD_SERVER_WATCH_WATCHER_H_
