// Why an address is where it is.
#ifndef NETSTACKD_SERVER_RPC_EXPLANATION_H_
#define NETSTACKD_SERVER_RPC_EXPLANATION_H_

#include <functional>

#include "absl/status/status.h"
#include "netstackd/v1/moves.pb.h"
#include "server/rpc/backend.h"

namespace netstackd::rpc {

// Looks at the address and what may happen to it, then, on the worker, at the moves that brought it
// there. `response` lives until `done`. Errors, and `done` is then not called: GROUP_NOT_FOUND,
// ADDRESS_NOT_FOUND, REVISION_IN_FUTURE, QUOTA_EXCEEDED.
absl::Status StartExplanation(const Backend& backend, const v1::ExplainAddressRequest& request,
                              v1::ExplainAddressResponse* response,
                              std::function<void(absl::Status)> done);

}  // namespace netstackd::rpc

#endif  // NETSTACKD_SERVER_RPC_EXPLANATION_H_
