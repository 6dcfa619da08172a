#include "base/error.h"

#include <set>

#include "gtest/gtest.h"

namespace netstackd {
namespace {

TEST(ErrorTest, TheReasonDecidesTheCode) {
  for (const ReasonRow& row : AllReasons()) {
    EXPECT_EQ(MakeError(row.reason, "x").code(), row.code) << row.name;
    EXPECT_EQ(ReasonByName(row.name), row.reason);
    EXPECT_EQ(&RowOf(row.reason), &row);
  }
}

TEST(ErrorTest, NamesAreUnique) {
  std::set<std::string> names;
  for (const ReasonRow& row : AllReasons()) EXPECT_TRUE(names.insert(row.name).second) << row.name;
}

TEST(ErrorTest, DetailsSurviveTheStatus) {
  const ErrorDetails in{ErrorReason::kGroupNotEmpty,
                        {{"resource", "zones/global/groups/a:b"}, {"errno", "EBUSY"}},
                        {{"spec.x", "12:34"}},
                        {{ErrorReason::kGroupHasUpAddresses, "subject", ""}}};
  const absl::Status status = MakeError("remove it", in);
  const auto out = DetailsOf(status);
  ASSERT_TRUE(out.has_value());
  EXPECT_EQ(out->reason, in.reason);
  EXPECT_EQ(out->metadata, in.metadata);
  ASSERT_EQ(out->fields.size(), 1u);
  EXPECT_EQ(out->fields[0].description, "12:34");
  ASSERT_EQ(out->blockers.size(), 1u);
  EXPECT_EQ(out->blockers[0].reason, ErrorReason::kGroupHasUpAddresses);
}

TEST(ErrorTest, ForeignStatusHasNoReason) {
  EXPECT_FALSE(ReasonOf(absl::InternalError("x")).has_value());
  EXPECT_FALSE(ReasonOf(absl::OkStatus()).has_value());
}

TEST(ErrorTest, WithMetadataKeepsTheRest) {
  const absl::Status status =
      WithMetadata(MakeError(ErrorReason::kGroupNotFound, "m", {{"a", "1"}}), "b", "2");
  EXPECT_EQ(DetailsOf(status)->metadata, (Metadata{{"a", "1"}, {"b", "2"}}));
  EXPECT_EQ(status.message(), "m");
}

}  // namespace
}  // namespace netstackd
