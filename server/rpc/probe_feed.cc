#include "server/rpc/probe_feed.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "server/codec/api_probes.h"
#include "server/executor/endings.h"

namespace netstackd::rpc {
namespace {

absl::Status TooSlow() {
  return MakeError(
      ErrorReason::kWatcherTooSlow,
      "probes were reported faster than they were read; call again for those to come",
      {{"limit", "probe_messages"}, {"max", std::to_string(ProbeOutbox::kMessagesMax)}});
}

}  // namespace

void ProbeOutbox::Offer(const v1::StreamProbesResponse& message) {
  v1::StreamProbesResponse wanted;
  for (const auto& probe : message.probes()) {
    if (interfaces_.empty() || interfaces_.contains(probe.ip_interface())) {
      *wanted.add_probes() = probe;
    }
  }
  if (wanted.probes().empty()) return;
  wanted.set_revision(message.revision());
  bool full = false;
  {
    MutexLock lock(&mu_);
    if (ended_) return;
    full = waiting_.size() >= kMessagesMax;
    if (!full) waiting_.push_back(std::move(wanted));
  }
  if (full) return End(TooSlow());
  wake_();
}

void ProbeOutbox::End(const absl::Status& why) {
  std::deque<v1::StreamProbesResponse> dropped;  // destroyed without the lock
  {
    MutexLock lock(&mu_);
    if (ended_) return;
    ended_ = true;
    end_ = why;
    dropped.swap(waiting_);
  }
  wake_();
}

bool ProbeOutbox::Take(v1::StreamProbesResponse* message, absl::Status* end, bool* ended) {
  MutexLock lock(&mu_);
  *ended = ended_;
  *end = end_;
  if (ended_ || waiting_.empty()) return false;
  *message = std::move(waiting_.front());
  waiting_.pop_front();
  return true;
}

void ProbeFeed::Published(executor::Changes changes) {
  if (count_ == 0) return;
  bool call = false;
  for (const auto& published : changes) {
    Report report{published->record->revision, {}};
    for (const core::Delta& delta : published->deltas) {
      const auto* change = std::get_if<core::Change<core::Interface>>(&delta);
      if (change != nullptr && codec::HasProbes(*change)) report.changes.push_back(*change);
    }
    if (!report.changes.empty()) call = Queue(std::move(report)) || call;
  }
  if (call) {
    worker_->Continue([self = shared_from_this()] { self->Deliver(); });
  }
}

bool ProbeFeed::Queue(Report report) {
  MutexLock lock(&mu_);
  const bool first = reports_.empty();
  lost_ = lost_ || reports_.size() >= kReportsMax;
  if (!lost_) reports_.push_back(std::move(report));
  return first;
}

void ProbeFeed::Deliver() {
  std::deque<Report> reports;
  std::vector<std::shared_ptr<ProbeOutbox>> outboxes;
  bool lost = false;
  {
    MutexLock lock(&mu_);
    reports.swap(reports_);
    outboxes = outboxes_;
    std::swap(lost, lost_);
  }
  for (const Report& report : reports) {
    v1::StreamProbesResponse message;
    message.set_revision(report.revision);
    for (const auto& change : report.changes) codec::AppendProbes(change, &message);
    for (const auto& outbox : outboxes) outbox->Offer(message);
  }
  if (!lost) return;
  for (const auto& outbox : outboxes) outbox->End(TooSlow());
}

void ProbeFeed::Add(std::shared_ptr<ProbeOutbox> outbox) {
  bool closed = false;
  {
    MutexLock lock(&mu_);
    closed = closed_;
    if (!closed) outboxes_.push_back(outbox);
    count_ = outboxes_.size();
  }
  if (closed) return outbox->End(executor::ServerStops());
  executor_->Listen(shared_from_this(), executor::Seat::kProbes);
}

void ProbeFeed::Remove(const std::shared_ptr<ProbeOutbox>& outbox) {
  MutexLock lock(&mu_);
  outboxes_.erase(std::remove(outboxes_.begin(), outboxes_.end(), outbox), outboxes_.end());
  count_ = outboxes_.size();
}

void ProbeFeed::Close() {
  std::vector<std::shared_ptr<ProbeOutbox>> outboxes;
  {
    MutexLock lock(&mu_);
    closed_ = true;
    outboxes.swap(outboxes_);
    count_ = 0;
  }
  executor_->Listen(nullptr, executor::Seat::kProbes);
  for (const auto& outbox : outboxes) outbox->End(executor::ServerStops());
}

}  // namespace netstackd::rpc
