#include "core/health/probing.h"

#include <algorithm>

#include "base/check.h"
#include "core/health/constants.h"

namespace netstackd::core::health {
namespace {

// Probes in a row that ended as `lost` says, among those `counts` lets through.
template <typename F>
std::size_t InARow(const Probing& probing, bool lost, F&& counts) {
  std::size_t length = 0;
  for (auto probe = probing.recent.rbegin(); probe != probing.recent.rend(); ++probe) {
    if (!counts(*probe)) continue;
    if (probe->lost != lost) break;
    ++length;
  }
  return length;
}

std::size_t InARow(const Probing& probing, bool lost) {
  return InARow(probing, lost, [](const RecentProbe&) { return true; });
}
std::size_t InARow(const Probing& probing, bool lost, std::uint8_t tag) {
  return InARow(probing, lost, [tag](const RecentProbe& probe) { return probe.tag == tag; });
}

}  // namespace

std::size_t LossesInARow(const Probing& probing) { return InARow(probing, true); }
std::size_t SuccessesInARow(const Probing& probing) { return InARow(probing, false); }
std::size_t LossesInARow(const Probing& probing, std::uint8_t tag) {
  return InARow(probing, true, tag);
}
std::size_t SuccessesInARow(const Probing& probing, std::uint8_t tag) {
  return InARow(probing, false, tag);
}

absl::Time FirstLoss(const Probing& probing) {
  const std::size_t losses = LossesInARow(probing);
  NSD_CHECK(losses > 0);
  return probing.recent[probing.recent.size() - losses].end;
}

bool IsQuiet(const Probing& probing, absl::Time now) {
  return probing.quiet && now < probing.appeared + QuietPeriod();
}

std::size_t ActiveTargets(const Probing& probing) {
  return static_cast<std::size_t>(std::count_if(
      probing.targets.begin(), probing.targets.end(),
      [](const ProbeTarget& target) { return target.state == TargetState::kActive; }));
}

bool IsEnabled(const Interface& interface, Family family) {
  return interface.detection.probing[IndexOf(family)].has_value();
}
bool IsCapable(const Interface& interface, Family family) {
  const auto& probing = interface.detection.probing[IndexOf(family)];
  return probing && ActiveTargets(*probing) > 0;
}
bool AnyEnabled(const Interface& interface) {
  return IsEnabled(interface, Family::kIpv4) || IsEnabled(interface, Family::kIpv6);
}
bool AnyCapable(const Interface& interface) {
  return IsCapable(interface, Family::kIpv4) || IsCapable(interface, Family::kIpv6);
}

ProbeState ProbeStateOf(const Interface& interface) {
  if (!AnyEnabled(interface)) return ProbeState::kDisabled;
  if (interface.flags.failed) return ProbeState::kFailed;
  return AnyCapable(interface) ? ProbeState::kOk : ProbeState::kUnknown;
}

const Address* TestAddress(const State& state, const Interface& interface, Family family) {
  for (const auto& row : state.index().side(interface.uid, family).up_by_slot) {
    const Address* address = state.address(row.second);
    if (!address->test) continue;
    if (family == Family::kIpv4 || address->ip.IsLinkLocal()) return address;
  }
  return nullptr;
}

absl::Duration WantedDetectionTime(const Group& group) {
  return group.spec.Detection().detection_time.value_or(DetectionTimeDefault());
}

absl::Duration EffectiveDetectionTime(const Group& group) {
  const absl::Duration time = group.detection.detection_time;
  return time == absl::ZeroDuration() ? WantedDetectionTime(group) : time;
}

absl::Duration ProbeInterval(absl::Duration detection_time) {
  return absl::Milliseconds(absl::ToInt64Milliseconds(detection_time) /
                            static_cast<std::int64_t>(kFailureLosses + 2));
}

}  // namespace netstackd::core::health
