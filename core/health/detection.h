// What failure detection saw of an interface and remembers of it; part of the images.
#ifndef NETSTACKD_CORE_HEALTH_DETECTION_H_
#define NETSTACKD_CORE_HEALTH_DETECTION_H_

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "core/types.h"

namespace netstackd::core {

// How targets were found.
enum class TargetMode : std::uint8_t { kNone = 0, kRoutes = 1, kMulticast = 2 };
enum class TargetState : std::uint8_t { kActive = 0, kUnused = 1, kSlow = 2, kDead = 3 };

// One target of probes, with its smoothed round-trip time (Jacobson/Karels, scaled integers).
// Source  reference: illumos in.mpathd, "Targets", "RTT smoothing".
struct ProbeTarget {
  IpAddress ip{};
  std::uint8_t tag = 0;  // names the target in `Probing::recent`; unique in the list
  TargetState state = TargetState::kActive;
  absl::Time state_since{};
  std::int64_t scaled_average_ns = 0;         // 8 times the average; 0: no sample yet
  std::int64_t scaled_deviation_ns = 0;       // 4 times the mean deviation
  std::optional<std::int64_t> held_rtt_ns{};  // a suspect sample, held back
  absl::Time newest_answer{};                 // when the newest probe that was answered began

  bool operator==(const ProbeTarget&) const = default;
};

// One finished probe.
struct ProbeResult {
  std::uint16_t sequence = 0;
  IpAddress target{};
  absl::Time start{};
  absl::Time end{};  // answered, or given up
  bool lost = false;
  std::optional<absl::Duration> net_rtt{};
  absl::Duration rtt{};         // if it is not lost
  std::int64_t average_ns = 0;  // of the target, after it; 0: no sample yet
  std::int64_t deviation_ns = 0;

  bool operator==(const ProbeResult&) const = default;
};

// What the rules remember of a finished probe.
struct RecentProbe {
  std::uint16_t sequence = 0;
  std::uint8_t tag = 0;  // of its target; kNoTag: that is given up
  bool lost = false;
  absl::Time end{};

  bool operator==(const RecentProbe&) const = default;
};
inline constexpr std::uint8_t kNoTag = 255;

// Probing on one side of a member (the original's "instance"). It is there while the side has a
// unique test address that is up, and the group wants probes.
struct Probing {
  AddressUid test{};                    // where probes come from
  TargetMode mode = TargetMode::kNone;  // of `targets`
  std::vector<ProbeTarget> targets{};   // in list order, the newest first
  absl::Time appeared{};                // the quiet period begins here
  bool quiet = true;                    // nothing was answered yet
  std::vector<RecentProbe> recent{};    // the oldest first
  absl::Time newest_start{};            // of the newest finished probe
  absl::Time last_success{};            // when the newest answer came
  std::vector<ProbeResult> newest{};    // of the newest report

  bool operator==(const Probing&) const = default;
};

// Of an interface. Times of the beginning of 1970 mean: never.
struct Detection {
  absl::Time link_seen{};                   // when the link was seen to become as it is
  absl::Time link_known{};                  // when it was last seen; not before link_seen
  std::array<absl::Time, 2> link_ups{};     // the two newest, the newest first
  std::optional<absl::Time> repair_at{};    // link flaps: a repair is looked at again then
  std::optional<absl::Time> failback_at{};  // repaired; used again then
  bool duplicate_hardware = false;          // offline because another member has the same address
  Cause failure = Cause::kNone;             // why FAILED is set
  Cause cause = Cause::kNone;               // of the newest change of a flag
  absl::Time cause_seen{};                  // when that was seen
  InterfaceUid cause_subject{};             // the interface it was seen of; zero: none
  std::array<std::optional<Probing>, 2> probing{};

  bool operator==(const Detection&) const = default;
};

// Of a group.
struct GroupDetection {
  absl::Duration detection_time{};  // in effect; zero: that of the spec
  absl::Time raised{};              // when it was last raised

  bool operator==(const GroupDetection&) const = default;
};

}  // namespace netstackd::core

#endif  // NETSTACKD_CORE_HEALTH_DETECTION_H_
