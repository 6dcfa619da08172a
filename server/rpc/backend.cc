#include "server/rpc/backend.h"

#include "base/error.h"

namespace netstackd::rpc {

absl::Status CheckRevision(const Backend& backend, std::int64_t wanted, std::int64_t revision) {
  if (wanted <= revision) return absl::OkStatus();
  return MakeError(ErrorReason::kRevisionInFuture,
                   "this store never had revision " + std::to_string(wanted) +
                       "; was it restored from a backup?",
                   {{"wanted", std::to_string(wanted)},
                    {"revision", std::to_string(revision)},
                    {"storeId", backend.executor->GetStatus().store_id}});
}

}  // namespace netstackd::rpc
