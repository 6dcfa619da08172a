// Streams one backup to one caller.
#ifndef NETSTACKD_SERVER_RPC_BACKUP_STREAM_H_
#define NETSTACKD_SERVER_RPC_BACKUP_STREAM_H_

#include <fstream>
#include <functional>
#include <memory>
#include <string>

#include "netstackd/v1/admin.pb.h"
#include "openssl/evp.h"
#include "server/rpc/backend.h"
#include "server/transport/stream_call.h"

namespace netstackd::rpc {

// Copies the journal to a file, sends that in pieces with its SHA-256 at the end, removes it.
//
// Ownership  Deletes itself when gRPC is done with it, on the worker.
// Threads    One step at a time: the executor copies, the worker reads, gRPC writes; so nothing
//            here is locked, and a caller who is gone is noticed by the next write.
// Bounds     One message of kChunkBytes in memory.
class BackupStream final : public transport::StreamReactor {
 public:
  static constexpr std::size_t kChunkBytes = 64 << 10;

  // `released` is called when the file is gone.
  BackupStream(transport::StreamCall* call, const Backend& backend, const std::string& path,
               std::function<void()> released);
  void Start();

 private:
  void Copied(absl::StatusOr<executor::Revision> revision);
  void Open();
  void SendNext();
  void OnWriteDone(bool ok) override;
  void OnDone() override;

  const Backend backend_;
  const std::string path_;
  const std::function<void()> released_;
  std::ifstream file_;
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest_;
  std::int64_t revision_ = 0;
  std::int64_t total_ = 0;
  std::int64_t sent_ = 0;
  v1::BackupResponse message_;
};

}  // namespace netstackd::rpc

#endif  // NETSTACKD_SERVER_RPC_BACKUP_STREAM_H_
