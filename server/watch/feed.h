// What all watches with the same selection share: the encoded news of it.
#ifndef NETSTACKD_SERVER_WATCH_FEED_H_
#define NETSTACKD_SERVER_WATCH_FEED_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "server/watch/options.h"
#include "server/watch/revision_events.h"
#include "server/watch/selection.h"
#include "server/watch/snapshot.h"

namespace netstackd::watch {

using Bytes = std::shared_ptr<const std::string>;

// One encoded batch, as a field of a WatchResponse, that may be followed by more of its revision.
struct EncodedBatch {
  std::string bytes;
  std::size_t events = 0;
  bool more = false;
};

// The batches of one revision for one selection, each not much larger than `part_bytes`; empty if
// it sees nothing. What was seen is added to `seen` unless that is null.
std::vector<EncodedBatch> EncodeRevision(const Selection& selection, RevisionEvents& revision,
                                         std::size_t part_bytes,
                                         std::vector<RevisionEvents::Seen>* seen);

// Several batches in one piece. Never changes once a reader has it.
struct Run {
  Bytes bytes;
  std::size_t events = 0;
  Revision whole = 0;  // newest revision that is complete with this run; 0: none
  std::vector<RevisionEvents::Seen> seen;  // only with latest_only
};

// Order    Runs are numbered from 0; what was dropped at the front keeps its numbers.
// Threads  One at a time.
// Bounds   Whoever reads it drops what nobody needs, and ends who needs too much.
class Feed {
 public:
  Feed(const Options& options, Selection selection)
      : options_(options), selection_(std::move(selection)) {}

  const Selection& selection() const { return selection_; }
  // Appends what the selection sees of the revision; how many bytes that are.
  std::size_t Append(RevisionEvents& revision);
  // What comes later begins a new run. Only sealed runs may be read.
  void Seal();

  std::uint64_t end() const { return first_ + runs_.size(); }
  const Run& run(std::uint64_t number) const { return runs_[number - first_].run; }
  // What lies behind this run number.
  std::size_t BytesFrom(std::uint64_t number) const;
  std::size_t EventsFrom(std::uint64_t number) const;
  void DropBefore(std::uint64_t number);

  SnapshotOfFeed snapshot;  // of the hub

 private:
  struct Numbered {
    Run run;
    std::size_t bytes_before;  // of all runs ever
    std::size_t events_before;
  };

  const Options& options_;
  const Selection selection_;
  std::deque<Numbered> runs_;
  std::uint64_t first_ = 0;
  std::shared_ptr<std::string> open_;  // bytes of the last run as long as it grows
  std::size_t bytes_ = 0;              // of all runs ever
  std::size_t events_ = 0;
};

}  // namespace netstackd::watch

#endif  // NETSTACKD_SERVER_WATCH_FEED_H_
