// Records of the journal -> transactions as clients see them.
#ifndef NETSTACKD_SERVER_RPC_TRANSACTIONS_H_
#define NETSTACKD_SERVER_RPC_TRANSACTIONS_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "netstackd/v1/config.pb.h"
#include "server/codec/api_images.h"
#include "server/executor/executor.h"

namespace netstackd::rpc {

// Everything but the plan. Errors: JOURNAL_CORRUPT.
absl::Status RenderTransaction(const storage::Record& record, v1::Transaction* to);
// The plan; objects that the record does not name are called as `executor` knows them now.
// Errors: JOURNAL_CORRUPT. Cost: O(objects of the transaction).
absl::Status RenderPlanOf(const storage::Record& record, const executor::Executor& executor,
                          v1::Plan* to);

// What groups and interfaces of these uids are called now; those that are gone are not in it.
codec::Names NamesNow(const std::vector<std::uint64_t>& uids, const executor::Executor& executor);

}  // namespace netstackd::rpc

#endif  // NETSTACKD_SERVER_RPC_TRANSACTIONS_H_
