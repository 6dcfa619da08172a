// Which objects may look different after a transaction.
#ifndef NETSTACKD_SERVER_WATCH_AFFECTED_H_
#define NETSTACKD_SERVER_WATCH_AFFECTED_H_

#include <vector>

#include "core/delta.h"
#include "core/state.h"
#include "server/watch/views.h"

namespace netstackd::watch {

// The objects of `deltas` in their order, then those whose message is derived from them:
//
//   changed       what else may look different                              because of
//   group         the interfaces it nominates or nominated                  status.ipvN.cast
//   interface     the groups it is and was in                               state, members, active
//   address       its owner; the interfaces that carry and carried it;      counts of addresses
//                 the group of an interface that owns it                    usable interfaces
//   ARP entry     its group                                                 arp_entries
//
// Not so what only shows the name of a renamed group: see Renamed in revision_events.h.
// `state` is that before the deltas. Each object comes once. Cost: O(deltas).
std::vector<Key> AffectedBy(const core::State& state, const std::vector<core::Delta>& deltas);

}  // namespace netstackd::watch

#endif  // NETSTACKD_SERVER_WATCH_AFFECTED_H_
