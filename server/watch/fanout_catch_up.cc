// How a watch comes from where it is to the present.
#include <algorithm>
#include <utility>

#include "base/error.h"
#include "server/watch/fanout.h"
#include "server/watch/messages.h"

namespace netstackd::watch {
namespace {

using Phase = Watcher::Phase;
using WatchReset = v1::WatchResponse::Reset;

// Nothing is added to what is queued for one reader beyond this.
constexpr std::size_t kQueueBytes = 1u << 20;

absl::Status InFuture(Revision wanted, Revision revision, const std::string& store_id) {
  return MakeError(ErrorReason::kRevisionInFuture,
                   "this store never had revision " + std::to_string(wanted) +
                       "; was it restored from a backup?",
                   {{"wanted", std::to_string(wanted)},
                    {"revision", std::to_string(revision)},
                    {"storeId", store_id}});
}

absl::Status Changed(const std::string& store_id) {
  return MakeError(ErrorReason::kStoreChanged,
                   "the store is another one; its revisions mean something else now",
                   {{"storeId", store_id}});
}

}  // namespace

void Fanout::Admit(Watcher* watcher) {
  const WatchRequest& request = watcher->request;
  if (watcher->phase != Phase::kWaiting) return;
  if (request.after_revision == 0) return BeginFresh(watcher);
  const std::string store_id = executor_->GetStatus().store_id;
  if (request.store_id != store_id) {
    if (request.fail_when_compacted) return End(watcher, Changed(store_id));
    return Reset(watcher, WatchReset::REASON_STORE_CHANGED);
  }
  if (request.after_revision > replica_->revision()) {
    const Revision published =
        executor_->Read([](const core::State&, Revision revision) { return revision; });
    if (request.after_revision > published) {
      return End(watcher, InFuture(request.after_revision, published, store_id));
    }
    parked_.push_back(watcher->id);  // it is published, and on its way to us
    return;
  }
  Resume(watcher, request.after_revision);
}

void Fanout::BeginFresh(Watcher* watcher) {
  if (watcher->request.skip_snapshot) {
    watcher->Queue({EncodeSynced(executor_->GetStatus().store_id, replica_->revision()),
                    replica_->revision(), false});
    return GoLive(watcher);
  }
  SnapshotOfFeed& shared = watcher->feed->snapshot;
  if (const auto made = shared.made.lock()) return GiveSnapshot(watcher, made);
  std::erase_if(snapshots_, [](const auto& one) { return one.expired(); });
  const std::size_t in_use =
      snapshots_.size() - std::min(snapshots_.size(), snapshot_cache_.size());
  if (shared.builder == nullptr && in_use >= options_.snapshots_max) {
    return End(
        watcher,
        MakeError(ErrorReason::kQuotaExceeded, "too many snapshots are being read; try later",
                  {{"limit", "snapshots_max"}, {"max", std::to_string(options_.snapshots_max)}}));
  }
  watcher->wants_snapshot = true;
  more_ = true;
  if (shared.builder != nullptr) return;
  shared.builder = std::make_unique<SnapshotBuilder>(watcher->feed->selection());
}

void Fanout::GiveSnapshot(Watcher* watcher, const std::shared_ptr<const Snapshot>& snapshot) {
  watcher->wants_snapshot = false;
  for (const std::string& part : snapshot->parts) {
    watcher->Queue({Bytes(snapshot, &part), 0, false});
  }
  watcher->Queue({EncodeSynced(executor_->GetStatus().store_id, replica_->revision()),
                  replica_->revision(), false});
  GoLive(watcher);
}

void Fanout::Reset(Watcher* watcher, WatchReset::Reason reason) {
  watcher->phase = Phase::kWaiting;
  watcher->Queue({EncodeReset(reason, executor_->GetStatus().extent.first - 1), 0, true});
  BeginFresh(watcher);
  if (watcher->phase != Phase::kEnding) MarkReady(watcher);
}

void Fanout::GoLive(Watcher* watcher) {
  watcher->phase = Phase::kLive;
  watcher->run = watcher->feed->end();
  MarkReady(watcher);
}

bool Fanout::RecentFrom(const Watcher& watcher, Revision after) const {
  if (after == replica_->revision()) return true;
  if (recent_.empty() || recent_.front()->revision() > after + 1) return false;
  const auto begin =
      recent_.begin() + static_cast<std::ptrdiff_t>(after + 1 - recent_.front()->revision());
  return std::all_of(begin, recent_.end(), [&](const auto& revision) {
    return revision->Suffices(watcher.feed->selection());
  });
}

void Fanout::Resume(Watcher* watcher, Revision after) {
  watcher->at = after;
  watcher->sent_whole = after;
  if (RecentFrom(*watcher, after)) {
    watcher->phase = Phase::kRecent;
    catching_.push_back(watcher->id);
    more_ = true;
    return;
  }
  watcher->phase = Phase::kReplay;
  to_replay_.push_back(watcher->id);
  more_ = true;
}

void Fanout::QueueRevision(Watcher* watcher, RevisionEvents& revision) {
  for (EncodedBatch& batch :
       EncodeRevision(watcher->feed->selection(), revision, options_.part_bytes_max, nullptr)) {
    watcher->Queue({std::make_shared<const std::string>(std::move(batch.bytes)),
                    batch.more ? 0 : revision.revision(), false});
  }
  watcher->at = revision.revision();
  MarkReady(watcher);
}

void Fanout::StepRecent() {
  std::vector<WatchId> catching;
  catching.swap(catching_);
  for (const WatchId id : catching) {
    const auto found = watchers_.find(id);
    if (found == watchers_.end() || found->second->phase != Phase::kRecent) continue;
    Watcher* const watcher = found->second.get();
    if (watcher->at < replica_->revision() && !RecentFrom(*watcher, watcher->at)) {
      Resume(watcher, watcher->at);  // what it needs has left the memory meanwhile
      continue;
    }
    for (std::size_t i = 0; i < options_.slice_revisions; ++i) {
      if (watcher->at == replica_->revision() || watcher->queue_bytes >= kQueueBytes) break;
      RevisionEvents& next =
          *recent_[static_cast<std::size_t>(watcher->at + 1 - recent_.front()->revision())];
      QueueRevision(watcher, next);
      next.Settle();
    }
    if (watcher->at == replica_->revision()) {
      // It hears at once that it is up to date.
      if (watcher->queue.empty()) watcher->bookmark_due = options_.clock->Steady();
      GoLive(watcher);
      continue;
    }
    catching_.push_back(id);
    if (watcher->queue_bytes < kQueueBytes) more_ = true;
  }
}

void Fanout::RequestPage(Revision from, Revision to) { replay_ticket_ = AskHistory(from, to); }

void Fanout::StepReplay() {
  if (!replay_ && !to_replay_.empty()) {
    in_replay_.clear();
    Revision after = replica_->revision();
    for (const WatchId id : to_replay_) {
      const auto found = watchers_.find(id);
      if (found == watchers_.end() || found->second->phase != Phase::kReplay) continue;
      in_replay_.push_back(id);
      after = std::min(after, found->second->at);
    }
    to_replay_.clear();
    if (in_replay_.empty()) return;
    replay_.emplace(after);
  }
  if (!replay_ || replay_ticket_ != 0) return;
  if (!replay_->rewound()) {
    if (replay_->read() < replica_->revision()) {
      return RequestPage(replay_->read() + 1, replica_->revision());
    }
    replay_->Rewind(*replica_);
  }
  if (EndReplayIfDone()) return;
  if (replay_next_ < replay_page_.size()) {
    const absl::Status told = ReplayPage({});
    if (!told.ok()) ReplayFailed(told);
    return;
  }
  RequestPage(replay_->read() + 1, replica_->revision());
}

void Fanout::OnReplayPage(absl::StatusOr<std::vector<storage::Record>> records) {
  if (!replay_ || !replica_) return;
  absl::Status status = records.status();
  if (ReasonOf(status) == ErrorReason::kQuotaExceeded) return;  // busy: asked again
  if (status.ok() && !replay_->rewound())
    status = replay_->Note(*records, replica_->revision());
  else if (status.ok())
    status = ReplayPage(*std::move(records));
  if (!status.ok()) ReplayFailed(status);
  more_ = true;
}

// Tells the next revisions of the page, a new one if `records` is not empty, as far as its readers
// have room.
absl::Status Fanout::ReplayPage(std::vector<storage::Record> records) {
  if (!records.empty()) {
    replay_page_ = std::move(records);
    replay_next_ = 0;
  }
  std::size_t left = options_.slice_revisions;
  while (replay_next_ < replay_page_.size() && left-- > 0) {
    std::vector<Watcher*> readers;
    for (const WatchId id : in_replay_) {
      const auto found = watchers_.find(id);
      if (found == watchers_.end() || found->second->phase != Phase::kReplay) continue;
      if (found->second->queue_bytes >= kQueueBytes) return absl::OkStatus();
      readers.push_back(found->second.get());
    }
    auto told = replay_->Advance(std::move(replay_page_[replay_next_++]));
    if (!told.ok()) return told.status();
    for (Watcher* watcher : readers) {
      if (watcher->at < (*told)->revision()) QueueRevision(watcher, **told);
    }
    if (EndReplayIfDone()) return absl::OkStatus();
  }
  more_ = true;
  return absl::OkStatus();
}

bool Fanout::EndReplayIfDone() {
  std::vector<Watcher*> readers;
  for (const WatchId id : in_replay_) {
    const auto found = watchers_.find(id);
    if (found == watchers_.end() || found->second->phase != Phase::kReplay) continue;
    readers.push_back(found->second.get());
  }
  const Revision come_to = replay_->revision();
  const bool done = std::all_of(readers.begin(), readers.end(), [&](const Watcher* watcher) {
    return RecentFrom(*watcher, std::max(watcher->at, come_to));
  });
  if (!done) return false;
  for (Watcher* watcher : readers) {
    watcher->at = std::max(watcher->at, come_to);
    watcher->phase = Phase::kRecent;
    catching_.push_back(watcher->id);
  }
  in_replay_.clear();
  replay_.reset();
  replay_page_.clear();
  replay_next_ = 0;
  more_ = true;
  return true;
}

void Fanout::ReplayFailed(const absl::Status& status) {
  std::vector<WatchId> ids;
  ids.swap(in_replay_);
  replay_.reset();
  replay_page_.clear();
  replay_next_ = 0;
  const bool compacted = ReasonOf(status) == ErrorReason::kWatchCompacted;
  const Revision first = executor_->GetStatus().extent.first;
  for (const WatchId id : ids) {
    const auto found = watchers_.find(id);
    if (found == watchers_.end() || found->second->phase != Phase::kReplay) continue;
    Watcher* const watcher = found->second.get();
    if (compacted && watcher->at + 1 >= first) {
      to_replay_.push_back(id);  // not this one's history is gone
    } else if (compacted && !watcher->request.fail_when_compacted) {
      Reset(watcher, WatchReset::REASON_COMPACTED);
    } else {
      End(watcher,
          compacted ? WithMetadata(status, "firstRevision", std::to_string(first)) : status);
    }
  }
}

}  // namespace netstackd::watch
