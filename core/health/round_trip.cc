#include "core/health/round_trip.h"

#include <algorithm>
#include <cstdlib>

#include "core/health/constants.h"
#include "core/health/probing.h"

namespace netstackd::core::health {
namespace {

constexpr std::int64_t kNsPerMs = 1'000'000;
constexpr std::int64_t kExceptionFactor = 2;
constexpr std::int64_t kNextFactor = 2;
constexpr std::int64_t kLowerTrigger = 4;
constexpr std::size_t kTargetsForException = 4;

void Integrate(ProbeTarget& target, std::int64_t m) {
  if (target.scaled_average_ns == 0) {
    target.scaled_average_ns = 8 * m;
    target.scaled_deviation_ns = 2 * m;
    return;
  }
  const std::int64_t error = m - target.scaled_average_ns / 8;
  target.scaled_average_ns = std::max<std::int64_t>(0, target.scaled_average_ns + error);
  target.scaled_deviation_ns += std::abs(error) - target.scaled_deviation_ns / 4;
}

bool CanBe(absl::Duration rtt, absl::Duration interval) {
  return rtt >= absl::ZeroDuration() && rtt <= static_cast<std::int64_t>(kRecentMax) * interval;
}

std::int64_t CrttWith(ProbeTarget target, std::int64_t m) {
  Integrate(target, m);
  return CrttMs(target);
}

}  // namespace

std::int64_t CrttMs(const ProbeTarget& target) {
  return (target.scaled_average_ns / 8 + target.scaled_deviation_ns) / kNsPerMs;
}

Sample AddSample(ProbeTarget& target, absl::Duration rtt, absl::Duration interval) {
  if (!CanBe(rtt, interval)) return Sample::kRefused;
  const std::int64_t m = absl::ToInt64Nanoseconds(rtt);
  const bool suspect = CrttWith(target, m) > absl::ToInt64Milliseconds(interval);
  if (suspect && !target.held_rtt_ns) {
    target.held_rtt_ns = m;
    return Sample::kHeld;
  }
  if (suspect) Integrate(target, *target.held_rtt_ns);
  target.held_rtt_ns.reset();
  Integrate(target, m);
  return Sample::kUsed;
}

Sample AddLoweringSample(ProbeTarget& target, absl::Duration rtt, absl::Duration interval) {
  if (!CanBe(rtt, interval)) return Sample::kRefused;
  const std::int64_t m = absl::ToInt64Nanoseconds(rtt);
  if (CrttWith(target, m) >= CrttMs(target)) return Sample::kRefused;
  Integrate(target, m);
  return Sample::kUsed;
}

void ForgetRoundTrips(Probing& probing) {
  for (ProbeTarget& target : probing.targets) {
    target.scaled_average_ns = target.scaled_deviation_ns = 0;
    target.held_rtt_ns.reset();
  }
}

bool IsException(const Probing& probing, std::uint8_t tag, absl::Duration interval) {
  if (ActiveTargets(probing) < kTargetsForException) return false;
  return std::all_of(probing.targets.begin(), probing.targets.end(), [&](const ProbeTarget& one) {
    return one.tag == tag || one.state != TargetState::kActive ||
           CrttMs(one) <= absl::ToInt64Milliseconds(interval) / kExceptionFactor;
  });
}

absl::Duration RaisedDetectionTime(const ProbeTarget& target) {
  return absl::Milliseconds(kNextFactor * CrttMs(target) *
                            static_cast<std::int64_t>(kFailureLosses + 2));
}

absl::Duration LoweredDetectionTime(absl::Duration now, absl::Duration asked) {
  return std::max(absl::Milliseconds(absl::ToInt64Milliseconds(now) / kNextFactor), asked);
}

bool AllowsLower(const Probing& probing, absl::Duration interval) {
  return std::all_of(probing.targets.begin(), probing.targets.end(), [&](const ProbeTarget& one) {
    return one.state != TargetState::kActive ||
           CrttMs(one) <= absl::ToInt64Milliseconds(interval) / kLowerTrigger;
  });
}

}  // namespace netstackd::core::health
