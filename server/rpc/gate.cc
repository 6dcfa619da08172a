#include "server/rpc/gate.h"

#include "base/status_macros.h"
#include "server/executor/endings.h"

namespace netstackd::rpc {

absl::StatusOr<Caller> Gate::Admit(const grpc::ServerContext& context,
                                   const std::string& method) const {
  const auto agent = context.client_metadata().find("user-agent");
  const std::string user_agent = agent == context.client_metadata().end()
                                     ? std::string()
                                     : std::string(agent->second.data(), agent->second.size());
  Caller caller = IdentifyCaller(context.peer(), user_agent);
  NSD_RETURN_IF_ERROR(Authorize(table_, method, caller.role));
  if (!open_) return executor::ServerStops();
  return caller;
}

}  // namespace netstackd::rpc
