// The calls that tell why: ListMoves, ExplainAddress, StreamProbes.
#include <utility>

#include "base/status_macros.h"
#include "core/queries.h"
#include "server/codec/api_names.h"
#include "server/codec/api_validate.h"
#include "server/rpc/explanation.h"
#include "server/rpc/ipmp_service.h"
#include "server/rpc/methods.h"
#include "server/rpc/move_list.h"
#include "server/rpc/probe_stream.h"
#include "server/rpc/status_mapping.h"

namespace netstackd::rpc {
namespace {

using Done = std::function<void(absl::Status)>;

// The way of a unary call that answers on the worker: `start(done)` begins, or says why not.
template <typename Request, typename F>
void OnWorker(const Backend& backend, transport::UnaryCall* call, const Request* request,
              const F& start) {
  const auto begin = [&]() -> absl::Status {
    NSD_RETURN_IF_ERROR(
        backend.gate->Admit(call->context(), MethodOf(*Request::descriptor())).status());
    NSD_RETURN_IF_ERROR(codec::Validate(*request));
    return start([call](const absl::Status& status) { call->Finish(ToGrpc(status)); });
  };
  const absl::Status status = begin();
  if (!status.ok()) call->Finish(ToGrpc(status));
}

absl::Status CheckInterfaces(const Backend& backend, const v1::StreamProbesRequest& request) {
  core::Name name = codec::NameOf(request.parent());
  NSD_RETURN_IF_ERROR(core::FindZone(name.zone).status());
  return backend.executor->Read([&](const core::State& state, executor::Revision) -> absl::Status {
    for (const std::string& interface : request.interfaces()) {
      name.interface = interface;
      NSD_RETURN_IF_ERROR(core::GetInterface(state, name).status());
    }
    return absl::OkStatus();
  });
}

}  // namespace

void IpmpService::ListMoves(transport::UnaryCall* call, const v1::ListMovesRequest* request,
                            v1::ListMovesResponse* response) {
  OnWorker(backend_, call, request,
           [&](Done done) { return StartMoveList(backend_, *request, response, std::move(done)); });
}

void IpmpService::ExplainAddress(transport::UnaryCall* call,
                                 const v1::ExplainAddressRequest* request,
                                 v1::ExplainAddressResponse* response) {
  OnWorker(backend_, call, request, [&](Done done) {
    return StartExplanation(backend_, *request, response, std::move(done));
  });
}

void IpmpService::StreamProbes(transport::StreamCall* call,
                               const v1::StreamProbesRequest& request) {
  const auto check = [&]() -> absl::Status {
    NSD_RETURN_IF_ERROR(
        backend_.gate->Admit(call->context(), MethodOf(*request.GetDescriptor())).status());
    NSD_RETURN_IF_ERROR(codec::Validate(request));
    return CheckInterfaces(backend_, request);
  };
  const absl::Status checked = check();
  if (!checked.ok()) return call->Refuse(ToGrpc(checked));
  ProbeStream::Start(call, request, probes_);
}

}  // namespace netstackd::rpc
