// What goes out to readers, and who is ended.
#include <algorithm>
#include <utility>

#include "base/error.h"
#include "server/watch/fanout.h"
#include "server/watch/messages.h"

namespace netstackd::watch {
namespace {

using Phase = Watcher::Phase;

}  // namespace

void Fanout::MarkReady(Watcher* watcher) {
  if (watcher->ready || watcher->sending) return;
  watcher->ready = true;
  ready_.push_back(watcher->id);
}

std::vector<Watcher*> Fanout::ReadersOf(const Feed& feed) {
  std::vector<Watcher*> readers;
  for (const auto& row : watchers_) {
    Watcher* const watcher = row.second.get();
    if (watcher->feed.get() == &feed && watcher->phase == Phase::kLive) readers.push_back(watcher);
  }
  return readers;
}

void Fanout::SealFeeds() {
  if (!fresh_news_) return;
  fresh_news_ = false;
  std::map<const Feed*, std::vector<Watcher*>> readers;
  for (const auto& row : watchers_) {
    Watcher* const watcher = row.second.get();
    if (watcher->phase == Phase::kLive) readers[watcher->feed.get()].push_back(watcher);
  }
  std::vector<std::shared_ptr<Feed>> feeds;  // one goes with its last reader
  for (const auto& row : feeds_) feeds.push_back(row.second);
  for (const auto& feed : feeds) {
    feed->Seal();
    CheckBounds(feed.get(), readers[feed.get()]);
  }
}

void Fanout::CheckBounds(Feed* feed, const std::vector<Watcher*>& readers) {
  std::uint64_t needed = feed->end();
  std::vector<Watcher*> slow;
  for (Watcher* watcher : readers) {
    // Who has no message under way gets one before the next look.
    const bool over =
        watcher->sending && (feed->BytesFrom(watcher->run) > options_.pending_bytes_max ||
                             feed->EventsFrom(watcher->run) > options_.pending_events_max);
    if (watcher->request.selection.latest_only && (over || watcher->behind)) {
      watcher->behind = true;
      for (; watcher->run < feed->end(); ++watcher->run) {
        for (const auto& seen : feed->run(watcher->run).seen) watcher->merged.Add(seen);
      }
    } else if (over) {
      slow.push_back(watcher);
      continue;
    }
    needed = std::min(needed, watcher->run);
    if (watcher->HasWork()) MarkReady(watcher);
  }
  feed->DropBefore(needed);
  for (Watcher* watcher : slow) {
    EndTooSlow(watcher, "pending_bytes_max", std::to_string(options_.pending_bytes_max));
  }
}

void Fanout::Deliver() {
  std::vector<WatchId> ready;
  ready.swap(ready_);
  for (const WatchId id : ready) {
    const auto found = watchers_.find(id);
    if (found == watchers_.end()) continue;
    Watcher* const watcher = found->second.get();
    watcher->ready = false;
    if (!watcher->sending && watcher->phase != Phase::kEnding) DeliverTo(watcher);
  }
}

void Fanout::DeliverTo(Watcher* watcher) {
  Message message;
  std::size_t bytes = 0;
  Revision whole = watcher->sent_whole;
  while (!watcher->queue.empty()) {
    Watcher::Part& part = watcher->queue.front();
    const bool fits = bytes + part.bytes->size() <= options_.message_bytes_max;
    if (!message.empty() && (!fits || part.first)) break;
    bytes += part.bytes->size();
    watcher->queue_bytes -= part.bytes->size();
    if (part.whole != 0) whole = part.whole;
    message.push_back(std::move(part.bytes));
    watcher->queue.pop_front();
  }
  if (watcher->queue.empty() && watcher->phase == Phase::kLive) {
    if (watcher->behind) {
      TakeMerged(watcher, &message, &bytes, &whole);
    } else {
      TakeLive(watcher, &message, &bytes, &whole);
    }
  }
  if (watcher->phase == Phase::kRecent || watcher->phase == Phase::kReplay) more_ = true;
  if (message.empty()) return;
  watcher->sent_whole = whole;
  Send(watcher, std::move(message));
}

void Fanout::TakeLive(Watcher* watcher, Message* message, std::size_t* bytes, Revision* whole) {
  const Feed& feed = *watcher->feed;
  for (; watcher->run < feed.end(); ++watcher->run) {
    const Run& run = feed.run(watcher->run);
    if (!message->empty() && *bytes + run.bytes->size() > options_.message_bytes_max) return;
    *bytes += run.bytes->size();
    if (run.whole != 0) *whole = run.whole;
    message->push_back(run.bytes);
  }
}

void Fanout::TakeMerged(Watcher* watcher, Message* message, std::size_t* bytes, Revision* whole) {
  if (watcher->leaving.empty()) {
    std::swap(watcher->leaving, watcher->merged);
    watcher->leaving.Refresh(replica_->state());
    watcher->leaving_revision = replica_->revision();
  }
  if (watcher->leaving.empty() || *bytes > options_.part_bytes_max) return;
  EncodedBatch batch = watcher->leaving.Take(watcher->leaving_revision, options_.part_bytes_max);
  *bytes += batch.bytes.size();
  if (!batch.more) *whole = watcher->leaving_revision;
  message->push_back(std::make_shared<const std::string>(std::move(batch.bytes)));
  if (watcher->leaving.empty() && watcher->merged.empty()) watcher->behind = false;
}

void Fanout::Send(Watcher* watcher, Message message) {
  const absl::Duration now = options_.clock->Steady();
  watcher->sending = true;
  watcher->since = now;
  watcher->bookmark_due = now + watcher->request.bookmark_interval;
  watcher->sink->Send(std::move(message));
}

void Fanout::End(Watcher* watcher, absl::Status status) {
  if (watcher->phase == Phase::kEnding) return;
  watcher->phase = Phase::kEnding;
  watcher->wants_snapshot = false;
  watcher->queue.clear();
  watcher->queue_bytes = 0;
  watcher->merged = {};
  watcher->leaving = {};
  if (!watcher->sending) {
    watcher->sink->End(status);
    return Remove(watcher);
  }
  watcher->ending = std::move(status);
  watcher->since = options_.clock->Steady();
  sweep_at_ =
      std::min(sweep_at_, watcher->since + (draining_ ? options_.drain_max : options_.stall_max));
}

void Fanout::EndTooSlow(Watcher* watcher, const std::string& limit, const std::string& max) {
  End(watcher, MakeError(ErrorReason::kWatcherTooSlow,
                         "the reader fell behind; resume after revision " +
                             std::to_string(watcher->sent_whole),
                         {{"lastRevision", std::to_string(watcher->sent_whole)},
                          {"storeId", executor_->GetStatus().store_id},
                          {"limit", limit},
                          {"max", max}}));
}

void Fanout::Remove(Watcher* watcher) {
  const std::shared_ptr<Feed> feed = watcher->feed;
  watchers_.erase(watcher->id);
  if (feed.use_count() == 2) feeds_.erase(feed->selection().Identity());  // the map's and ours
}

absl::Duration Fanout::Sweep() {
  const absl::Duration now = options_.clock->Steady();
  if (now >= sweep_at_) {
    absl::Duration next = absl::InfiniteDuration();
    std::vector<Watcher*> all;
    all.reserve(watchers_.size());
    for (const auto& row : watchers_) all.push_back(row.second.get());
    for (Watcher* watcher : all) SweepOne(watcher, now, &next);
    sweep_at_ = next;
  }
  absl::Duration wait = sweep_at_ - now;
  if (watchers_.empty() && replica_) wait = std::min(wait, unused_from_ + options_.linger - now);
  return std::clamp(wait, absl::ZeroDuration(), absl::Minutes(1));
}

void Fanout::SweepOne(Watcher* watcher, absl::Duration now, absl::Duration* next) {
  if (watcher->phase == Phase::kEnding) {
    const absl::Duration end =
        watcher->since + (draining_ ? options_.drain_max : options_.stall_max);
    if (now < end) {
      *next = std::min(*next, end);
    } else if (!watcher->aborted) {
      watcher->aborted = true;
      watcher->sink->Abort();
    }
    return;
  }
  if (watcher->sending) {
    const bool holds_up = watcher->phase == Phase::kReplay;
    const absl::Duration most = holds_up ? options_.replay_stall_max : options_.stall_max;
    if (now < watcher->since + most) {
      *next = std::min(*next, watcher->since + most);
      return;
    }
    EndTooSlow(watcher, holds_up ? "replay_stall_max" : "stall_max", absl::FormatDuration(most));
    watcher->aborted = true;  // it had its time
    watcher->sink->Abort();
    return;
  }
  if (now >= watcher->bookmark_due && !watcher->HasWork()) {
    // A live reader with nothing to read has all of the present.
    if (watcher->phase == Phase::kLive) watcher->sent_whole = replica_->revision();
    Send(watcher, {EncodeBookmark(watcher->sent_whole)});
  }
  *next = std::min(*next, std::max(watcher->bookmark_due, now + absl::Milliseconds(1)));
  if (watcher->sending) *next = std::min(*next, watcher->since + options_.replay_stall_max);
}

}  // namespace netstackd::watch
