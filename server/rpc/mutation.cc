#include "server/rpc/mutation.h"

#include <algorithm>
#include <vector>

#include "server/rpc/transactions.h"

namespace netstackd::rpc {

executor::Request Describe(const Caller& caller, const std::string& method,
                           const v1::WriteOptions& options) {
  executor::Request request;
  request.principal = caller.principal;
  request.method = method;
  request.peer = caller.peer;
  request.user_agent = caller.user_agent;
  request.request_id = options.request_id();
  // A UUID is the same in capitals.
  std::transform(request.request_id.begin(), request.request_id.end(), request.request_id.begin(),
                 [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
  request.comment = options.comment();
  request.validate_only = options.validate_only();
  return request;
}

absl::Status ExplainTransact(bool one_operation, const absl::Status& status) {
  const auto details = DetailsOf(status);
  if (!details || !one_operation || details->metadata.contains("operation")) return status;
  // What the rules say about an operation names its resource or a limit of theirs; a guard has no
  // position among the operations, and what the executor says is about the whole.
  const bool of_operation = details->reason != ErrorReason::kGuardFailed &&
                            (details->metadata.contains("resource") ||
                             details->metadata.contains("value") || !details->fields.empty());
  return of_operation ? WithMetadata(status, "operation", "0") : status;
}

void CompletePlan(const Backend& backend, v1::TransactResponse* response,
                  const std::function<void()>& done) {
  v1::WriteResult* result = response->mutable_result();
  if (result->has_plan()) return done();
  const executor::Revision revision = result->revision();
  backend.executor->History(
      revision, revision, 1,
      [&backend, result, done](const absl::StatusOr<std::vector<storage::Record>>& records) {
        // Forgotten in this moment: the answer is right without it.
        if (!records.ok() || records->empty()) return done();
        FindPlanOf(records->front(), backend, result->mutable_plan(),
                   [done](const absl::Status&) { done(); });
      });
}

}  // namespace netstackd::rpc
