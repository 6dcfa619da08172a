#include "server/rpc/config_service.h"

#include <functional>
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

void FillTransaction(const Backend& backend, std::int64_t revision,
                     const absl::StatusOr<std::vector<storage::Record>>& records,
                     v1::GetTransactionResponse* response,
                     const std::function<void(absl::Status)>& done) {
  if (ReasonOf(records.status()) == ErrorReason::kWatchCompacted ||
      (records.ok() && records->empty())) {
    return done(NoTransaction(revision, *backend.executor));
  }
  if (!records.ok()) return done(records.status());
  v1::Transaction* transaction = response->mutable_transaction();
  const absl::Status rendered = RenderTransaction(records->front(), transaction);
  if (!rendered.ok()) return done(rendered);
  response->set_revision(backend.executor->Read(
      [](const core::State&, executor::Revision published) { return published; }));
  FindPlanOf(records->front(), backend, transaction->mutable_plan(), done);
}

}  // namespace

void ConfigService::Register(transport::MethodTable* methods) {
  AddMutation<v1::TransactRequest, v1::TransactResponse>(backend_, methods);
  methods->Add(MethodOf(*v1::ListTransactionsRequest::descriptor()), this,
               &ConfigService::ListTransactions);
  methods->Add(MethodOf(*v1::GetTransactionRequest::descriptor()), this,
               &ConfigService::GetTransaction);
  methods->Add(TransactStream::kMethod, [backend = backend_](transport::StreamCall* call) {
    TransactStream::Start(backend, call);
  });
}

void ConfigService::ListTransactions(transport::UnaryCall* call,
                                     const v1::ListTransactionsRequest* request,
                                     v1::ListTransactionsResponse* response) {
  const auto start = [&]() -> absl::Status {
    NSD_ASSIGN_OR_RETURN(
        const Caller caller,
        backend_.gate->Admit(call->context(), MethodOf(*request->GetDescriptor())));
    NSD_RETURN_IF_ERROR(codec::Validate(*request));
    const auto done = [call](const absl::Status& status) { call->Finish(ToGrpc(status)); };
    NSD_ASSIGN_OR_RETURN(auto list, TransactionList::Make(backend_, *request, response, done));
    return backend_.worker->Post([list] { list->Step(); });
  };
  const absl::Status status = start();
  if (!status.ok()) call->Finish(ToGrpc(status));
}

void ConfigService::GetTransaction(transport::UnaryCall* call,
                                   const v1::GetTransactionRequest* request,
                                   v1::GetTransactionResponse* response) {
  const auto start = [&]() -> absl::Status {
    NSD_ASSIGN_OR_RETURN(
        const Caller caller,
        backend_.gate->Admit(call->context(), MethodOf(*request->GetDescriptor())));
    NSD_RETURN_IF_ERROR(codec::Validate(*request));
    const std::int64_t revision = request->revision();
    const auto done = [this, revision, response,
                       call](absl::StatusOr<std::vector<storage::Record>> records) {
      FillTransaction(backend_, revision, records, response,
                      [call](const absl::Status& status) { call->Finish(ToGrpc(status)); });
    };
    return backend_.worker->Post(
        [this, revision, done] { backend_.executor->History(revision, revision, 1, done); });
  };
  const absl::Status status = start();
  if (!status.ok()) call->Finish(ToGrpc(status));
}

}  // namespace netstackd::rpc
