// How many: `power_soak --flips N` flips more of them.
#include "tests/power/flips.h"

#include <gtest/gtest.h>

#include "absl/strings/str_join.h"

namespace netstackd::power {
namespace {

FlipReport Flip(FlipKind kind, int count) {
  const FlipReport report = Flips().Run(kind, count, 4711);
  EXPECT_TRUE(report.findings.empty()) << absl::StrJoin(report.findings, "\n");
  EXPECT_EQ(report.same + report.refused + report.other, count);
  return report;
}

TEST(FlipTest, ABitOfTheDatabaseIsHarmlessOrRefused) {
  const FlipReport report = Flip(FlipKind::kDatabase, 300);
  EXPECT_GT(report.refused, 70);
  EXPECT_GT(report.same, 10);
  // The header has fields that make it look newer, or as if it could not be written.
  EXPECT_LT(report.other, 20);
}

TEST(FlipTest, ABitOfTheLogIsHarmlessOrRefused) {
  const FlipReport report = Flip(FlipKind::kWal, 250);
  EXPECT_GT(report.refused, 100);
  EXPECT_EQ(report.other, 0);
}

TEST(FlipTest, ABitOfTheSideFileNeverChangesContent) {
  const FlipReport report = Flip(FlipKind::kRevision, 60);
  EXPECT_EQ(report.same, 60);
}

TEST(FlipTest, ABitOfABackupIsHarmlessOrRefused) {
  const FlipReport report = Flip(FlipKind::kBackup, 80);
  EXPECT_GT(report.refused, 25);
}

}  // namespace
}  // namespace netstackd::power
