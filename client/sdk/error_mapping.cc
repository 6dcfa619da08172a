#include "client/sdk/error_mapping.h"

#include <optional>
#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/error.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "netstackd/errors.h"

namespace netstackd {
namespace {

constexpr char kRetryDelayUrl[] = "netstackd/retry-delay-ns";

}  // namespace

std::optional<absl::Duration> RetryDelayOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kRetryDelayUrl);
  std::int64_t ns = 0;
  if (!payload.has_value() || !absl::SimpleAtoi(std::string(*payload), &ns)) return std::nullopt;
  return absl::Nanoseconds(ns);
}

namespace sdk {
namespace {

constexpr char kDomain[] = "netstackd";

// What a google.rpc.Status holds that we understand.
struct Unpacked {
  std::optional<google::rpc::ErrorInfo> info;
  ErrorDetails details;  // without the reason
  std::optional<absl::Duration> retry_delay;
};

void AddBlockers(const google::rpc::PreconditionFailure& failure, ErrorDetails* details) {
  for (const auto& violation : failure.violations()) {
    const auto reason = ReasonByName(violation.type());
    if (!reason) continue;  // of a newer server; the error itself still says what is wrong
    details->blockers.push_back({*reason, violation.subject(), violation.description()});
  }
}

Unpacked Unpack(const google::rpc::Status& status) {
  Unpacked out;
  for (const google::protobuf::Any& any : status.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::BadRequest bad;
    google::rpc::PreconditionFailure failure;
    google::rpc::RetryInfo retry;
    if (any.UnpackTo(&info)) {
      if (info.domain() != kDomain) continue;
      for (const auto& [key, value] : info.metadata()) out.details.metadata[key] = value;
      out.info = info;
    } else if (any.UnpackTo(&bad)) {
      for (const auto& violation : bad.field_violations()) {
        out.details.fields.push_back({violation.field(), violation.description()});
      }
    } else if (any.UnpackTo(&failure)) {
      AddBlockers(failure, &out.details);
    } else if (any.UnpackTo(&retry)) {
      out.retry_delay = absl::Seconds(retry.retry_delay().seconds()) +
                        absl::Nanoseconds(retry.retry_delay().nanos());
    }
  }
  return out;
}

}  // namespace

absl::Status StatusFromWire(int code, const std::string& message, const std::string& details) {
  if (code == 0) return absl::OkStatus();
  absl::Status status(static_cast<absl::StatusCode>(code), message);
  google::rpc::Status wire;
  if (details.empty() || !wire.ParseFromString(details)) return status;

  Unpacked unpacked = Unpack(wire);
  if (unpacked.info) {
    const std::string& name = unpacked.info->reason();
    if (const auto reason = ReasonByName(name)) {
      unpacked.details.reason = *reason;
      status = MakeError(message, unpacked.details);
    } else {
      status = absl::Status(status.code(), absl::StrCat(message, " [", name, "]"));
    }
  }
  if (unpacked.retry_delay) {
    status.SetPayload(kRetryDelayUrl,
                      absl::Cord(absl::StrCat(absl::ToInt64Nanoseconds(*unpacked.retry_delay))));
  }
  return status;
}

}  // namespace sdk
}  // namespace netstackd
