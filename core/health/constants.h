// The numbers of failure detection. Source  reference: illumos in.mpathd, "Constants".
#ifndef NETSTACKD_CORE_HEALTH_CONSTANTS_H_
#define NETSTACKD_CORE_HEALTH_CONSTANTS_H_

#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"

namespace netstackd::core::health {

inline constexpr std::size_t kFailureLosses = 5;     // in a row mean failure
inline constexpr std::size_t kRepairSuccesses = 10;  // in a row mean repair
inline constexpr std::size_t kRecentMax = 52;        // finished probes that are remembered
inline constexpr std::size_t kTargetsMin = 3;        // activated when the last one is gone
inline constexpr std::size_t kTargetsMax = 5;        // probed at a time
inline constexpr std::size_t kTargetsKnownMax = 64;

// Functions, because absl::Duration literals are not constant expressions everywhere.
inline constexpr absl::Duration DetectionTimeDefault() { return absl::Seconds(10); }
inline constexpr absl::Duration DetectionTimeMin() { return absl::Milliseconds(100); }
inline constexpr absl::Duration RecoveryTime() {
  return absl::Seconds(60);
}  // of a slow or dead one
inline constexpr absl::Duration SettlingTime() { return absl::Seconds(60); }  // after a raise
inline constexpr absl::Duration QuietPeriod() { return absl::Seconds(40); }
inline constexpr absl::Duration FlapPeriod() { return absl::Seconds(60); }  // two link-ups are fine

}  // namespace netstackd::core::health

#endif  // NETSTACKD_CORE_HEALTH_CONSTANTS_H_
