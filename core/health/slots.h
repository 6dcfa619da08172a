// When probes are sent, and when one that was not answered is lost. For whoever sends them; time
// and chance come in.
//
// Source  reference: illumos in.mpathd, "Timing".
#ifndef NETSTACKD_CORE_HEALTH_SLOTS_H_
#define NETSTACKD_CORE_HEALTH_SLOTS_H_

#include <cstdint>
#include <vector>

#include "absl/time/time.h"

namespace netstackd::core::health {

// The base is strictly periodic; a probe is sent 0.5 to 1 interval after it, so that the gap
// between two probes is 0.5 to 1.5 intervals. `chance` is at least 0 and below 1.
struct Schedule {
  absl::Time base{};
  absl::Time next{};              // when the next probe is sent
  std::int64_t missed = 0;        // intervals that were slept through
  std::int64_t times_missed = 0;  // how often that happened

  bool operator==(const Schedule&) const = default;
};
Schedule StartSchedule(absl::Time now, absl::Duration interval, double chance);
// A probe was sent at `now`, not before `schedule.next`. Whole intervals that passed are skipped.
Schedule NextSlot(Schedule schedule, absl::Time now, absl::Duration interval, double chance);

struct SentProbe {
  enum class State : std::uint8_t { kPending, kAnswered, kLost };
  std::uint16_t sequence = 0;
  absl::Time sent{};
  State state = State::kPending;
  absl::Time ended{};

  bool operator==(const SentProbe&) const = default;
};
// What a detection slot does before it sends: of the two newest probes, those that wait longer than
// the CRTT (the interval, if that is 0) are lost, and the older one is lost in any case. So at most
// one waits. `probes` has the oldest first.
void DeclareLost(std::vector<SentProbe>& probes, absl::Time now, absl::Duration crtt,
                 absl::Duration interval);

}  // namespace netstackd::core::health

#endif  // NETSTACKD_CORE_HEALTH_SLOTS_H_
