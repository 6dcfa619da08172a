#include "client/sdk/backoff.h"

#include <algorithm>
#include <random>

#include "absl/time/clock.h"
#include "netstackd/errors.h"

namespace netstackd {
namespace {

// [0, 1). Thread-safe: every thread has its own generator.
double SystemRandom() {
  thread_local std::minstd_rand generator{std::random_device{}()};
  return std::uniform_real_distribution<double>(0.0, 1.0)(generator);
}

}  // namespace

Backoff::Backoff(const RetryPolicy& policy, const RetryEnvironment& environment)
    : policy_(policy), environment_(environment), next_(policy.backoff_first) {}

absl::Duration Backoff::Next(const absl::Status& why) {
  const double random = environment_.random ? environment_.random() : SystemRandom();
  const absl::Duration jittered = next_ * (1.0 - policy_.jitter + 2.0 * policy_.jitter * random);
  next_ = std::min(next_ * policy_.backoff_factor, policy_.backoff_max);
  return std::max(jittered, RetryDelayOf(why).value_or(absl::ZeroDuration()));
}

void Backoff::Sleep(absl::Duration wait) const {
  if (environment_.sleep) return environment_.sleep(wait);
  absl::SleepFor(wait);
}

}  // namespace netstackd
