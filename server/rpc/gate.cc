#include "server/rpc/gate.h"

#include "base/error.h"
#include "base/status_macros.h"

namespace netstackd::rpc {

absl::StatusOr<Caller> Gate::Admit(const grpc::ServerContext& context,
                                   const std::string& method) const {
  const auto agent = context.client_metadata().find("user-agent");
  const std::string user_agent = agent == context.client_metadata().end()
                                     ? std::string()
                                     : std::string(agent->second.data(), agent->second.size());
  Caller caller = IdentifyCaller(context.peer(), user_agent);
  NSD_RETURN_IF_ERROR(Authorize(table_, method, caller.role));
  if (!open_) {
    return MakeError(ErrorReason::kServerDraining, "the server is stopping; try again elsewhere");
  }
  return caller;
}

}  // namespace netstackd::rpc
