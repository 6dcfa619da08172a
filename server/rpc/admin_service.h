// What operators need, over gRPC.
#ifndef NETSTACKD_SERVER_RPC_ADMIN_SERVICE_H_
#define NETSTACKD_SERVER_RPC_ADMIN_SERVICE_H_

#include <atomic>
#include <string>

#include "netstackd/v1/admin.grpc.pb.h"
#include "server/rpc/backend.h"

namespace netstackd::rpc {

struct AdminOptions {
  std::string version;
  std::string scratch_dir;     // where a backup lies while it is streamed
  executor::Options executor;  // the limits in force
};

// Thread-safe; no call blocks. One backup at a time.
class AdminService final : public v1::AdminService::CallbackService {
 public:
  AdminService(const Backend& backend, const AdminOptions& options)
      : backend_(backend), options_(options) {}

  grpc::ServerUnaryReactor* Ping(grpc::CallbackServerContext* context,
                                 const v1::PingRequest* request,
                                 v1::PingResponse* response) override;
  grpc::ServerUnaryReactor* GetServerInfo(grpc::CallbackServerContext* context,
                                          const v1::GetServerInfoRequest* request,
                                          v1::GetServerInfoResponse* response) override;
  grpc::ServerWriteReactor<v1::BackupResponse>* Backup(grpc::CallbackServerContext* context,
                                                       const v1::BackupRequest* request) override;
  grpc::ServerUnaryReactor* Compact(grpc::CallbackServerContext* context,
                                    const v1::CompactRequest* request,
                                    v1::CompactResponse* response) override;

 private:
  const Backend backend_;
  const AdminOptions options_;
  std::atomic<bool> backup_runs_{false};
  std::atomic<int> backups_{0};  // for names of files
};

}  // namespace netstackd::rpc

#endif  // NETSTACKD_SERVER_RPC_ADMIN_SERVICE_H_
