// What operators need, over gRPC.
#ifndef NETSTACKD_SERVER_RPC_ADMIN_SERVICE_H_
#define NETSTACKD_SERVER_RPC_ADMIN_SERVICE_H_

#include <atomic>
#include <string>

#include "netstackd/v1/admin.pb.h"
#include "server/rpc/backend.h"
#include "server/transport/method_table.h"

namespace netstackd::rpc {

struct AdminOptions {
  std::string version;
  std::string scratch_dir;     // where a backup lies while it is streamed
  executor::Options executor;  // the limits in force
};

// Thread-safe; no call blocks. One backup at a time.
class AdminService final {
 public:
  AdminService(const Backend& backend, const AdminOptions& options)
      : backend_(backend), options_(options) {}

  // The handlers, which live as long as this.
  void Register(transport::MethodTable* methods);

 private:
  void Ping(transport::UnaryCall* call, const v1::PingRequest* request, v1::PingResponse* response);
  void GetServerInfo(transport::UnaryCall* call, const v1::GetServerInfoRequest* request,
                     v1::GetServerInfoResponse* response);
  void Backup(transport::StreamCall* call, const v1::BackupRequest& request);
  void Compact(transport::UnaryCall* call, const v1::CompactRequest* request,
               v1::CompactResponse* response);

  const Backend backend_;
  const AdminOptions options_;
  std::atomic<bool> backup_runs_{false};
  std::atomic<int> backups_{0};  // for names of files
};

}  // namespace netstackd::rpc

#endif  // NETSTACKD_SERVER_RPC_ADMIN_SERVICE_H_
