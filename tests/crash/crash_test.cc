#include <cstdlib>
#include <iostream>
#include <random>
#include <string>

#include "absl/strings/numbers.h"
#include "gmock/gmock.h"
#include "tests/crash/run.h"
#include "tests/crash/sweep.h"

namespace netstackd::crash {
namespace {

using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::Field;
using ::testing::IsEmpty;

// Another one each time; NETSTACKD_SEED=N repeats it.
std::uint64_t Seed() {
  std::uint64_t seed = std::random_device{}();
  const char* given = std::getenv("NETSTACKD_SEED");
  if (given != nullptr && !absl::SimpleAtoi(given, &seed)) seed = 0;
  std::cout << "NETSTACKD_SEED=" << seed << std::endl;
  return seed;
}

class CrashTest : public ::testing::Test {
 protected:
  CrashTest() { options_.seed = Seed(); }
  RunOptions options_;
};

TEST_F(CrashTest, NothingAcknowledgedIsLostHalfDoneOrDoneTwice) {
  options_.kills_max = 30;
  const RunReport report = RunCrashes(options_);
  EXPECT_THAT(report.findings, IsEmpty()) << ToText(report);
  EXPECT_GE(report.kills, options_.kills_max);
  EXPECT_GT(report.counts.done, 0);
  EXPECT_GT(report.counts.unanswered, 0);
  EXPECT_GT(report.checks, 0);
}

TEST_F(CrashTest, ProductItselfSurvivesToo) {
  options_.kills_max = 5;
  options_.life.product = true;
  const RunReport report = RunCrashes(options_);
  EXPECT_THAT(report.findings, IsEmpty()) << ToText(report);
  EXPECT_GT(report.counts.done, 0);
}

TEST_F(CrashTest, DeathAtSomeOfAllSteps) {
  SweepOptions options;
  options.seed = options_.seed;
  options.stride = 97;
  options.first = 1 + static_cast<std::int64_t>(options_.seed % 97);
  const SweepReport report = RunSweep(options);
  EXPECT_THAT(report.findings, IsEmpty());
  EXPECT_GT(report.kills, 6);
}

TEST_F(CrashTest, AcknowledgementBeforeTheCommitIsFound) {
  options_.kills_max = 200;
  options_.life.early_ack_ms = 20;
  const RunReport report = RunCrashes(options_);
  EXPECT_THAT(report.findings, Contains(Field(&Finding::wrong, Wrong::kLost))) << ToText(report);
  EXPECT_LT(report.kills, options_.kills_max);
}

TEST_F(CrashTest, RequestIdsThatAreForgottenAreFound) {
  options_.kills_max = 200;
  options_.life.forgetful = true;
  const RunReport report = RunCrashes(options_);
  EXPECT_THAT(report.findings,
              Contains(Field(&Finding::wrong, AnyOf(Wrong::kTwice, Wrong::kReplay))))
      << ToText(report);
  EXPECT_LT(report.kills, options_.kills_max);
}

}  // namespace
}  // namespace netstackd::crash
