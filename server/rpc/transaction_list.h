// One page of the history, newest first.
#ifndef NETSTACKD_SERVER_RPC_TRANSACTION_LIST_H_
#define NETSTACKD_SERVER_RPC_TRANSACTION_LIST_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "netstackd/v1/config.pb.h"
#include "server/rpc/backend.h"
#include "server/rpc/filter.h"
#include "server/rpc/paging.h"

namespace netstackd::rpc {

// Reads slices of records downwards until the page is full, the history ends, or kPageCostMax
// records were looked at.
//
// Ownership  Keeps itself alive until `done` was called, which happens once.
// Threads    One step at a time, on the worker or where the executor answers.
class TransactionList : public std::enable_shared_from_this<TransactionList> {
 public:
  using Done = std::function<void(absl::Status)>;

  // `response` lives until `done`. Errors: INVALID_FILTER, INVALID_PAGE_TOKEN, REVISION_IN_FUTURE,
  // WATCH_COMPACTED; `done` is then not called.
  static absl::StatusOr<std::shared_ptr<TransactionList>> Make(
      const Backend& backend, const v1::ListTransactionsRequest& request,
      v1::ListTransactionsResponse* response, Done done);

  void Step();

 private:
  TransactionList(const Backend& backend, v1::ListTransactionsResponse* response, Done done)
      : backend_(backend), response_(response), done_(std::move(done)) {}

  void Take(absl::StatusOr<std::vector<storage::Record>> records);
  // Adds the last of `waiting_`, and so on.
  void AddNext();
  // True unless the page is full.
  bool Add(v1::Transaction transaction);
  void Finish();

  const Backend backend_;
  v1::ListTransactionsResponse* const response_;
  const Done done_;
  std::vector<std::string> arguments_;
  Filter filter_;
  int size_ = 0;
  bool with_plans_ = false;
  std::int64_t next_ = 0;   // newest revision not looked at yet
  std::int64_t first_ = 1;  // oldest kept
  std::size_t looked_at_ = 0;
  std::size_t bytes_ = 0;
  bool full_ = false;
  std::vector<storage::Record> waiting_;  // oldest first
};

}  // namespace netstackd::rpc

#endif  // NETSTACKD_SERVER_RPC_TRANSACTION_LIST_H_
