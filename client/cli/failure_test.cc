#include "client/cli/failure.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "client/cli/arguments.h"

namespace netstackd::cli {
namespace {

TEST(ExitStatusTest, EveryReasonHasTheStatusOfItsKind) {
  for (const ReasonRow& row : AllReasons()) {
    const int status = ExitStatusOf(MakeError(row.reason, "x"));
    EXPECT_GE(status, kExitUsage) << row.name;
    EXPECT_LE(status, kExitOther) << row.name;
    EXPECT_NE(status, 6) << row.name;
  }
  EXPECT_EQ(ExitStatusOf(MakeError(ErrorReason::kFieldInvalid, "")), 2);
  EXPECT_EQ(ExitStatusOf(MakeError(ErrorReason::kGroupNotFound, "")), 3);
  EXPECT_EQ(ExitStatusOf(MakeError(ErrorReason::kInterfaceNotInGroup, "")), 3);
  EXPECT_EQ(ExitStatusOf(MakeError(ErrorReason::kGroupExists, "")), 4);
  EXPECT_EQ(ExitStatusOf(MakeError(ErrorReason::kRevisionMismatch, "")), 4);
  EXPECT_EQ(ExitStatusOf(MakeError(ErrorReason::kGuardFailed, "")), 4);
  EXPECT_EQ(ExitStatusOf(MakeError(ErrorReason::kMinRedundancyNotMet, "")), 5);
  EXPECT_EQ(ExitStatusOf(MakeError(ErrorReason::kServerStarting, "")), 7);
  EXPECT_EQ(ExitStatusOf(MakeError(ErrorReason::kPermissionDenied, "")), 8);
  EXPECT_EQ(ExitStatusOf(MakeError(ErrorReason::kCredentialsMissing, "")), 8);
  EXPECT_EQ(ExitStatusOf(MakeError(ErrorReason::kQuotaExceeded, "")), 9);
  EXPECT_EQ(ExitStatusOf(MakeError(ErrorReason::kJournalCorrupt, "")), 9);
  EXPECT_EQ(ExitStatusOf(MakeError(ErrorReason::kInvariantViolated, "")), 9);
}

TEST(ExitStatusTest, ErrorsWithoutAReasonGoByTheirCode) {
  EXPECT_EQ(ExitStatusOf(absl::OkStatus()), 0);
  EXPECT_EQ(ExitStatusOf(absl::UnavailableError("")), 7);
  EXPECT_EQ(ExitStatusOf(absl::DeadlineExceededError("")), 7);
  EXPECT_EQ(ExitStatusOf(UsageError("")), 2);
  EXPECT_EQ(ExitStatusOf(absl::UnknownError("")), 9);
}

TEST(FailureTextTest, ShowsReasonMetadataAndFix) {
  EXPECT_EQ(FailureText(MakeError(ErrorReason::kMinRedundancyNotMet, "eth3 is the last one",
                                  {{"group", "zones/global/groups/ipmp0"},
                                   {"usable", "1"},
                                   {"fix", "ipmpctl interface online eth2"}})),
            "error: eth3 is the last one\n"
            "  reason MIN_REDUNDANCY_NOT_MET   group=zones/global/groups/ipmp0 usable=1\n"
            "  fix    ipmpctl interface online eth2\n");
}

TEST(FailureTextTest, AFixOfOursNamesTheObject) {
  EXPECT_EQ(FixFor(MakeError(ErrorReason::kInterfaceInOtherGroup, "",
                             {{"resource", "zones/global/interfaces/net0"}})),
            "ipmpctl interface leave net0");
  EXPECT_EQ(FixFor(MakeError(ErrorReason::kInterfaceInOtherGroup, "")), "");  // no name, no fix
}

TEST(FailureTextTest, ListsAllFieldsAndBlockers) {
  EXPECT_EQ(FailureText(FieldError({{"group_id", "is empty"}, {"parent", "is empty"}})),
            "error: group_id: is empty (and 1 more fields)\n"
            "  reason FIELD_INVALID\n"
            "  field  group_id: is empty\n"
            "  field  parent: is empty\n");
  ErrorDetails details;
  details.reason = ErrorReason::kGroupNotEmpty;
  details.blockers = {
      {ErrorReason::kGroupNotEmpty, "zones/global/interfaces/net0", "is a member"},
      {ErrorReason::kGroupHasUpAddresses, "zones/global/groups/g/addresses/192.0.2.1", "is up"}};
  EXPECT_EQ(FailureText(MakeError("the group is not empty", details)),
            "error: the group is not empty\n"
            "  reason GROUP_NOT_EMPTY\n"
            "  blocks interface/net0: is a member\n"
            "  blocks address/g/192.0.2.1: is up (GROUP_HAS_UP_ADDRESSES)\n"
            "  fix    ipmpctl interface leave NAME   (for each member)\n");
}

TEST(FailureTextTest, AnErrorOfTheTransportShowsItsCode) {
  EXPECT_EQ(FailureText(absl::UnavailableError("nobody there")),
            "error: nobody there\n  code   UNAVAILABLE\n");
  EXPECT_EQ(FailureText(UsageError("what?", "this")), "error: what?\n  hint   this\n");
}

TEST(FailureJsonTest, HasWhatTheErrorHas) {
  EXPECT_EQ(FailureJson(MakeError(ErrorReason::kGroupNotFound, "no such group",
                                  {{"resource", "zones/global/groups/g"}}))
                .dump(),
            R"({"code":"NOT_FOUND","reason":"GROUP_NOT_FOUND","message":"no such group",)"
            R"("metadata":{"resource":"zones/global/groups/g"}})");
}

}  // namespace
}  // namespace netstackd::cli
