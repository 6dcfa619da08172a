// Probes that ended, as they are reported.
//
// Source  reference: illumos in.mpathd, "Probe packet" (what counts as an answer), "Timing" (what
// is done after a probe), "RTT smoothing".
#ifndef NETSTACKD_CORE_HEALTH_PROBE_REPORT_H_
#define NETSTACKD_CORE_HEALTH_PROBE_REPORT_H_

#include <optional>

#include "core/edit.h"

namespace netstackd::core::health {

// Targets first, then the probes in their order, each with what follows from it. What cannot count
// (no probing, out of service, link down, no such target, known already) gives one warning each.
void ObserveProbes(Edit& edit, InterfaceUid interface, Family family, const ProbingReport& report,
                   const std::optional<absl::Time>& seen, Result& result);

}  // namespace netstackd::core::health

#endif  // NETSTACKD_CORE_HEALTH_PROBE_REPORT_H_
