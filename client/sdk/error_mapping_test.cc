#include "client/sdk/error_mapping.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "netstackd/errors.h"

namespace netstackd {
namespace {

using sdk::StatusFromWire;
using ::testing::ElementsAre;
using ::testing::Pair;

google::rpc::Status Wire(const std::string& reason, const std::string& domain = "netstackd") {
  google::rpc::ErrorInfo info;
  info.set_domain(domain);
  info.set_reason(reason);
  (*info.mutable_metadata())["group"] = "zones/global/groups/ipmp0";
  google::rpc::Status status;
  status.add_details()->PackFrom(info);
  return status;
}

TEST(StatusFromWireTest, EveryReasonComesBackWithItsCodeAndMetadata) {
  for (const ReasonRow& row : AllReasons()) {
    const absl::Status status =
        StatusFromWire(static_cast<int>(row.code), "why", Wire(row.name).SerializeAsString());
    const auto details = DetailsOf(status);
    ASSERT_TRUE(details.has_value()) << row.name;
    EXPECT_EQ(details->reason, row.reason) << row.name;
    EXPECT_EQ(status.code(), row.code) << row.name;
    EXPECT_EQ(status.message(), "why");
    EXPECT_THAT(details->metadata, ElementsAre(Pair("group", "zones/global/groups/ipmp0")));
  }
}

TEST(StatusFromWireTest, FieldsAndBlockersComeBackInTheirOrder) {
  google::rpc::Status wire = Wire("GROUP_NOT_EMPTY");
  google::rpc::BadRequest bad;
  bad.add_field_violations()->set_field("group.spec.targets[2]");
  bad.add_field_violations()->set_description("too long");
  wire.add_details()->PackFrom(bad);
  google::rpc::PreconditionFailure failure;
  auto* first = failure.add_violations();
  first->set_type("GROUP_NOT_EMPTY");
  first->set_subject("zones/global/interfaces/net0");
  first->set_description("is a member");
  failure.add_violations()->set_type("A_REASON_OF_TOMORROW");
  wire.add_details()->PackFrom(failure);

  const auto details = DetailsOf(StatusFromWire(9, "no", wire.SerializeAsString()));
  ASSERT_TRUE(details.has_value());
  ASSERT_EQ(details->fields.size(), 2U);
  EXPECT_EQ(details->fields[0].field, "group.spec.targets[2]");
  EXPECT_EQ(details->fields[1].description, "too long");
  ASSERT_EQ(details->blockers.size(), 1U);
  EXPECT_EQ(details->blockers[0].reason, ErrorReason::kGroupNotEmpty);
  EXPECT_EQ(details->blockers[0].subject, "zones/global/interfaces/net0");
}

TEST(StatusFromWireTest, AnErrorOfTheTransportKeepsItsCode) {
  const absl::Status status = StatusFromWire(14, "failed to connect", "");
  EXPECT_EQ(status, absl::UnavailableError("failed to connect"));
  EXPECT_FALSE(ReasonOf(status).has_value());
}

TEST(StatusFromWireTest, AReasonOfAnotherDomainIsNotOurs) {
  const absl::Status status =
      StatusFromWire(9, "no", Wire("GROUP_NOT_EMPTY", "example.com").SerializeAsString());
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_FALSE(ReasonOf(status).has_value());
}

TEST(StatusFromWireTest, AnUnknownReasonKeepsTheCodeAndIsNamed) {
  const absl::Status status =
      StatusFromWire(9, "no", Wire("A_REASON_OF_TOMORROW").SerializeAsString());
  EXPECT_EQ(status, absl::FailedPreconditionError("no [A_REASON_OF_TOMORROW]"));
}

TEST(StatusFromWireTest, DetailsThatCannotBeReadAreLeftOut) {
  EXPECT_EQ(StatusFromWire(5, "gone", "\xff\xff\xff"), absl::NotFoundError("gone"));
}

TEST(StatusFromWireTest, RetryInfoStandsBesideTheReason) {
  google::rpc::Status wire = Wire("SERVER_STARTING");
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_nanos(250'000'000);
  wire.add_details()->PackFrom(retry);
  const absl::Status status = StatusFromWire(14, "starting", wire.SerializeAsString());
  EXPECT_EQ(ReasonOf(status), ErrorReason::kServerStarting);
  EXPECT_EQ(RetryDelayOf(status), absl::Milliseconds(250));
  EXPECT_EQ(RetryDelayOf(absl::UnavailableError("x")), std::nullopt);
}

}  // namespace
}  // namespace netstackd
