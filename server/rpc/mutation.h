// The way of every mutating call: admit, validate, translate, submit, answer when it is durable.
#ifndef NETSTACKD_SERVER_RPC_MUTATION_H_
#define NETSTACKD_SERVER_RPC_MUTATION_H_

#include <functional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "server/codec/api_answers.h"
#include "server/codec/api_requests.h"
#include "server/codec/api_validate.h"
#include "server/rpc/backend.h"
#include "server/rpc/methods.h"
#include "server/rpc/request_hash.h"
#include "server/rpc/status_mapping.h"
#include "server/transport/method_table.h"

namespace netstackd::rpc {

// The parts of an executor request that do not depend on what is asked for.
executor::Request Describe(const Caller& caller, const std::string& method,
                           const v1::WriteOptions& options);

// Whether an error is what the caller said would be fine: with allow_missing, the absence of what
// was to be removed (the rules see to that themselves unless an etag was given).
template <typename Request>
bool IsForgiven(const Request&, ErrorReason) {
  return false;
}
inline bool IsForgiven(const v1::DeleteGroupRequest& request, ErrorReason reason) {
  return request.allow_missing() && reason == ErrorReason::kGroupNotFound;
}
inline bool IsForgiven(const v1::DeleteInterfaceRequest& request, ErrorReason reason) {
  return request.allow_missing() && reason == ErrorReason::kInterfaceNotFound;
}
inline bool IsForgiven(const v1::DeleteAddressRequest& request, ErrorReason reason) {
  return request.allow_missing() && reason == ErrorReason::kAddressNotFound;
}
inline bool IsForgiven(const v1::DeleteArpEntryRequest& request, ErrorReason reason) {
  return request.allow_missing() && reason == ErrorReason::kArpEntryNotFound;
}

// An error of the rules, with what only the call knows about it.
template <typename Request>
absl::Status Explain(const Request&, const absl::Status& status) {
  return status;
}
// The rules name the operation only if there are several.
absl::Status ExplainTransact(bool one_operation, const absl::Status& status);
inline absl::Status Explain(const v1::TransactRequest& request, const absl::Status& status) {
  return ExplainTransact(request.operations_size() == 1, status);
}

// Calls `done` when a repeated answer is whole: what came over a stream is kept without its plan.
template <typename Response>
void CompletePlan(const Backend&, Response*, const std::function<void()>& done) {
  done();
}
void CompletePlan(const Backend& backend, v1::TransactResponse* response,
                  const std::function<void()>& done);

// Backend, request and response live until the call is finished, which happens exactly once: here,
// or in `done` of the executor, also if the caller is gone by then.
template <typename Request, typename Response>
class Mutation {
 public:
  static void Start(const Backend& backend, transport::UnaryCall* call, Request* request,
                    Response* response) {
    const absl::Status status = Submit(backend, call, request, response);
    if (!status.ok()) call->Finish(ToGrpc(status));
  }

 private:
  // On success the call is finished by whoever commits.
  static absl::Status Submit(const Backend& backend, transport::UnaryCall* call, Request* request,
                             Response* response) {
    const std::string& method = MethodOf(*Request::descriptor());
    NSD_ASSIGN_OR_RETURN(const Caller caller, backend.gate->Admit(call->context(), method));
    NSD_RETURN_IF_ERROR(codec::Validate(*request));
    executor::Request work = Describe(caller, method, request->options());
    if (!work.request_id.empty()) {
      request->mutable_options()->clear_request_id();
      work.hash = HashOf(method, *request);
    }
    work.transaction = codec::ToTransaction(*request);
    work.answer = [request, response](const core::State& state, const core::Transition& transition,
                                      const executor::Outcome& outcome) {
      return Encode(*request, state, transition, outcome, response);
    };
    auto done = [&backend, call, request, response](absl::StatusOr<executor::Outcome> outcome) {
      Complete(backend, call, *request, std::move(outcome), response);
    };
    backend.changes->Add(std::move(work), std::move(done));
    return absl::OkStatus();
  }

  // On the writer thread, maybe more than once before the outcome is known.
  static std::string Encode(const Request& request, const core::State& state,
                            const core::Transition& transition, const executor::Outcome& outcome,
                            Response* response) {
    const bool validate_only = request.options().validate_only();
    response->Clear();
    codec::FillResult(state, transition,
                      {.revision = outcome.revision, .changed = outcome.changed && !validate_only},
                      response->mutable_result());
    codec::FillAnswer(request, state, transition, response);
    return response->SerializeAsString();
  }

  static void Complete(const Backend& backend, transport::UnaryCall* call, const Request& request,
                       absl::StatusOr<executor::Outcome> outcome, Response* response) {
    if (!outcome.ok()) {
      return call->Finish(ToGrpc(Forgive(*backend.executor, request, outcome.status(), response)));
    }
    if (!outcome->replayed) return call->FinishEncoded(outcome->answer);
    if (!response->ParseFromString(outcome->answer)) {
      return call->Finish(
          ToGrpc(MakeError(ErrorReason::kInvariantViolated, "the stored answer cannot be read")));
    }
    response->mutable_result()->set_replayed(true);
    CompletePlan(backend, response, [call] { call->Finish(grpc::Status::OK); });
  }

  // The error, with what the call knows about it; OK, and an answer, if the caller does not mind.
  static absl::Status Forgive(const executor::Executor& executor, const Request& request,
                              const absl::Status& error, Response* response) {
    response->Clear();
    const auto reason = ReasonOf(error);
    if (!reason || !IsForgiven(request, *reason)) return Explain(request, error);
    if (!request.options().validate_only()) {
      response->mutable_result()->set_revision(
          executor.Read([](const core::State&, executor::Revision revision) { return revision; }));
    }
    response->mutable_result()->mutable_plan();
    return absl::OkStatus();
  }
};

// The one method that takes a `Request`.
template <typename Request, typename Response>
void AddMutation(const Backend& backend, transport::MethodTable* methods) {
  methods->Add<Request, Response>(
      MethodOf(*Request::descriptor()),
      [backend](transport::UnaryCall* call, Request* request, Response* response) {
        Mutation<Request, Response>::Start(backend, call, request, response);
      });
}

}  // namespace netstackd::rpc

#endif  // NETSTACKD_SERVER_RPC_MUTATION_H_
