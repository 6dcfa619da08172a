#include "server/rpc/config_service.h"

#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/status_macros.h"
#include "server/codec/api_validate.h"
#include "server/rpc/methods.h"
#include "server/rpc/mutation.h"
#include "server/rpc/status_mapping.h"
#include "server/rpc/transact_stream.h"
#include "server/rpc/transaction_list.h"
#include "server/rpc/transactions.h"

namespace netstackd::rpc {
namespace {

absl::Status NoTransaction(std::int64_t revision, const executor::Executor& executor) {
  return MakeError(ErrorReason::kTransactionNotFound,
                   "no transaction " + std::to_string(revision) + " in the kept history",
                   {{"revision", std::to_string(revision)},
                    {"firstRevision", std::to_string(executor.GetStatus().extent.first)}});
}

absl::Status FillTransaction(const Backend& backend, std::int64_t revision,
                             const absl::StatusOr<std::vector<storage::Record>>& records,
                             v1::GetTransactionResponse* response) {
  if (ReasonOf(records.status()) == ErrorReason::kWatchCompacted ||
      (records.ok() && records->empty())) {
    return NoTransaction(revision, *backend.executor);
  }
  NSD_RETURN_IF_ERROR(records.status());
  v1::Transaction* transaction = response->mutable_transaction();
  NSD_RETURN_IF_ERROR(RenderTransaction(records->front(), transaction));
  NSD_RETURN_IF_ERROR(
      RenderPlanOf(records->front(), *backend.executor, transaction->mutable_plan()));
  response->set_revision(backend.executor->Read(
      [](const core::State&, executor::Revision published) { return published; }));
  return absl::OkStatus();
}

}  // namespace

grpc::ServerUnaryReactor* ConfigService::Transact(grpc::CallbackServerContext* context,
                                                  const v1::TransactRequest* request,
                                                  v1::TransactResponse* response) {
  return Mutate(backend_, context, request, response);
}

grpc::ServerBidiReactor<v1::TransactRequest, v1::TransactStreamResponse>*
ConfigService::TransactStream(grpc::CallbackServerContext* context) {
  return rpc::TransactStream::Start(backend_, *context);
}

grpc::ServerUnaryReactor* ConfigService::ListTransactions(
    grpc::CallbackServerContext* context, const v1::ListTransactionsRequest* request,
    v1::ListTransactionsResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const auto start = [&]() -> absl::Status {
    NSD_ASSIGN_OR_RETURN(const Caller caller,
                         backend_.gate->Admit(*context, MethodOf(*request->GetDescriptor())));
    NSD_RETURN_IF_ERROR(codec::Validate(*request));
    const auto done = [reactor](const absl::Status& status) { reactor->Finish(ToGrpc(status)); };
    NSD_ASSIGN_OR_RETURN(auto list, TransactionList::Make(backend_, *request, response, done));
    return backend_.worker->Post([list] { list->Step(); });
  };
  const absl::Status status = start();
  if (!status.ok()) reactor->Finish(ToGrpc(status));
  return reactor;
}

grpc::ServerUnaryReactor* ConfigService::GetTransaction(grpc::CallbackServerContext* context,
                                                        const v1::GetTransactionRequest* request,
                                                        v1::GetTransactionResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const auto start = [&]() -> absl::Status {
    NSD_ASSIGN_OR_RETURN(const Caller caller,
                         backend_.gate->Admit(*context, MethodOf(*request->GetDescriptor())));
    NSD_RETURN_IF_ERROR(codec::Validate(*request));
    const std::int64_t revision = request->revision();
    const auto done = [this, revision, response,
                       reactor](absl::StatusOr<std::vector<storage::Record>> records) {
      reactor->Finish(ToGrpc(FillTransaction(backend_, revision, records, response)));
    };
    return backend_.worker->Post(
        [this, revision, done] { backend_.executor->History(revision, revision, 1, done); });
  };
  const absl::Status status = start();
  if (!status.ok()) reactor->Finish(ToGrpc(status));
  return reactor;
}

}  // namespace netstackd::rpc
