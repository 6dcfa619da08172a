#include "core/health/repair.h"

#include "core/health/constants.h"
#include "core/health/exchange.h"
#include "core/health/members.h"
#include "core/health/probing.h"
#include "core/health/running.h"
#include "core/ipmp/interface.h"

namespace netstackd::core::health {
namespace {

// Answers of before the failure count among the ten, but the newest must have come since.
bool ProbesSayRepaired(const Interface& interface) {
  for (const Family family : kFamilies) {
    if (!IsCapable(interface, family)) continue;
    const Probing& probing = *interface.detection.probing[IndexOf(family)];
    if (probing.recent.empty() || probing.recent.back().lost) continue;
    if (probing.recent.back().end < interface.detection.cause_seen) continue;
    const std::uint8_t tag = probing.recent.back().tag;
    if (SuccessesInARow(probing) >= kRepairSuccesses) return true;
    if (tag != kNoTag && SuccessesInARow(probing, tag) >= kRepairSuccesses) return true;
  }
  return false;
}

bool LinkSaysRepaired(const Interface& interface, absl::Time at, bool link_came_up) {
  const Detection& detection = interface.detection;
  if (detection.repair_at && at < *detection.repair_at) return false;
  switch (detection.failure) {
    case Cause::kLink:
      return true;
    case Cause::kProbe:
      return !AnyEnabled(interface);
    default:
      return link_came_up;
  }
}

}  // namespace

void CheckRepair(Edit& edit, InterfaceUid uid, absl::Time at, bool link_came_up) {
  const Interface& interface = edit[uid];
  if (!interface.flags.failed || LinkIsDown(edit[interface.group], interface)) return;
  const bool probes = AnyCapable(interface);
  if (probes ? !ProbesSayRepaired(interface) : !LinkSaysRepaired(interface, at, link_came_up)) {
    return;
  }
  const Because because(edit, {probes ? Cause::kProbe : Cause::kLink, uid, at});
  const InterfaceFlags repaired = With(interface.flags, &InterfaceFlags::failed, false);
  if (repaired.offline) {
    ipmp::PutFlags(edit, uid, repaired);
  } else {
    ToRunning(edit, uid, repaired, Entry::kRepaired, at);
  }
}

}  // namespace netstackd::core::health
