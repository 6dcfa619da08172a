#include "server/rpc/ipmp_service.h"

#include "server/rpc/methods.h"

namespace netstackd::rpc {

void IpmpService::Register(transport::MethodTable* methods) {
  RegisterMutations(methods);
#define NSD_CALL(Name) \
  methods->Add(MethodOf(*v1::Name##Request::descriptor()), this, &IpmpService::Name);
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
  NSD_CALL(StreamProbes)
#undef NSD_CALL
}

}  // namespace netstackd::rpc
