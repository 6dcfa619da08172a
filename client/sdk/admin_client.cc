#include "netstackd/admin_client.h"

#include <ostream>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "client/sdk/sha256.h"
#include "client/sdk/unary.h"
#include "google/protobuf/wrappers.pb.h"

namespace netstackd {
namespace {

constexpr absl::Duration kBackupDeadline = absl::Minutes(10);

absl::Status CheckBackup(const BackupSummary& seen, const v1::BackupResponse& last) {
  if (last.sha256().empty()) {
    return absl::DataLossError("the backup ended before its last part; take it again");
  }
  if (seen.bytes != last.total_bytes() || seen.sha256 != last.sha256()) {
    return absl::DataLossError(absl::StrCat("the backup was damaged on its way: ", seen.bytes,
                                            " bytes of ", last.total_bytes(),
                                            "; do not use it, take it again"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<absl::Duration> AdminClient::Ping(const ReadOptions& options) {
  const absl::Duration begin = Clock::Real().Steady();
  const auto answer = sdk::Unary<v1::PingResponse>(
      {stub_, deadline_}, "/netstackd.v1.AdminService/Ping", v1::PingRequest(), options.deadline);
  if (!answer.ok()) return answer.status();
  return Clock::Real().Steady() - begin;
}

absl::StatusOr<v1::GetServerInfoResponse> AdminClient::GetServerInfo(const ReadOptions& options) {
  return sdk::Unary<v1::GetServerInfoResponse>({stub_, deadline_},
                                               "/netstackd.v1.AdminService/GetServerInfo",
                                               v1::GetServerInfoRequest(), options.deadline);
}

absl::StatusOr<BackupSummary> AdminClient::Backup(
    const std::function<absl::Status(const std::string& chunk)>& write,
    const ReadOptions& options) {
  v1::BackupResponse part;
  v1::BackupResponse last;  // without its bytes
  BackupSummary summary;
  sdk::Sha256 hash;
  const absl::Status status = stub_->Stream(
      "/netstackd.v1.AdminService/Backup", v1::BackupRequest(),
      options.deadline.value_or(kBackupDeadline), &part, [&] {
        hash.Add(part.chunk());
        summary.bytes += static_cast<std::int64_t>(part.chunk().size());
        summary.revision = part.revision();
        absl::Status written = part.chunk().empty() ? absl::OkStatus() : write(part.chunk());
        part.clear_chunk();
        last = part;
        return written;
      });
  if (!status.ok()) return status;
  summary.sha256 = hash.Finish();
  const absl::Status checked = CheckBackup(summary, last);
  if (!checked.ok()) return checked;
  return summary;
}

absl::StatusOr<BackupSummary> AdminClient::Backup(std::ostream& out, const ReadOptions& options) {
  const auto write = [&out](const std::string& chunk) -> absl::Status {
    if (out.write(chunk.data(), static_cast<std::streamsize>(chunk.size()))) {
      return absl::OkStatus();
    }
    return absl::UnknownError("the backup could not be written");
  };
  auto summary = Backup(write, options);
  if (summary.ok() && !out.flush()) return absl::UnknownError("the backup could not be written");
  return summary;
}

absl::StatusOr<v1::CompactResponse> AdminClient::Compact(std::int64_t keep_from,
                                                         const CallOptions& options) {
  v1::CompactRequest request;
  request.set_keep_from(keep_from);
  return sdk::Mutate<v1::CompactResponse>({stub_, deadline_}, "/netstackd.v1.AdminService/Compact",
                                          request, options);
}

absl::StatusOr<Health> AdminClient::CheckHealth(const std::string& service,
                                                const ReadOptions& options) {
  // The request of grpc.health.v1 is one string and its answer one enum, both field 1: on the wire
  // those are two wrapper messages, so that the library need not bring that proto along.
  google::protobuf::StringValue request;
  request.set_value(service);
  auto answer = sdk::Unary<google::protobuf::Int32Value>(
      {stub_, deadline_}, "/grpc.health.v1.Health/Check", request, options.deadline);
  if (!answer.ok()) {
    if (absl::IsNotFound(answer.status())) return Health::kServiceUnknown;
    return answer.status();
  }
  const int value = answer->value();
  return value >= 0 && value <= 3 ? static_cast<Health>(value) : Health::kUnknown;
}

}  // namespace netstackd
