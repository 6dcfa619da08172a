// mpathd.md 9: smoothing, suspect samples, and what the detection time does.
#include "core/health/round_trip.h"

#include "core/health/probing.h"
#include "gtest/gtest.h"

namespace netstackd::core::health {
namespace {

constexpr std::int64_t kMs = 1'000'000;

TEST(RoundTripTest, TheFirstSampleSetsAverageAndHalfOfItAsDeviation) {
  ProbeTarget target;
  EXPECT_EQ(AddSample(target, absl::Milliseconds(10), absl::Milliseconds(1428)), Sample::kUsed);
  EXPECT_EQ(target.scaled_average_ns, 80 * kMs);
  EXPECT_EQ(target.scaled_deviation_ns, 20 * kMs);
  EXPECT_EQ(CrttMs(target), 30) << "average + 4 deviations = 10 + 20";
}

// m in ms, then the scaled average and deviation in ms: computed by hand.
struct Step {
  std::int64_t m;
  std::int64_t average8;
  std::int64_t deviation4;
};

TEST(RoundTripTest, LaterSamplesFollowTheFormula) {
  const Step steps[] = {
      {16, 128, 32}, {24, 136, 32}, {24, 143, 31}, {0, 125, 41}, {100, 209, 115},
  };
  ProbeTarget target;
  for (const Step& step : steps) {
    ASSERT_EQ(AddSample(target, absl::Milliseconds(step.m), absl::Seconds(1)), Sample::kUsed);
    EXPECT_NEAR(static_cast<double>(target.scaled_average_ns),
                static_cast<double>(step.average8 * kMs), 1.0 * kMs);
    EXPECT_NEAR(static_cast<double>(target.scaled_deviation_ns),
                static_cast<double>(step.deviation4 * kMs), 1.0 * kMs);
  }
}

TEST(RoundTripTest, ASuspectSampleIsHeldAndASecondBringsBothIn) {
  ProbeTarget target;
  const absl::Duration interval = absl::Milliseconds(100);
  ASSERT_EQ(AddSample(target, absl::Milliseconds(10), interval), Sample::kUsed);
  const ProbeTarget before = target;
  EXPECT_EQ(AddSample(target, absl::Milliseconds(400), interval), Sample::kHeld);
  EXPECT_EQ(target.held_rtt_ns, 400 * kMs);
  EXPECT_EQ(target.scaled_average_ns, before.scaled_average_ns);
  EXPECT_EQ(AddSample(target, absl::Milliseconds(400), interval), Sample::kUsed);
  EXPECT_FALSE(target.held_rtt_ns.has_value());
  ProbeTarget both = before;
  AddSample(both, absl::Milliseconds(400), absl::Seconds(10));
  AddSample(both, absl::Milliseconds(400), absl::Seconds(10));
  EXPECT_EQ(target.scaled_average_ns, both.scaled_average_ns);
  EXPECT_EQ(target.scaled_deviation_ns, both.scaled_deviation_ns);
}

TEST(RoundTripTest, AGoodSampleDropsWhatIsHeld) {
  ProbeTarget target;
  const absl::Duration interval = absl::Milliseconds(100);
  AddSample(target, absl::Milliseconds(10), interval);
  ProbeTarget clean = target;
  ASSERT_EQ(AddSample(target, absl::Milliseconds(400), interval), Sample::kHeld);
  ASSERT_EQ(AddSample(target, absl::Milliseconds(12), interval), Sample::kUsed);
  AddSample(clean, absl::Milliseconds(12), interval);
  EXPECT_EQ(target, clean);
}

TEST(RoundTripTest, SamplesThatCannotBeAreRefused) {
  ProbeTarget target;
  const absl::Duration interval = absl::Milliseconds(100);
  EXPECT_EQ(AddSample(target, absl::Milliseconds(-1), interval), Sample::kRefused);
  EXPECT_EQ(AddSample(target, absl::Milliseconds(5201), interval), Sample::kRefused);
  EXPECT_EQ(AddSample(target, absl::Milliseconds(5200), interval), Sample::kHeld);
}

TEST(RoundTripTest, AProbeForTheTimeOnlyCountsIfTheTimeFalls) {
  ProbeTarget target;
  const absl::Duration interval = absl::Seconds(1);
  AddSample(target, absl::Milliseconds(100), interval);
  EXPECT_EQ(AddLoweringSample(target, absl::Milliseconds(300), interval), Sample::kRefused);
  const std::int64_t before = CrttMs(target);
  EXPECT_EQ(AddLoweringSample(target, absl::Milliseconds(100), interval), Sample::kUsed);
  EXPECT_LT(CrttMs(target), before);
}

Probing WithCrtts(const std::vector<std::int64_t>& crtts) {
  Probing probing;
  for (const std::int64_t crtt : crtts) {
    ProbeTarget target;
    target.tag = static_cast<std::uint8_t>(probing.targets.size());
    target.scaled_average_ns = 8 * crtt * kMs;
    probing.targets.push_back(target);
  }
  return probing;
}

TEST(RoundTripTest, OneSlowTargetIsAnExceptionAmongAtLeastThreeFastOnes) {
  struct Case {
    std::vector<std::int64_t> crtts;  // the first is the slow one
    bool exception;
  };
  const Case cases[] = {
      {{200, 50, 50, 50}, true},
      {{200, 51, 50, 50}, false},
      {{200, 50, 50}, false},
      {{200, 0, 0, 0, 0}, true},
      {{200}, false},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(IsException(WithCrtts(c.crtts), 0, absl::Milliseconds(100)), c.exception);
  }
  Probing spare = WithCrtts({200, 50, 50, 50, 90});
  spare.targets[4].state = TargetState::kUnused;
  EXPECT_TRUE(IsException(spare, 0, absl::Milliseconds(100))) << "spare ones do not speak";
}

TEST(RoundTripTest, TheDetectionTimeGoesUpToTwiceTheRoundTripAndDownByHalves) {
  EXPECT_EQ(RaisedDetectionTime(WithCrtts({2000}).targets[0]), absl::Seconds(28));
  EXPECT_EQ(LoweredDetectionTime(absl::Seconds(28), absl::Seconds(10)), absl::Seconds(14));
  EXPECT_EQ(LoweredDetectionTime(absl::Seconds(14), absl::Seconds(10)), absl::Seconds(10));
  EXPECT_TRUE(AllowsLower(WithCrtts({25, 25}), absl::Milliseconds(100)));
  EXPECT_FALSE(AllowsLower(WithCrtts({25, 26}), absl::Milliseconds(100)));
}

TEST(RoundTripTest, TheIntervalIsASeventhInWholeMilliseconds) {
  EXPECT_EQ(ProbeInterval(absl::Seconds(10)), absl::Milliseconds(1428));
  EXPECT_EQ(ProbeInterval(absl::Seconds(1)), absl::Milliseconds(142));
  EXPECT_EQ(ProbeInterval(absl::Milliseconds(100)), absl::Milliseconds(14));
}

}  // namespace
}  // namespace netstackd::core::health
