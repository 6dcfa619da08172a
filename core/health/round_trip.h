// Round-trip times of targets and what they do to the detection time: arithmetic, nothing else.
//
// Source  reference: illumos in.mpathd, "RTT smoothing" (Jacobson/Karels, scaled integers).
#ifndef NETSTACKD_CORE_HEALTH_ROUND_TRIP_H_
#define NETSTACKD_CORE_HEALTH_ROUND_TRIP_H_

#include <cstdint>

#include "absl/time/time.h"
#include "core/health/detection.h"

namespace netstackd::core::health {

// The conservative round-trip time: average + 4 deviations, in whole milliseconds. 0: no sample.
std::int64_t CrttMs(const ProbeTarget& target);

enum class Sample : std::uint8_t { kUsed, kHeld, kRefused };

// A sample of a probe for failures. One that would lift the CRTT above the interval is suspect:
// the first is held back, a second in a row brings both in; a good one drops what is held.
// Refused: negative, or longer than 52 intervals.
Sample AddSample(ProbeTarget& target, absl::Duration rtt, absl::Duration interval);
// A sample of a probe that was sent for its time only: used if the CRTT falls by it.
Sample AddLoweringSample(ProbeTarget& target, absl::Duration rtt, absl::Duration interval);
void ForgetRoundTrips(Probing& probing);

// True if one target is slow among fast ones: at least 4 are active, and the CRTT of all others is
// at most half of the interval.
bool IsException(const Probing& probing, std::uint8_t tag, absl::Duration interval);
// The detection time for a target that is slower than the interval.
absl::Duration RaisedDetectionTime(const ProbeTarget& target);
// The next lower detection time on the way back to the one that was asked for.
absl::Duration LoweredDetectionTime(absl::Duration now, absl::Duration asked);
// True if every active target would do with a quarter of the interval.
bool AllowsLower(const Probing& probing, absl::Duration interval);

}  // namespace netstackd::core::health

#endif  // NETSTACKD_CORE_HEALTH_ROUND_TRIP_H_
