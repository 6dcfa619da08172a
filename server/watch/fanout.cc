#include "server/watch/fanout.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "server/executor/endings.h"
#include "server/watch/messages.h"

namespace netstackd::watch {
namespace {

constexpr std::int64_t kPageRevisions = 500;

absl::Status TooMany(const char* what, const char* limit, std::size_t max) {
  return MakeError(ErrorReason::kQuotaExceeded, std::string("too many ") + what + "; try later",
                   {{"limit", limit}, {"max", std::to_string(max)}});
}

}  // namespace

Fanout::Fanout(const Options& options, executor::Executor* executor, std::shared_ptr<Inbox> inbox)
    : options_(options),
      executor_(executor),
      inbox_(std::move(inbox)),
      sweep_at_(options.clock->Steady()),
      unused_from_(options.clock->Steady()) {}

Fanout::~Fanout() { executor_->Listen(nullptr); }

absl::Duration Fanout::Step() {
  more_ = false;
  for (Letter& letter : inbox_->TakeLetters()) {
    std::visit([this](auto& one) { Receive(std::move(one)); }, letter);
  }
  if (replica_) {
    StepChanges();
    StepSnapshots();
    StepReplay();
    StepRecent();
  }
  Deliver();
  const absl::Duration wait = Sweep();
  Linger();
  return more_ ? absl::ZeroDuration() : wait;
}

void Fanout::Receive(Opened opened) {
  const auto refuse = [&](const absl::Status& status) { opened.sink->End(status); };
  if (draining_) return refuse(executor::ServerStops("resume elsewhere"));
  if (watchers_.size() >= options_.watchers_max) {
    return refuse(TooMany("watches", "watchers_max", options_.watchers_max));
  }
  const std::string identity = opened.request.selection.Identity();
  auto found = feeds_.find(identity);
  if (found == feeds_.end()) {
    if (feeds_.size() >= options_.selections_max) {
      return refuse(TooMany("different watches", "selections_max", options_.selections_max));
    }
    found =
        feeds_.emplace(identity, std::make_shared<Feed>(options_, opened.request.selection)).first;
  }
  auto watcher = std::make_unique<Watcher>();
  watcher->id = opened.id;
  watcher->request = std::move(opened.request);
  watcher->sink = opened.sink;
  watcher->feed = found->second;
  watcher->since = options_.clock->Steady();
  watcher->bookmark_due = watcher->since + watcher->request.bookmark_interval;
  sweep_at_ = std::min(sweep_at_, watcher->bookmark_due);
  Watcher* const added = watcher.get();
  watchers_.emplace(added->id, std::move(watcher));
  if (!replica_) TakeCopy();
  Admit(added);
}

void Fanout::TakeCopy() {
  executor_->Listen(inbox_);  // first: what the copy lacks will come
  executor_->Read(
      [this](const core::State& state, Revision revision) { replica_.emplace(state, revision); });
}

void Fanout::Receive(const Sent& sent) {
  const auto found = watchers_.find(sent.id);
  if (found == watchers_.end()) return;
  Watcher* const watcher = found->second.get();
  watcher->sending = false;
  watcher->since = options_.clock->Steady();
  if (watcher->phase == Watcher::Phase::kEnding) {
    watcher->sink->End(watcher->ending);
    return Remove(watcher);
  }
  if (!sent.ok) return End(watcher, executor::CallerGone());
  sweep_at_ = std::min(sweep_at_, watcher->bookmark_due);
  MarkReady(watcher);
}

void Fanout::Receive(const Gone& gone) {
  const auto found = watchers_.find(gone.id);
  if (found != watchers_.end()) End(found->second.get(), executor::CallerGone());
}

void Fanout::Receive(const Draining&) {
  draining_ = true;
  std::vector<Watcher*> all;
  for (const auto& row : watchers_) all.push_back(row.second.get());
  for (Watcher* watcher : all) End(watcher, executor::ServerStops("resume elsewhere"));
}

void Fanout::Receive(HistoryPage page) {
  if (page.ticket == gap_ticket_) {
    gap_ticket_ = 0;
    OnGapPage(std::move(page.records));
  } else if (page.ticket == replay_ticket_) {
    replay_ticket_ = 0;
    OnReplayPage(std::move(page.records));
  }
}

void Fanout::StepChanges() {
  news_bytes_ = 0;
  for (std::size_t i = 0; i < options_.slice_revisions; ++i) {
    if (news_bytes_ >= options_.message_bytes_max) break;  // readers first
    if (next_change_ == changes_.size()) {
      changes_ = inbox_->TakeChanges(options_.slice_revisions);
      next_change_ = 0;
    }
    if (changes_.empty()) {
      if (inbox_->dropped() > replica_->revision()) FillGap(inbox_->dropped());
      break;
    }
    const Revision revision = changes_[next_change_]->record->revision;
    if (revision > replica_->revision() + 1) {
      FillGap(revision - 1);
      break;
    }
    const auto change = std::move(changes_[next_change_++]);
    if (revision > replica_->revision()) OnRevision(*change);
    more_ = true;
  }
  SealFeeds();
  if (more_) ShareState();
  if (!parked_.empty()) {
    std::vector<WatchId> parked;
    parked.swap(parked_);
    for (const WatchId id : parked) {
      const auto found = watchers_.find(id);
      if (found != watchers_.end()) Admit(found->second.get());
    }
  }
}

// The copy has changed its own way; if the published state is of the same revision, both share
// again.
void Fanout::ShareState() {
  core::State state;
  const Revision revision =
      executor_->Read([&state, this](const core::State& published, Revision newest) {
        if (newest == replica_->revision()) state = published;
        return newest;
      });
  if (revision == replica_->revision()) replica_->Share(std::move(state));
}

void Fanout::OnRevision(const executor::Change& change) {
  bool dependents = false;
  for (const auto& row : feeds_) dependents |= NeedsDependents(row.second->selection());
  auto revision = replica_->Advance(change, dependents);
  std::size_t most = 0;
  for (const auto& row : feeds_) {
    Feed& feed = *row.second;
    if (feed.snapshot.builder) feed.snapshot.builder->Patch(*revision);
    const std::size_t appended = feed.Append(*revision);
    if (appended == 0) continue;
    most = std::max(most, appended);
    feed.snapshot.made.reset();
    fresh_news_ = true;
  }
  news_bytes_ += most;
  revision->Settle();
  recent_bytes_ += revision->bytes();
  recent_.push_back(std::move(revision));
  while (recent_.size() > options_.recent_revisions_max ||
         (recent_bytes_ > options_.recent_bytes_max && recent_.size() > 1)) {
    recent_bytes_ -= recent_.front()->bytes();
    recent_.pop_front();
  }
}

std::uint64_t Fanout::AskHistory(Revision from, Revision to) {
  const std::uint64_t ticket = ++ticket_;
  executor_->History(from, to, kPageRevisions, [inbox = inbox_, ticket](auto records) {
    inbox->Put(HistoryPage{ticket, std::move(records)});
  });
  return ticket;
}

void Fanout::FillGap(Revision to) {
  if (gap_ticket_ != 0) return;
  gap_ticket_ = AskHistory(replica_->revision() + 1, to);
}

void Fanout::OnGapPage(absl::StatusOr<std::vector<storage::Record>> records) {
  absl::Status status = records.status();
  if (!replica_) return;
  if (records.ok()) {
    for (storage::Record& record : *records) {
      if (record.revision != replica_->revision() + 1) continue;
      const auto change = DecodeChange(std::move(record));
      status = change.status();
      if (!status.ok()) break;
      OnRevision(**change);
    }
    SealFeeds();
  }
  if (status.ok() || ReasonOf(status) == ErrorReason::kQuotaExceeded) {
    more_ = true;  // if the helper is busy it is asked again
    return;
  }
  // What is missing cannot be had: everybody begins anew on a new copy.
  std::vector<Watcher*> all;
  for (const auto& row : watchers_) all.push_back(row.second.get());
  for (Watcher* watcher : all) {
    EndTooSlow(watcher, "changes_max", std::to_string(options_.changes_max));
  }
  DropCopy();
}

void Fanout::StepSnapshots() {
  for (const auto& row : feeds_) {
    Feed* const feed = row.second.get();
    if (feed->snapshot.builder == nullptr) continue;
    if (!feed->snapshot.builder->Step(replica_->state(), options_.slice_objects)) {
      more_ = true;
      continue;
    }
    SnapshotMade(feed, feed->snapshot.builder->Finish(options_.part_bytes_max));
  }
}

void Fanout::SnapshotMade(Feed* feed, std::shared_ptr<const Snapshot> snapshot) {
  feed->snapshot.builder.reset();
  feed->snapshot.made = snapshot;
  snapshots_.push_back(snapshot);
  snapshot_cache_.push_back(snapshot);
  if (snapshot_cache_.size() > options_.snapshots_cached) snapshot_cache_.pop_front();
  for (const auto& row : watchers_) {
    Watcher* const watcher = row.second.get();
    if (watcher->wants_snapshot && watcher->feed.get() == feed) GiveSnapshot(watcher, snapshot);
  }
}

void Fanout::Linger() {
  const absl::Duration now = options_.clock->Steady();
  if (!watchers_.empty()) {
    unused_from_ = now;
  } else if (replica_ && now - unused_from_ >= options_.linger) {
    DropCopy();
  }
}

void Fanout::DropCopy() {
  executor_->Listen(nullptr);
  replica_.reset();
  replay_.reset();
  replay_ticket_ = 0;
  gap_ticket_ = 0;
  replay_page_.clear();
  changes_.clear();
  next_change_ = 0;
  recent_.clear();
  recent_bytes_ = 0;
  snapshot_cache_.clear();
  while (!inbox_->TakeChanges(options_.changes_max).empty()) {
  }
}

}  // namespace netstackd::watch
