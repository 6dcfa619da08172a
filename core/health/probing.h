// What is known of the probes of one side, asked in the words of the rules. Nothing here changes.
#ifndef NETSTACKD_CORE_HEALTH_PROBING_H_
#define NETSTACKD_CORE_HEALTH_PROBING_H_

#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"
#include "core/model.h"
#include "core/state.h"

namespace netstackd::core::health {

// Finished probes in a row that were lost, or answered, up to the newest one; over all targets.
std::size_t LossesInARow(const Probing& probing);
std::size_t SuccessesInARow(const Probing& probing);
// The same over the probes to one target.
std::size_t LossesInARow(const Probing& probing, std::uint8_t tag);
std::size_t SuccessesInARow(const Probing& probing, std::uint8_t tag);
// When the earliest loss of the present series was declared; there is one.
absl::Time FirstLoss(const Probing& probing);
// Losses are not acted on until then, or until the first answer.
bool IsQuiet(const Probing& probing, absl::Time now);

std::size_t ActiveTargets(const Probing& probing);
// A side that probes: with a test address ("enabled"), and somebody to probe ("capable").
bool IsEnabled(const Interface& interface, Family family);
bool IsCapable(const Interface& interface, Family family);
bool AnyEnabled(const Interface& interface);
bool AnyCapable(const Interface& interface);

// What probes say: nothing asks, nobody to ask, answered, failed.
enum class ProbeState : std::uint8_t { kDisabled, kUnknown, kOk, kFailed };
ProbeState ProbeStateOf(const Interface& interface);

// The address probes of a member's side come from: of those of the interface that are up and for
// tests, in IPv6 link-local ones, the one in the lowest slot. (The original prefers those with, or
// without, a flag that addresses do not have here.) nullptr: none.
const Address* TestAddress(const State& state, const Interface& interface, Family family);

// Time in which a failure is found in the group now, and the time between two probes for it.
absl::Duration WantedDetectionTime(const Group& group);
absl::Duration EffectiveDetectionTime(const Group& group);
// Whole milliseconds. Source  reference: "probe interval", FDT / (5 + 2).
absl::Duration ProbeInterval(absl::Duration detection_time);

}  // namespace netstackd::core::health

#endif  // NETSTACKD_CORE_HEALTH_PROBING_H_
