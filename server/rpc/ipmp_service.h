// Groups, interfaces and addresses over gRPC.
#ifndef NETSTACKD_SERVER_RPC_IPMP_SERVICE_H_
#define NETSTACKD_SERVER_RPC_IPMP_SERVICE_H_

#include "netstackd/v1/ipmp_service.pb.h"
#include "server/rpc/backend.h"
#include "server/rpc/probe_feed.h"
#include "server/transport/method_table.h"

namespace netstackd::rpc {

// Thread-safe; no call blocks: history is read and decoded on the worker. Borrows the feed.
class IpmpService final {
 public:
  IpmpService(const Backend& backend, ProbeFeed* probes) : backend_(backend), probes_(probes) {}

  // The handlers, which live as long as this.
  void Register(transport::MethodTable* methods);

 private:
  void RegisterMutations(transport::MethodTable* methods);

#define NSD_CALL(Name)                                                    \
  void Name(transport::UnaryCall* call, const v1::Name##Request* request, \
            v1::Name##Response* response);
  NSD_CALL(GetGroup)
  NSD_CALL(ListGroups)
  NSD_CALL(GetInterface)
  NSD_CALL(ListInterfaces)
  NSD_CALL(GetAddress)
  NSD_CALL(ListAddresses)
  NSD_CALL(CastInterface)
  NSD_CALL(FindInterface)
  NSD_CALL(GetGroupStats)
  NSD_CALL(ListMoves)
  NSD_CALL(ExplainAddress)
#undef NSD_CALL
  void StreamProbes(transport::StreamCall* call, const v1::StreamProbesRequest& request);

  const Backend backend_;
  ProbeFeed* const probes_;
};

}  // namespace netstackd::rpc

#endif  // NETSTACKD_SERVER_RPC_IPMP_SERVICE_H_
