// What operators need: the calls of AdminService, and the standard health service.
#ifndef NETSTACKD_ADMIN_CLIENT_H_
#define NETSTACKD_ADMIN_CLIENT_H_

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "netstackd/call.h"
#include "netstackd/stub.h"
#include "netstackd/v1/admin.pb.h"

namespace netstackd {

// What a finished and verified backup is.
struct BackupSummary {
  std::int64_t revision = 0;
  std::int64_t bytes = 0;
  std::string sha256;  // 64 lower-case hexadecimal digits
};

// What grpc.health.v1 says of a service. The numbers are those of its ServingStatus.
enum class Health : std::uint8_t {
  kUnknown = 0,
  kServing = 1,
  kNotServing = 2,
  kServiceUnknown = 3
};

// Borrows the stub. Threads, bounds and errors are those of Client.
class AdminClient {
 public:
  AdminClient(Stub* stub, absl::Duration deadline) : stub_(stub), deadline_(deadline) {}

  // How long an empty call takes.
  absl::StatusOr<absl::Duration> Ping(const ReadOptions& options = {});

  absl::StatusOr<v1::GetServerInfoResponse> GetServerInfo(const ReadOptions& options = {});

  // Gives the bytes of a backup to `write`, in order, at most 256 KiB at a time; an error of
  // `write` ends the backup. What was written is a backup only if the result is OK: the size and
  // the SHA-256 were then those that the server told. Deadline: 10 minutes unless given.
  // Errors: those of the rpc; DATA_LOSS if size or hash differ or the stream ended too early.
  absl::StatusOr<BackupSummary> Backup(
      const std::function<absl::Status(const std::string& chunk)>& write,
      const ReadOptions& options = {});
  // The same into a stream; UNKNOWN if the stream fails.
  absl::StatusOr<BackupSummary> Backup(std::ostream& out, const ReadOptions& options = {});

  absl::StatusOr<v1::CompactResponse> Compact(std::int64_t keep_from,
                                              const CallOptions& options = {});

  // Service "" is the process, "ready" the store, else a full service name.
  absl::StatusOr<Health> CheckHealth(const std::string& service, const ReadOptions& options = {});

 private:
  Stub* const stub_;
  const absl::Duration deadline_;
};

}  // namespace netstackd

#endif  // NETSTACKD_ADMIN_CLIENT_H_
