// Which targets one side probes: routers or hosts, never both; up to 5 at a time.
//
// Source  reference: illumos in.mpathd, "Targets". Two defects of the original are not copied: a
// dead target gets its time, and targets of all members are looked at when they are shared.
#ifndef NETSTACKD_CORE_HEALTH_TARGETS_H_
#define NETSTACKD_CORE_HEALTH_TARGETS_H_

#include <cstdint>
#include <vector>

#include "absl/time/time.h"
#include "core/health/detection.h"

namespace netstackd::core::health {

// The routers there are, the newest first: new ones are added, hosts go, and of the known ones
// those that are gone, unless `keep` (while the group is failed). At most 64 are known.
void SetRouters(Probing& probing, const std::vector<IpAddress>& routers, bool keep, absl::Time now);
// A host that answered: a target if there are no routers and fewer than 5 targets. True if it is
// one now.
bool AddHost(Probing& probing, const IpAddress& host, absl::Time now);
// Targets outside of the prefix of the test address go.
void KeepInPrefix(Probing& probing, const IpAddress& network, std::uint8_t prefix_length,
                  absl::Time now);
bool IsInPrefix(const IpAddress& ip, const IpAddress& network, std::uint8_t prefix_length);

// A target that is silent, or far slower, among others: a router is left out for a while, a host
// goes. `why` is kDead or kSlow.
void PutAside(Probing& probing, std::uint8_t tag, TargetState why, absl::Time now);
// What is slow or dead long enough comes back step by step; spare ones fill up to 5.
void Recover(Probing& probing, absl::Time now);
// The group failed: hosts have to be found anew.
void FlushHosts(Probing& probing);

ProbeTarget* FindTarget(Probing& probing, const IpAddress& ip);

}  // namespace netstackd::core::health

#endif  // NETSTACKD_CORE_HEALTH_TARGETS_H_
