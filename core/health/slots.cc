#include "core/health/slots.h"

#include <cstddef>

namespace netstackd::core::health {

Schedule StartSchedule(absl::Time now, absl::Duration interval, double chance) {
  const absl::Time base = now + chance * interval;
  return {.base = base, .next = base};
}

Schedule NextSlot(Schedule schedule, absl::Time now, absl::Duration interval, double chance) {
  if (now - schedule.base >= interval) {
    absl::Duration rest;
    const std::int64_t skipped = absl::IDivDuration(now - schedule.base, interval, &rest);
    schedule.base += skipped * interval;
    schedule.missed += skipped;
    ++schedule.times_missed;
  }
  schedule.next = schedule.base + (0.5 + 0.5 * chance) * interval;
  schedule.base += interval;
  return schedule;
}

void DeclareLost(std::vector<SentProbe>& probes, absl::Time now, absl::Duration crtt,
                 absl::Duration interval) {
  const absl::Duration patience = crtt == absl::ZeroDuration() ? interval : crtt;
  for (std::size_t age = 0; age < 2 && age < probes.size(); ++age) {
    SentProbe& probe = probes[probes.size() - 1 - age];
    if (probe.state != SentProbe::State::kPending) continue;
    if (age == 0 && now - probe.sent <= patience) continue;
    probe.state = SentProbe::State::kLost;
    probe.ended = now;
  }
}

}  // namespace netstackd::core::health
