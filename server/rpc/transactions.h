// Records of the journal -> transactions as clients see them.
#ifndef NETSTACKD_SERVER_RPC_TRANSACTIONS_H_
#define NETSTACKD_SERVER_RPC_TRANSACTIONS_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "netstackd/v1/config.pb.h"
#include "server/codec/api_images.h"
#include "server/executor/executor.h"
#include "server/rpc/backend.h"

namespace netstackd::rpc {

// Everything but the plan. Errors: JOURNAL_CORRUPT.
absl::Status RenderTransaction(const storage::Record& record, v1::Transaction* to);
// Calls `done` when `to` is filled with the plan, at once or on the worker. Objects that the record
// does not name are called as they were then, as far as the kept history tells. `to` lives until
// then. Errors: JOURNAL_CORRUPT. Cost: O(objects of the transaction), and what a search for names
// costs.
void FindPlanOf(const storage::Record& record, const Backend& backend, v1::Plan* to,
                std::function<void(absl::Status)> done);

// What groups and interfaces of these uids are called now; those that are gone are not in it.
codec::Names NamesNow(const std::vector<std::uint64_t>& uids, const executor::Executor& executor);

}  // namespace netstackd::rpc

#endif  // NETSTACKD_SERVER_RPC_TRANSACTIONS_H_
