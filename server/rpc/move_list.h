// One page of ListMoves.
#ifndef NETSTACKD_SERVER_RPC_MOVE_LIST_H_
#define NETSTACKD_SERVER_RPC_MOVE_LIST_H_

#include <functional>

#include "absl/status/status.h"
#include "netstackd/v1/moves.pb.h"
#include "server/rpc/backend.h"

namespace netstackd::rpc {

// Finds out whose moves are wanted and fills the page on the worker. `response` lives until `done`.
// Errors, and `done` is then not called: GROUP_NOT_FOUND, ADDRESS_NOT_FOUND, INVALID_FILTER,
// INVALID_PAGE_TOKEN, REVISION_IN_FUTURE, WATCH_COMPACTED, QUOTA_EXCEEDED.
absl::Status StartMoveList(const Backend& backend, const v1::ListMovesRequest& request,
                           v1::ListMovesResponse* response, std::function<void(absl::Status)> done);

}  // namespace netstackd::rpc

#endif  // NETSTACKD_SERVER_RPC_MOVE_LIST_H_
