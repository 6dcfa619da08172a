#include "server/rpc/status_mapping.h"

#include <string>

#include "base/error.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/error_details.h"

namespace netstackd::rpc {
namespace {

constexpr char kDomain[] = "netstackd";
constexpr std::size_t kMessageMax = 512;
constexpr std::size_t kMetadataMax = 512;      // bytes of one value
constexpr std::size_t kDetailsMax = 5 * 1024;  // headers are 8 KiB, and base64 may come on top
constexpr int kRetryMs = 100;

// Never half of a UTF-8 character.
std::string Cut(const std::string& text, std::size_t size) {
  if (text.size() <= size) return text;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
  return text.substr(0, size);
}

google::rpc::ErrorInfo InfoOf(const ErrorDetails& details) {
  google::rpc::ErrorInfo info;
  info.set_reason(RowOf(details.reason).name);
  info.set_domain(kDomain);
  for (const auto& [key, value] : details.metadata) {
    (*info.mutable_metadata())[key] = Cut(value, kMetadataMax);
  }
  return info;
}

google::rpc::BadRequest BadRequestOf(const ErrorDetails& details, std::size_t count) {
  google::rpc::BadRequest bad;
  for (std::size_t i = 0; i < count; ++i) {
    auto* violation = bad.add_field_violations();
    violation->set_field(Cut(details.fields[i].field, kMetadataMax));
    violation->set_description(Cut(details.fields[i].description, kMetadataMax));
  }
  return bad;
}

google::rpc::PreconditionFailure FailureOf(const ErrorDetails& details, std::size_t count) {
  google::rpc::PreconditionFailure failure;
  for (std::size_t i = 0; i < count; ++i) {
    const Blocker& blocker = details.blockers[i];
    auto* violation = failure.add_violations();
    violation->set_type(RowOf(blocker.reason).name);
    violation->set_subject(Cut(blocker.subject, kMetadataMax));
    violation->set_description(Cut(blocker.description, kMetadataMax));
  }
  return failure;
}

google::rpc::Status Build(int code, const std::string& message, const ErrorDetails& details,
                          std::size_t fields, std::size_t blockers) {
  google::rpc::Status status;
  status.set_code(code);
  status.set_message(message);
  google::rpc::ErrorInfo info = InfoOf(details);
  const std::size_t omitted = details.fields.size() - fields + details.blockers.size() - blockers;
  if (omitted > 0) (*info.mutable_metadata())["omitted"] = std::to_string(omitted);
  status.add_details()->PackFrom(info);
  if (fields > 0) status.add_details()->PackFrom(BadRequestOf(details, fields));
  if (blockers > 0) status.add_details()->PackFrom(FailureOf(details, blockers));
  if (RowOf(details.reason).recovery == Recovery::kRetryLater) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_nanos(kRetryMs * 1'000'000);
    status.add_details()->PackFrom(retry);
  }
  return status;
}

}  // namespace

google::rpc::Status ToRpc(const absl::Status& status) {
  if (status.ok()) return {};
  auto details = DetailsOf(status);
  if (!details) {
    details.emplace();
    details->metadata["status"] = absl::StatusCodeToString(status.code());
  }
  const int code = static_cast<int>(RowOf(details->reason).code);
  const std::string message =
      Cut(std::string(status.message().data(), status.message().size()), kMessageMax);

  std::size_t fields = details->fields.size();
  std::size_t blockers = details->blockers.size();
  google::rpc::Status proto = Build(code, message, *details, fields, blockers);
  while (proto.ByteSizeLong() > kDetailsMax && (fields > 0 || blockers > 0)) {
    fields /= 2;
    blockers /= 2;
    proto = Build(code, message, *details, fields, blockers);
  }
  return proto;
}

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  grpc::Status result;
  const grpc::Status packed = grpc::SetErrorDetails(ToRpc(status), &result);
  return packed.ok() ? result : packed;
}

}  // namespace netstackd::rpc
