// Everything the fan-out thread does, without the thread.
#ifndef NETSTACKD_SERVER_WATCH_FANOUT_H_
#define NETSTACKD_SERVER_WATCH_FANOUT_H_

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/time/time.h"
#include "server/executor/executor.h"
#include "server/watch/feed.h"
#include "server/watch/inbox.h"
#include "server/watch/options.h"
#include "server/watch/replay.h"
#include "server/watch/replica.h"
#include "server/watch/watcher.h"

namespace netstackd::watch {

// Takes changes from the inbox, encodes each once for every selection, and gives every reader what
// has gathered for it as one message whenever the message before was taken.
//
// Ownership  Borrows the executor. Shares the inbox with those who put something in, also when it
//            is gone itself.
// Threads    One at a time.
// Order      A reader gets every revision that its selection sees exactly once, in ascending order,
//            or its watch is ended with an error or begun anew with a Reset.
// Bounds     Options. No reader holds up another, except in a replay: for replay_stall_max.
class Fanout {
 public:
  Fanout(const Options& options, executor::Executor* executor, std::shared_ptr<Inbox> inbox);
  ~Fanout();

  // Does what there is to do, a bounded part of it. Returns how long nothing has to be done unless
  // something comes into the inbox.
  absl::Duration Step();

  // Watches that are not ended.
  std::size_t watchers() const { return watchers_.size(); }
  bool has_copy() const { return replica_.has_value(); }

 private:
  using Watchers = std::unordered_map<WatchId, std::unique_ptr<Watcher>>;

  // Letters.
  void Receive(Opened opened);
  void Receive(const Sent& sent);
  void Receive(const Gone& gone);
  void Receive(HistoryPage page);
  void Receive(const Draining&);

  // The present.
  void TakeCopy();
  void ShareState();
  void StepChanges();
  void OnRevision(const executor::Change& change);
  // A page from `from` on comes as a HistoryPage with the ticket returned.
  std::uint64_t AskHistory(Revision from, Revision to);
  void FillGap(Revision to);
  void OnGapPage(absl::StatusOr<std::vector<storage::Record>> records);
  void StepSnapshots();
  void SnapshotMade(Feed* feed, std::shared_ptr<const Snapshot> snapshot);
  void Linger();
  void DropCopy();

  // How a watch comes to the present.
  void Admit(Watcher* watcher);
  void Resume(Watcher* watcher, Revision after);
  void BeginFresh(Watcher* watcher);
  void Reset(Watcher* watcher, v1::WatchResponse::Reset::Reason reason);
  void GiveSnapshot(Watcher* watcher, const std::shared_ptr<const Snapshot>& snapshot);
  void GoLive(Watcher* watcher);
  bool RecentFrom(const Watcher& watcher, Revision after) const;
  void StepRecent();
  void StepReplay();
  void RequestPage(Revision from, Revision to);
  void OnReplayPage(absl::StatusOr<std::vector<storage::Record>> records);
  absl::Status ReplayPage(std::vector<storage::Record> records);
  void ReplayFailed(const absl::Status& status);
  bool EndReplayIfDone();
  void QueueRevision(Watcher* watcher, RevisionEvents& revision);

  // What goes out.
  void MarkReady(Watcher* watcher);
  void Deliver();
  void DeliverTo(Watcher* watcher);
  void TakeLive(Watcher* watcher, Message* message, std::size_t* bytes, Revision* whole);
  void TakeMerged(Watcher* watcher, Message* message, std::size_t* bytes, Revision* whole);
  void SealFeeds();
  void CheckBounds(Feed* feed, const std::vector<Watcher*>& readers);
  void Send(Watcher* watcher, Message message);
  void End(Watcher* watcher, absl::Status status);
  void EndTooSlow(Watcher* watcher, const std::string& limit, const std::string& max);
  void Remove(Watcher* watcher);
  absl::Duration Sweep();
  void SweepOne(Watcher* watcher, absl::Duration now, absl::Duration* next);
  std::vector<Watcher*> ReadersOf(const Feed& feed);

  const Options options_;
  executor::Executor* const executor_;
  const std::shared_ptr<Inbox> inbox_;

  Watchers watchers_;
  std::map<std::string, std::shared_ptr<Feed>> feeds_;  // by Selection::Identity
  std::vector<WatchId> ready_;
  bool draining_ = false;
  bool more_ = false;           // this step left something that can be done at once
  absl::Duration sweep_at_;     // Clock::Steady
  absl::Duration unused_from_;  // Clock::Steady; nobody watches since then

  std::optional<Replica> replica_;
  executor::Changes changes_;  // taken, and not looked at
  std::size_t next_change_ = 0;
  std::size_t news_bytes_ = 0;  // about what one reader gets of this step
  bool fresh_news_ = false;     // feeds have got something since they were sealed

  std::deque<std::shared_ptr<RevisionEvents>> recent_;
  std::size_t recent_bytes_ = 0;
  std::deque<std::shared_ptr<const Snapshot>> snapshot_cache_;
  std::vector<std::weak_ptr<const Snapshot>> snapshots_;

  std::vector<WatchId> parked_;    // for a revision that has not come here yet
  std::vector<WatchId> catching_;  // in Phase::kRecent
  std::vector<WatchId> to_replay_;
  std::optional<Replay> replay_;
  std::vector<WatchId> in_replay_;
  std::vector<storage::Record> replay_page_;  // of the second reading, and not told yet
  std::size_t replay_next_ = 0;

  // One page of history is read at a time for each of the two.
  std::uint64_t ticket_ = 0;
  std::uint64_t gap_ticket_ = 0;     // 0: none is under way
  std::uint64_t replay_ticket_ = 0;  // the same
};

}  // namespace netstackd::watch

#endif  // NETSTACKD_SERVER_WATCH_FANOUT_H_
