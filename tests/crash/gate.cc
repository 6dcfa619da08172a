#include "tests/crash/gate.h"

#include <utility>

#include "base/clock.h"

namespace netstackd::crash {

std::shared_ptr<const Connections> Gate::Enter() {
  MutexLock lock(&mu_);
  ++waiting_;
  changed_.NotifyAll();
  const std::int64_t before = life_;
  while (life_ == before && !ended_) changed_.Wait(&mu_);
  --waiting_;
  --called_;
  changed_.NotifyAll();
  return ended_ ? nullptr : open_;
}

void Gate::Progress() {
  MutexLock lock(&mu_);
  ++answers_;
  changed_.NotifyAll();
}

void Gate::Open(Connections connections) {
  MutexLock lock(&mu_);
  open_ = std::make_shared<const Connections>(std::move(connections));
  answers_ = 0;
  ++life_;
  called_ = workers_;
  changed_.NotifyAll();
}

void Gate::Await(std::int64_t answers, absl::Duration within) {
  const absl::Duration until = Clock::Real().Steady() + within;
  MutexLock lock(&mu_);
  while (answers_ < answers && !AllBack()) {
    const absl::Duration left = until - Clock::Real().Steady();
    if (left <= absl::ZeroDuration()) return;
    changed_.WaitFor(&mu_, left);
  }
}

void Gate::AwaitAll() {
  std::shared_ptr<const Connections> closed;
  MutexLock lock(&mu_);
  while (!AllBack()) changed_.Wait(&mu_);
  closed.swap(open_);
}

void Gate::End() {
  MutexLock lock(&mu_);
  ended_ = true;
  changed_.NotifyAll();
}

}  // namespace netstackd::crash
