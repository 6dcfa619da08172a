#include "server/rpc/authorization.h"

#include <algorithm>

#include "base/error.h"

namespace netstackd::rpc {
namespace {

constexpr AccessRow kTable[] = {
    {"/netstackd.v1.IpmpService/CreateGroup", Access::kMutate},
    {"/netstackd.v1.IpmpService/GetGroup", Access::kRead},
    {"/netstackd.v1.IpmpService/ListGroups", Access::kRead},
    {"/netstackd.v1.IpmpService/UpdateGroup", Access::kMutate},
    {"/netstackd.v1.IpmpService/DeleteGroup", Access::kMutate},
    {"/netstackd.v1.IpmpService/RenameGroup", Access::kMutate},
    {"/netstackd.v1.IpmpService/CreateInterface", Access::kMutate},
    {"/netstackd.v1.IpmpService/GetInterface", Access::kRead},
    {"/netstackd.v1.IpmpService/ListInterfaces", Access::kRead},
    {"/netstackd.v1.IpmpService/UpdateInterface", Access::kMutate},
    {"/netstackd.v1.IpmpService/DeleteInterface", Access::kMutate},
    {"/netstackd.v1.IpmpService/JoinGroup", Access::kMutate},
    {"/netstackd.v1.IpmpService/LeaveGroup", Access::kMutate},
    {"/netstackd.v1.IpmpService/OfflineInterface", Access::kMutate},
    {"/netstackd.v1.IpmpService/OnlineInterface", Access::kMutate},
    {"/netstackd.v1.IpmpService/ReportInterface", Access::kMutate},
    {"/netstackd.v1.IpmpService/CreateAddress", Access::kMutate},
    {"/netstackd.v1.IpmpService/GetAddress", Access::kRead},
    {"/netstackd.v1.IpmpService/ListAddresses", Access::kRead},
    {"/netstackd.v1.IpmpService/UpdateAddress", Access::kMutate},
    {"/netstackd.v1.IpmpService/DeleteAddress", Access::kMutate},
    {"/netstackd.v1.IpmpService/BringUp", Access::kMutate},
    {"/netstackd.v1.IpmpService/BringDown", Access::kMutate},
    {"/netstackd.v1.IpmpService/SetForwarding", Access::kMutate},
    {"/netstackd.v1.IpmpService/SetArpEntry", Access::kMutate},
    {"/netstackd.v1.IpmpService/DeleteArpEntry", Access::kMutate},
    {"/netstackd.v1.IpmpService/NextInterface", Access::kMutate},
    {"/netstackd.v1.IpmpService/CastInterface", Access::kRead},
    {"/netstackd.v1.IpmpService/FindInterface", Access::kRead},
    {"/netstackd.v1.IpmpService/GetGroupStats", Access::kRead},
    {"/netstackd.v1.IpmpService/ListMoves", Access::kRead},
    {"/netstackd.v1.IpmpService/ExplainAddress", Access::kRead},
    {"/netstackd.v1.IpmpService/StreamProbes", Access::kRead},
    {"/netstackd.v1.ConfigService/Transact", Access::kMutate},
    {"/netstackd.v1.ConfigService/TransactStream", Access::kMutate},
    {"/netstackd.v1.ConfigService/ListTransactions", Access::kRead},
    {"/netstackd.v1.ConfigService/GetTransaction", Access::kRead},
    {"/netstackd.v1.AdminService/Ping", Access::kRead},
    {"/netstackd.v1.AdminService/GetServerInfo", Access::kRead},
    {"/netstackd.v1.AdminService/Backup", Access::kMaintain},
    {"/netstackd.v1.AdminService/Compact", Access::kMaintain},
    {"/netstackd.v1.WatchService/Watch", Access::kRead},
    // Everybody may ask these, so their handlers do not; here so that the table is complete.
    {"/grpc.health.v1.Health/Check", Access::kOpen},
    {"/grpc.health.v1.Health/Watch", Access::kOpen},
    {"/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", Access::kOpen},
};

Role Needed(Access access) {
  switch (access) {
    case Access::kOpen:
      return Role::kNone;
    case Access::kRead:
      return Role::kReader;
    case Access::kMutate:
      return Role::kOperator;
    case Access::kMaintain:
      break;
  }
  return Role::kAdmin;
}

}  // namespace

std::span<const AccessRow> AccessTable() { return kTable; }

absl::Status Authorize(std::span<const AccessRow> table, const std::string& method, Role role) {
  const auto row = std::find_if(table.begin(), table.end(),
                                [&](const AccessRow& one) { return method == one.method; });
  if (row != table.end() && role >= Needed(row->access)) return absl::OkStatus();
  return MakeError(ErrorReason::kPermissionDenied, "the caller may not call " + method,
                   {{"method", method}});
}

}  // namespace netstackd::rpc
