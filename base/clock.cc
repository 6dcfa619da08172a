#include "base/clock.h"

namespace netstackd {
namespace {

class RealClock : public Clock {
 public:
  absl::Time Now() const override { return absl::Now(); }
  absl::Duration Steady() const override {
    return absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch());
  }
};

}  // namespace

const Clock& Clock::Real() {
  static const RealClock clock;
  return clock;
}

absl::Time FakeClock::Now() const {
  MutexLock lock(&mu_);
  return start_ + passed_;
}

absl::Duration FakeClock::Steady() const {
  MutexLock lock(&mu_);
  return passed_;
}

void FakeClock::Advance(absl::Duration by) {
  MutexLock lock(&mu_);
  passed_ += by;
}

}  // namespace netstackd
