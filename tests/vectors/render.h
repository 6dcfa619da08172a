// The state and the effects of core, in the words of the vectors.
#ifndef NETSTACKD_TESTS_VECTORS_RENDER_H_
#define NETSTACKD_TESTS_VECTORS_RENDER_H_

#include "core/state.h"
#include "core/trace.h"
#include "tests/vectors/scenario.h"

namespace netstackd::vectors {

// `now` is the time of the scenario; time 0 is the Unix epoch.
Json RenderState(const core::State& state, absl::Time now);
Json RenderEvent(const core::Event& event);

// Counters as decimal strings; those that are not 64 bits wide modulo 2^32.
Json RenderStats(const core::Counters& counters, bool link_up);

}  // namespace netstackd::vectors

#endif  // NETSTACKD_TESTS_VECTORS_RENDER_H_
