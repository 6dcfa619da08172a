#include "server/rpc/ipmp_service.h"
#include "server/rpc/mutation.h"

namespace netstackd::rpc {

void IpmpService::RegisterMutations(transport::MethodTable* methods) {
#define NSD_MUTATION(Name) AddMutation<v1::Name##Request, v1::Name##Response>(backend_, methods);
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
}

}  // namespace netstackd::rpc
