// What would have to happen for an address to go back to where it was. A question about a state; no
// words for people here.
#ifndef NETSTACKD_CORE_HEALTH_OUTLOOK_H_
#define NETSTACKD_CORE_HEALTH_OUTLOOK_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "core/state.h"

namespace netstackd::core::health {

enum class Obstacle : std::uint8_t {
  kInterfaceGone,  // it was deleted
  kOtherGroup,     // it is no member of the group any more
  kNoSide,         // it has no side of the address's family in the group
  kLinkDown,       // its link must come up
  kProbes,         // `count` more probes must be answered in a row
  kNoTargets,      // it failed by probes, and somebody to probe must be found
  kFlapping,       // its link came up too often: `until`
  kDetector,       // an outside detector set FAILED, and must clear it
  kOffline,        // an administrator must take it back
  kDuplicate,      // `other` has the same hardware address
  kNoAddress,      // it has no address that is up on that side
  kHold,           // it was repaired, and is kept back: `until`
  kFailbackOff,    // it works and rests: it is used when another fails
  kStandbyRests,   // it is a standby nobody needs: it is used when another fails
};

struct Missing {
  Obstacle obstacle{};
  InterfaceUid other{};
  std::uint32_t count = 0;
  absl::Time until{};

  bool operator==(const Missing&) const = default;
};

struct Outlook {
  // Where the address was before. Zero: nowhere, or it is there again.
  InterfaceUid back_to{};
  // Everything that keeps it from there; with nothing missing it could be there and was merely
  // evened out.
  std::vector<Missing> missing{};
  // When it goes back by itself: if nothing but time is missing. Unset: not by time alone.
  std::optional<absl::Time> back_at{};
  // The address is on a standby that is in use only as long as one of these does not work.
  std::vector<InterfaceUid> stands_in_for{};

  bool operator==(const Outlook&) const = default;
};

// The address is one of a group. Cost: the members of the group.
Outlook OutlookOf(const State& state, const Address& address);

}  // namespace netstackd::core::health

#endif  // NETSTACKD_CORE_HEALTH_OUTLOOK_H_
