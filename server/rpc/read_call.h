// The way of a call that only looks at the published state.
#ifndef NETSTACKD_SERVER_RPC_READ_CALL_H_
#define NETSTACKD_SERVER_RPC_READ_CALL_H_

#include "absl/status/statusor.h"
#include "base/status_macros.h"
#include "server/codec/api_validate.h"
#include "server/rpc/backend.h"
#include "server/rpc/methods.h"
#include "server/rpc/status_mapping.h"
#include "server/transport/unary_call.h"

namespace netstackd::rpc {

// Admits and validates; then `read(request, response)` answers on the calling thread, briefly.
template <typename Request, typename Response, typename F>
void Read(const Backend& backend, transport::UnaryCall* call, const Request* request,
          Response* response, const F& read) {
  const auto run = [&]() -> absl::Status {
    NSD_ASSIGN_OR_RETURN(const Caller caller,
                         backend.gate->Admit(call->context(), MethodOf(*Request::descriptor())));
    NSD_RETURN_IF_ERROR(codec::Validate(*request));
    return read(*request, response);
  };
  call->Finish(ToGrpc(run()));
}

}  // namespace netstackd::rpc

#endif  // NETSTACKD_SERVER_RPC_READ_CALL_H_
