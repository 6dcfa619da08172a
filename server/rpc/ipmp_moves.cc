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
grpc::ServerUnaryReactor* OnWorker(const Backend& backend, grpc::CallbackServerContext* context,
                                   const Request* request, const F& start) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const auto begin = [&]() -> absl::Status {
    NSD_RETURN_IF_ERROR(backend.gate->Admit(*context, MethodOf(*Request::descriptor())).status());
    NSD_RETURN_IF_ERROR(codec::Validate(*request));
    return start([reactor](const absl::Status& status) { reactor->Finish(ToGrpc(status)); });
  };
  const absl::Status status = begin();
  if (!status.ok()) reactor->Finish(ToGrpc(status));
  return reactor;
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

// A stream that ends before it began.
class Refusal final : public grpc::ServerWriteReactor<v1::StreamProbesResponse> {
 public:
  explicit Refusal(const absl::Status& status) { Finish(ToGrpc(status)); }
  void OnDone() override { delete this; }
};

}  // namespace

grpc::ServerUnaryReactor* IpmpService::ListMoves(grpc::CallbackServerContext* context,
                                                 const v1::ListMovesRequest* request,
                                                 v1::ListMovesResponse* response) {
  return OnWorker(backend_, context, request, [&](Done done) {
    return StartMoveList(backend_, &names_, *request, response, std::move(done));
  });
}

grpc::ServerUnaryReactor* IpmpService::ExplainAddress(grpc::CallbackServerContext* context,
                                                      const v1::ExplainAddressRequest* request,
                                                      v1::ExplainAddressResponse* response) {
  return OnWorker(backend_, context, request, [&](Done done) {
    return StartExplanation(backend_, &names_, *request, response, std::move(done));
  });
}

grpc::ServerWriteReactor<v1::StreamProbesResponse>* IpmpService::StreamProbes(
    grpc::CallbackServerContext* context, const v1::StreamProbesRequest* request) {
  const auto check = [&]() -> absl::Status {
    NSD_RETURN_IF_ERROR(
        backend_.gate->Admit(*context, MethodOf(*v1::StreamProbesRequest::descriptor())).status());
    NSD_RETURN_IF_ERROR(codec::Validate(*request));
    return CheckInterfaces(backend_, *request);
  };
  const absl::Status checked = check();
  if (!checked.ok()) return new Refusal(checked);
  return ProbeStream::Start(*request, probes_);
}

}  // namespace netstackd::rpc
