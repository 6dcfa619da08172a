#include <cstdlib>
#include <iostream>
#include <random>

#include "absl/strings/numbers.h"
#include "gmock/gmock.h"
#include "tests/linearizability/run.h"

namespace netstackd::linearizability {
namespace {

using ::testing::IsEmpty;

// Another one each time; NETSTACKD_SEED=N repeats it.
std::uint64_t Seed() {
  std::uint64_t seed = std::random_device{}();
  const char* given = std::getenv("NETSTACKD_SEED");
  if (given != nullptr && !absl::SimpleAtoi(given, &seed)) seed = 0;
  std::cout << "NETSTACKD_SEED=" << seed << std::endl;
  return seed;
}

TEST(LinearizabilityTest, EveryHistoryOfAServerThatIsKilledCanBeExplained) {
  RunOptions options;
  options.seed = Seed();
  const RunReport report = RunHistories(options);
  EXPECT_THAT(report.findings, IsEmpty()) << ToText(report);
  EXPECT_EQ(report.rounds, options.rounds_max);
  EXPECT_EQ(report.too_long, 0);
  EXPECT_GT(report.operations, 100);
  EXPECT_GT(report.kills, 0);
}

TEST(LinearizabilityTest, AcknowledgementBeforeTheCommitIsFound) {
  RunOptions options;
  options.seed = Seed();
  options.rounds_max = 40;
  options.life.early_ack_ms = 20;
  const RunReport report = RunHistories(options);
  EXPECT_FALSE(report.findings.empty()) << ToText(report);
}

}  // namespace
}  // namespace netstackd::linearizability
