// The state of a server, as the API shows it, in the words of the vectors.
#ifndef NETSTACKD_TESTS_VECTORS_LIVE_RENDER_H_
#define NETSTACKD_TESTS_VECTORS_LIVE_RENDER_H_

#include <string>

#include "absl/status/statusor.h"
#include "tests/vectors/live_client.h"

namespace netstackd::vectors {

// Everything but the interface called `hidden`, without the fields of LiveOmits.
absl::StatusOr<Json> RenderServer(LiveClient& client, const std::string& hidden);
// Takes out of an expected state what the API does not show: time, pending, hwaddr_length,
// retry_in.
void OmitWhatTheApiLacks(Json& state);

std::string MacTypeName(v1::MacType type);
Json RenderCounters(const v1::Counters& counters, bool link_up);

}  // namespace netstackd::vectors

#endif  // NETSTACKD_TESTS_VECTORS_LIVE_RENDER_H_
