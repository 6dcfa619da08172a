#include "tests/integration/failure.h"

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace netstackd::integration {

Failure TakeApart(const grpc::Status& status) {
  Failure failure;
  failure.status = status;
  google::rpc::Status proto;
  if (!proto.ParseFromString(status.error_details())) return failure;
  for (const google::protobuf::Any& detail : proto.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::BadRequest bad;
    google::rpc::PreconditionFailure blocked;
    if (detail.UnpackTo(&info)) {
      failure.reason = info.reason();
      failure.domain = info.domain();
      failure.metadata = {info.metadata().begin(), info.metadata().end()};
    } else if (detail.UnpackTo(&bad)) {
      for (const auto& one : bad.field_violations()) failure.fields.push_back(one.field());
    } else if (detail.UnpackTo(&blocked)) {
      for (const auto& one : blocked.violations()) failure.blockers.push_back(one.type());
    } else if (detail.Is<google::rpc::RetryInfo>()) {
      failure.has_retry_info = true;
    }
  }
  return failure;
}

}  // namespace netstackd::integration
