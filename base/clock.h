// The one place where our code asks what time it is.
#ifndef NETSTACKD_BASE_CLOCK_H_
#define NETSTACKD_BASE_CLOCK_H_

#include <chrono>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/mutex.h"

namespace netstackd {

// Wall time for records and steady time for deadlines. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  // Wall time, UTC; may jump. For what people read, never for deadlines.
  virtual absl::Time Now() const = 0;
  // Time since an arbitrary start; never goes back.
  virtual absl::Duration Steady() const = 0;

  // The machine's clock.
  static const Clock& Real();
};

// A clock that stands still until it is told to move. Thread-safe.
class FakeClock : public Clock {
 public:
  explicit FakeClock(absl::Time start) : start_(start) {}
  absl::Time Now() const override;
  absl::Duration Steady() const override;
  void Advance(absl::Duration by);

 private:
  const absl::Time start_;
  mutable Mutex mu_;
  absl::Duration passed_ ABSL_GUARDED_BY(mu_) = absl::ZeroDuration();
};

}  // namespace netstackd

#endif  // NETSTACKD_BASE_CLOCK_H_
