#include "server/rpc/status_mapping.h"

#include <optional>

#include "base/error.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "gtest/gtest.h"

namespace netstackd::rpc {
namespace {

google::rpc::Status DetailsIn(const grpc::Status& status) {
  google::rpc::Status proto;
  EXPECT_TRUE(proto.ParseFromString(status.error_details()));
  return proto;
}

template <typename T>
std::optional<T> Find(const google::rpc::Status& status) {
  T detail;
  for (const auto& any : status.details()) {
    if (any.UnpackTo(&detail)) return detail;
  }
  return std::nullopt;
}

TEST(StatusMappingTest, EveryReasonKeepsItsNameAndCode) {
  for (const ReasonRow& row : AllReasons()) {
    const grpc::Status status = ToGrpc(MakeError(row.reason, "why", {{"key", "value"}}));
    EXPECT_EQ(static_cast<int>(status.error_code()), static_cast<int>(row.code)) << row.name;
    EXPECT_EQ(status.error_message(), "why");
    const google::rpc::Status proto = DetailsIn(status);
    EXPECT_EQ(proto.code(), static_cast<int>(row.code));
    EXPECT_EQ(proto.message(), "why");
    const auto info = Find<google::rpc::ErrorInfo>(proto);
    ASSERT_TRUE(info.has_value()) << row.name;
    EXPECT_EQ(info->reason(), row.name);
    EXPECT_EQ(info->domain(), "netstackd");
    EXPECT_EQ(info->metadata().at("key"), "value");
    EXPECT_EQ(Find<google::rpc::RetryInfo>(proto).has_value(),
              row.recovery == Recovery::kRetryLater)
        << row.name;
  }
}

TEST(StatusMappingTest, FieldsAndBlockersAreListed) {
  ErrorDetails details;
  details.reason = ErrorReason::kGroupNotEmpty;
  details.fields = {{"a.b", "bad"}, {"c", "worse"}};
  details.blockers = {{ErrorReason::kMacTypeMismatch, "zones/global/interfaces/net0", "wifi"}};
  const google::rpc::Status proto = DetailsIn(ToGrpc(MakeError("no", details)));
  const auto bad = Find<google::rpc::BadRequest>(proto);
  ASSERT_TRUE(bad.has_value());
  ASSERT_EQ(bad->field_violations_size(), 2);
  EXPECT_EQ(bad->field_violations(1).field(), "c");
  EXPECT_EQ(bad->field_violations(1).description(), "worse");
  const auto blocked = Find<google::rpc::PreconditionFailure>(proto);
  ASSERT_TRUE(blocked.has_value());
  EXPECT_EQ(blocked->violations(0).type(), "MAC_TYPE_MISMATCH");
  EXPECT_EQ(blocked->violations(0).subject(), "zones/global/interfaces/net0");
}

TEST(StatusMappingTest, ForeignErrorsAreOurBug) {
  const grpc::Status status = ToGrpc(absl::NotFoundError("somebody else's"));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INTERNAL);
  EXPECT_EQ(Find<google::rpc::ErrorInfo>(DetailsIn(status))->reason(), "INVARIANT_VIOLATED");
}

TEST(StatusMappingTest, DetailsFitIntoHeaders) {
  ErrorDetails details;
  details.reason = ErrorReason::kFieldInvalid;
  for (int i = 0; i < 100; ++i) {
    details.fields.push_back({"field" + std::to_string(i), std::string(2000, 'x')});
  }
  details.metadata["long"] = std::string(600, 'y') + "\xc3\xa9";
  const grpc::Status status = ToGrpc(MakeError(std::string(5000, 'm'), details));
  EXPECT_LE(status.error_details().size(), 5u * 1024);
  EXPECT_LE(status.error_message().size(), 512u);
  const google::rpc::Status proto = DetailsIn(status);
  const auto bad = Find<google::rpc::BadRequest>(proto);
  ASSERT_TRUE(bad.has_value());
  const auto info = Find<google::rpc::ErrorInfo>(proto);
  EXPECT_EQ(std::to_string(100 - bad->field_violations_size()), info->metadata().at("omitted"));
}

TEST(StatusMappingTest, SuccessIsSuccess) { EXPECT_TRUE(ToGrpc(absl::OkStatus()).ok()); }

}  // namespace
}  // namespace netstackd::rpc
