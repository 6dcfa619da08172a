#include "server/transport/polling_role.h"

#include "base/clock.h"

namespace netstackd::transport {
namespace {

// Who watches goes to sleep if nobody went away for as long.
constexpr absl::Duration kWatchFor = absl::Seconds(1);

}  // namespace

bool PollingRole::Await(int thread) {
  MutexLock lock(&mu_);
  while (!ended_) {
    const absl::Duration now = Clock::Real().Steady();
    if (holder_ == thread) return true;
    if (away_ && now - since_ >= kAwayMax) {
      holder_ = thread;
      away_ = false;
      return true;
    }
    if (away_ || now - since_ < kWatchFor) {
      changed_.WaitFor(&mu_, kAwayMax);
    } else {
      sleeping_ = true;
      changed_.Wait(&mu_);
      sleeping_ = false;
    }
  }
  return false;
}

void PollingRole::GoAway() {
  MutexLock lock(&mu_);
  away_ = true;
  since_ = Clock::Real().Steady();
  if (sleeping_) changed_.NotifyOne();
}

bool PollingRole::ComeBack(int thread) {
  MutexLock lock(&mu_);
  if (holder_ != thread) return false;
  away_ = false;
  return true;
}

void PollingRole::End() {
  MutexLock lock(&mu_);
  ended_ = true;
  changed_.NotifyAll();
}

}  // namespace netstackd::transport
