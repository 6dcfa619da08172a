// The power goes before every single change of the disk, and nothing that was acknowledged is lost.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_join.h"
#include "tests/power/run.h"

namespace netstackd::power {
namespace {

using testing::Contains;
using testing::HasSubstr;

std::string Text(const RunReport& report) { return absl::StrJoin(report.findings, "\n"); }

TEST(PowerLossTest, NoPowerLossAnywhereLosesOrInventsAnything) {
  RunOptions options;
  options.seed = 1;
  options.steps = 16;
  const RunReport report = RunPowerLosses(options);
  EXPECT_TRUE(report.findings.empty()) << Text(report);
  EXPECT_GT(report.power_losses, 200);
  EXPECT_GT(report.kills, 30);
  EXPECT_GT(report.double_faults, 80);
  EXPECT_GT(report.revisions, 20);
}

TEST(PowerLossTest, ARunIsTheSameEachTime) {
  RunOptions options;
  options.seed = 4;
  options.cuts = 0.05;
  const RunReport one = RunPowerLosses(options);
  const RunReport other = RunPowerLosses(options);
  EXPECT_EQ(one.changes, other.changes);
  EXPECT_EQ(one.power_losses, other.power_losses);
  EXPECT_EQ(one.double_faults, other.double_faults);
  EXPECT_EQ(one.revisions, other.revisions);
}

TEST(PowerLossTest, ABuildThatAnswersBeforeItCommitsIsFound) {
  RunOptions options;
  options.steps = 6;
  options.hasty = true;
  const RunReport report = RunPowerLosses(options);
  EXPECT_THAT(report.findings, Contains(HasSubstr("is lost"))) << Text(report);
}

TEST(PowerLossTest, ALogThatIsNeverSyncedIsFound) {
  RunOptions options;
  options.steps = 6;
  options.lying_disk = true;
  const RunReport report = RunPowerLosses(options);
  EXPECT_THAT(report.findings, Contains(HasSubstr("was acknowledged"))) << Text(report);
}

}  // namespace
}  // namespace netstackd::power
