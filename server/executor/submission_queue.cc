#include "server/executor/submission_queue.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "server/executor/endings.h"

namespace netstackd::executor {
namespace {

absl::Status Full(const char* limit, std::size_t max) {
  return MakeError(ErrorReason::kQuotaExceeded, "too many requests wait for the journal; try again",
                   {{"limit", limit}, {"max", std::to_string(max)}});
}

}  // namespace

absl::Status SubmissionQueue::CheckOpen() const {
  if (!closed_) return absl::OkStatus();
  return ServerStops();
}

bool SubmissionQueue::HasWork() const { return !requests_.empty() || !orders_.empty() || news_; }

absl::Status SubmissionQueue::Enqueue(Pending&& pending, std::size_t max) {
  bool wake = false;
  {
    MutexLock lock(&mu_);
    NSD_RETURN_IF_ERROR(CheckOpen());
    if (requests_.size() >= max) return Full("queue_max", max_);
    wake = requests_.empty() && waiting_ && !turn_;
    requests_.push_back(std::move(pending));
    ++pushed_;
  }
  // Without the lock, which whoever wakes up needs first.
  if (wake) work_.NotifyOne();
  return absl::OkStatus();
}

absl::Status SubmissionQueue::Push(Pending&& pending) { return Enqueue(std::move(pending), max_); }

SubmissionQueue::Pushed SubmissionQueue::Push(std::vector<Pending>* together, bool may_lead) {
  Pushed pushed;
  bool wake = false;
  {
    MutexLock lock(&mu_);
    pushed.refusal = CheckOpen();
    if (!pushed.refusal.ok()) return pushed;
    pushed.count = std::min(together->size(), max_ - std::min(max_, requests_.size()));
    if (pushed.count < together->size()) pushed.refusal = Full("queue_max", max_);
    pushed.lead = may_lead && pushed.count == 1 && !turn_ && !HasWork();
    if (pushed.lead) turn_ = true;
    wake = pushed.count > 0 && requests_.empty() && waiting_ && !turn_;
    std::move(together->begin(), together->begin() + static_cast<std::ptrdiff_t>(pushed.count),
              std::back_inserter(requests_));
    pushed_ += pushed.count;
  }
  if (wake) work_.NotifyOne();
  return pushed;
}

absl::Status SubmissionQueue::Return(Pending&& pending) {
  return Enqueue(std::move(pending), std::numeric_limits<std::size_t>::max());
}

void SubmissionQueue::EndTurn(absl::Duration due) {
  bool wake = false;
  {
    MutexLock lock(&mu_);
    turn_ = false;
    wake = HasWork() || Clock::Real().Steady() + due < wake_at_;
  }
  if (wake) work_.NotifyOne();
}

absl::Status SubmissionQueue::Push(Order&& order) {
  MutexLock lock(&mu_);
  NSD_RETURN_IF_ERROR(CheckOpen());
  if (orders_.size() >= kOrdersMax) return Full("orders_max", kOrdersMax);
  orders_.push_back({pushed_, 0, std::move(order)});
  work_.NotifyOne();
  return absl::OkStatus();
}

std::vector<Pending> SubmissionQueue::Dequeue(std::size_t max) {
  std::vector<Pending> taken;
  taken.reserve(std::min(max, requests_.size()));
  while (!requests_.empty() && taken.size() < max) {
    taken.push_back(std::move(requests_.front()));
    requests_.pop_front();
    ++taken_;
  }
  return taken;
}

SubmissionQueue::Taken SubmissionQueue::Take(std::size_t max) {
  Taken result;
  MutexLock lock(&mu_);
  result.requests = Dequeue(max);
  result.orders.swap(orders_);
  result.closed = closed_;
  result.abandoned = abandoned_;
  news_ = false;
  return result;
}

std::vector<Pending> SubmissionQueue::TakeRequests(std::size_t max) {
  MutexLock lock(&mu_);
  return Dequeue(max);
}

void SubmissionQueue::Wait(absl::Duration timeout) {
  MutexLock lock(&mu_);
  turn_ = false;
  waiting_ = true;
  wake_at_ = Clock::Real().Steady() + timeout;
  // One wait is enough: whoever wakes for nothing looks again.
  if (!HasWork()) work_.WaitFor(&mu_, timeout);
  if (turn_) wake_at_ = absl::InfiniteDuration();  // EndTurn wakes us, whatever is due
  while (turn_) work_.Wait(&mu_);
  turn_ = true;
  waiting_ = false;
}

std::uint64_t SubmissionQueue::pushed() const {
  MutexLock lock(&mu_);
  return pushed_;
}

std::uint64_t SubmissionQueue::taken() const {
  MutexLock lock(&mu_);
  return taken_;
}

std::size_t SubmissionQueue::size() const {
  MutexLock lock(&mu_);
  return requests_.size();
}

void SubmissionQueue::Close() {
  MutexLock lock(&mu_);
  closed_ = true;
  news_ = true;
  work_.NotifyOne();
}

void SubmissionQueue::Abandon() {
  MutexLock lock(&mu_);
  abandoned_ = true;
  news_ = true;
  work_.NotifyOne();
}

void SubmissionQueue::Finish() {
  MutexLock lock(&mu_);
  finished_ = true;
  end_.NotifyAll();
}

bool SubmissionQueue::WaitFinished(absl::Duration timeout) {
  const absl::Duration end = Clock::Real().Steady() + timeout;
  MutexLock lock(&mu_);
  while (!finished_) {
    const absl::Duration left = end - Clock::Real().Steady();
    if (left <= absl::ZeroDuration()) return false;
    // Bounded, so that an infinite deadline stays representable.
    end_.WaitFor(&mu_, std::min(left, absl::Hours(1)));
  }
  return true;
}

}  // namespace netstackd::executor
