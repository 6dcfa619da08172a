// What holds of every state and every transition, told from the images alone: no index is asked.
#ifndef NETSTACKD_TESTS_PROPERTY_LAWS_H_
#define NETSTACKD_TESTS_PROPERTY_LAWS_H_

#include <string>
#include <vector>

#include "core/delta.h"
#include "core/state.h"

namespace netstackd::laws {

// The laws of placement that the state breaks, in words; empty if none:
//   the bound counts of the active interfaces of a group side differ by at most one;
//   an address is bound only to a member of its group that is active on that side;
//   an up data address is bound if and only if its side has an active interface;
//   an active interface is neither failed nor inactive nor offline.
std::vector<std::string> BrokenPlacement(const core::State& state);

// The laws of moving that `deltas` breaks on its way from `before` to `after`; for transitions that
// only change what is active, not which addresses are up:
//   an object changes once, so no address moves twice;
//   an address leaves an interface that stays active only for one that has become active;
//   where no interface stopped being active, no more addresses move than even counts ask for.
std::vector<std::string> BrokenMoves(const core::State& before, const core::State& after,
                                     const std::vector<core::Delta>& deltas);

}  // namespace netstackd::laws

#endif  // NETSTACKD_TESTS_PROPERTY_LAWS_H_
