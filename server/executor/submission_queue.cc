#include "server/executor/submission_queue.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/error.h"
#include "base/status_macros.h"

namespace netstackd::executor {
namespace {

absl::Status Full(const char* limit, std::size_t max) {
  return MakeError(ErrorReason::kQuotaExceeded, "too many requests wait for the journal; try again",
                   {{"limit", limit}, {"max", std::to_string(max)}});
}

}  // namespace

absl::Status SubmissionQueue::CheckOpen() const {
  if (!closed_) return absl::OkStatus();
  return MakeError(ErrorReason::kServerDraining, "the server is stopping; try again elsewhere");
}

void SubmissionQueue::Enqueue(Pending&& pending) {
  requests_.push_back(std::move(pending));
  ++pushed_;
  if (requests_.size() == 1) work_.NotifyOne();
}

absl::Status SubmissionQueue::Push(Pending&& pending) {
  MutexLock lock(&mu_);
  NSD_RETURN_IF_ERROR(CheckOpen());
  if (requests_.size() >= max_) return Full("queue_max", max_);
  Enqueue(std::move(pending));
  return absl::OkStatus();
}

absl::Status SubmissionQueue::Return(Pending&& pending) {
  MutexLock lock(&mu_);
  NSD_RETURN_IF_ERROR(CheckOpen());
  Enqueue(std::move(pending));
  return absl::OkStatus();
}

absl::Status SubmissionQueue::Push(Order&& order) {
  MutexLock lock(&mu_);
  NSD_RETURN_IF_ERROR(CheckOpen());
  if (orders_.size() >= kOrdersMax) return Full("orders_max", kOrdersMax);
  orders_.push_back({pushed_, 0, std::move(order)});
  work_.NotifyOne();
  return absl::OkStatus();
}

SubmissionQueue::Taken SubmissionQueue::Take(std::size_t max) {
  Taken result;
  MutexLock lock(&mu_);
  while (!requests_.empty() && result.requests.size() < max) {
    result.requests.push_back(std::move(requests_.front()));
    requests_.pop_front();
    ++taken_;
  }
  result.orders.swap(orders_);
  result.closed = closed_;
  result.abandoned = abandoned_;
  news_ = false;
  return result;
}

void SubmissionQueue::Wait(absl::Duration timeout) {
  MutexLock lock(&mu_);
  // One wait is enough: whoever wakes for nothing looks again.
  if (requests_.empty() && orders_.empty() && !news_) work_.WaitFor(&mu_, timeout);
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
