// Groups, interfaces and addresses over gRPC.
#ifndef NETSTACKD_SERVER_RPC_IPMP_SERVICE_H_
#define NETSTACKD_SERVER_RPC_IPMP_SERVICE_H_

#include "netstackd/v1/ipmp_service.grpc.pb.h"
#include "server/rpc/backend.h"
#include "server/rpc/name_history.h"
#include "server/rpc/probe_feed.h"

namespace netstackd::rpc {

// Thread-safe; no call blocks: history is read and decoded on the worker. Borrows the feed.
class IpmpService final : public v1::IpmpService::CallbackService {
 public:
  IpmpService(const Backend& backend, ProbeFeed* probes)
      : backend_(backend), probes_(probes), names_(backend.executor, backend.worker) {}

#define NSD_CALL(Name)                                                                           \
  grpc::ServerUnaryReactor* Name(grpc::CallbackServerContext* context,                           \
                                 const v1::Name##Request* request, v1::Name##Response* response) \
      override;
  NSD_CALL(CreateGroup)
  NSD_CALL(GetGroup)
  NSD_CALL(ListGroups)
  NSD_CALL(UpdateGroup)
  NSD_CALL(DeleteGroup)
  NSD_CALL(RenameGroup)
  NSD_CALL(CreateInterface)
  NSD_CALL(GetInterface)
  NSD_CALL(ListInterfaces)
  NSD_CALL(UpdateInterface)
  NSD_CALL(DeleteInterface)
  NSD_CALL(JoinGroup)
  NSD_CALL(LeaveGroup)
  NSD_CALL(OfflineInterface)
  NSD_CALL(OnlineInterface)
  NSD_CALL(ReportInterface)
  NSD_CALL(CreateAddress)
  NSD_CALL(GetAddress)
  NSD_CALL(ListAddresses)
  NSD_CALL(UpdateAddress)
  NSD_CALL(DeleteAddress)
  NSD_CALL(BringUp)
  NSD_CALL(BringDown)
  NSD_CALL(SetForwarding)
  NSD_CALL(SetArpEntry)
  NSD_CALL(DeleteArpEntry)
  NSD_CALL(NextInterface)
  NSD_CALL(CastInterface)
  NSD_CALL(FindInterface)
  NSD_CALL(GetGroupStats)
  NSD_CALL(ListMoves)
  NSD_CALL(ExplainAddress)
#undef NSD_CALL
  grpc::ServerWriteReactor<v1::StreamProbesResponse>* StreamProbes(
      grpc::CallbackServerContext* context, const v1::StreamProbesRequest* request) override;

 private:
  const Backend backend_;
  ProbeFeed* const probes_;
  NameHistory names_;
};

}  // namespace netstackd::rpc

#endif  // NETSTACKD_SERVER_RPC_IPMP_SERVICE_H_
