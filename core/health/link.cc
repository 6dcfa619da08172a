#include "core/health/link.h"

#include <algorithm>

#include "core/health/constants.h"
#include "core/health/failure.h"
#include "core/health/members.h"
#include "core/health/policy.h"
#include "core/health/probing.h"
#include "core/health/repair.h"

namespace netstackd::core::health {
namespace {

// Before the new time is among them: two within the last minute.
bool Flaps(const Detection& detection, absl::Time at) {
  return detection.link_ups[1] != absl::Time() && at - detection.link_ups[1] < FlapPeriod();
}

void GoneDown(Interface& interface) {
  interface.detection.repair_at.reset();
  for (auto& probing : interface.detection.probing) {
    if (probing) probing->recent.clear();
  }
}

void Record(Interface& interface, LinkState link, absl::Time at) {
  Detection& detection = interface.detection;
  if (link == LinkState::kDown) GoneDown(interface);
  // What nobody has seen was up: only an end of being down is a coming up.
  if (interface.link == LinkState::kDown && link == LinkState::kUp) {
    const bool waits = interface.flags.failed && Flaps(detection, at);
    detection.link_ups = {at, detection.link_ups[0]};
    if (waits && !AnyCapable(interface)) detection.repair_at = detection.link_ups[1] + FlapPeriod();
  }
  interface.link = link;
  detection.link_seen = at;
}

}  // namespace

void ObserveLink(Edit& edit, InterfaceUid uid, LinkState link,
                 const std::optional<absl::Time>& seen, Result& result) {
  const absl::Time now = edit.context().now;
  const absl::Time at = std::min(seen.value_or(now), now);
  const Detection& known = edit[uid].detection;
  if (at < known.link_known) {
    result.warnings.push_back("the state of the link is older than the one known, which was seen " +
                              absl::FormatTime(known.link_known, absl::UTCTimeZone()) +
                              "; it was left as it is");
    return;
  }
  const bool differs = edit[uid].link != link;
  const bool decides = edit[uid].group && Decides(edit[edit[uid].group]);
  // A report that says the same again costs nothing, unless it says when.
  if (differs || (seen && at > known.link_known)) {
    edit.Update(uid, [&](Interface& changed) {
      changed.detection.link_known = at;
      if (differs) Record(changed, link, at);
      if (!decides) changed.detection.repair_at.reset();
    });
  }
  if (!decides) return;
  CheckLinkFailure(edit, uid);
  CheckRepair(edit, uid, at, link == LinkState::kUp);
}

void JudgeLink(Edit& edit, InterfaceUid uid) {
  if (!Decides(edit[edit[uid].group])) return;
  CheckLinkFailure(edit, uid);
  CheckRepair(edit, uid, edit.context().now, false);
}

}  // namespace netstackd::core::health
