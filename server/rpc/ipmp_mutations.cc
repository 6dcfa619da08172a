#include "server/rpc/ipmp_service.h"
#include "server/rpc/mutation.h"

namespace netstackd::rpc {

#define NSD_MUTATION(Name)                                                          \
  grpc::ServerUnaryReactor* IpmpService::Name(grpc::CallbackServerContext* context, \
                                              const v1::Name##Request* request,     \
                                              v1::Name##Response* response) {       \
    return Mutate(backend_, context, request, response);                            \
  }

NSD_MUTATION(CreateGroup)
NSD_MUTATION(UpdateGroup)
NSD_MUTATION(DeleteGroup)
NSD_MUTATION(RenameGroup)
NSD_MUTATION(CreateInterface)
NSD_MUTATION(UpdateInterface)
NSD_MUTATION(DeleteInterface)
NSD_MUTATION(JoinGroup)
NSD_MUTATION(LeaveGroup)
NSD_MUTATION(OfflineInterface)
NSD_MUTATION(OnlineInterface)
NSD_MUTATION(ReportInterface)
NSD_MUTATION(CreateAddress)
NSD_MUTATION(UpdateAddress)
NSD_MUTATION(DeleteAddress)
NSD_MUTATION(BringUp)
NSD_MUTATION(BringDown)
NSD_MUTATION(SetForwarding)
NSD_MUTATION(SetArpEntry)
NSD_MUTATION(DeleteArpEntry)
NSD_MUTATION(NextInterface)

#undef NSD_MUTATION

}  // namespace netstackd::rpc
