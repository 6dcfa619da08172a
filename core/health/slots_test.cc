// mpathd.md 8: when probes are sent, and when they are lost.
#include "core/health/slots.h"

#include "gtest/gtest.h"

namespace netstackd::core::health {
namespace {

using State = SentProbe::State;

absl::Time T(int ms) { return absl::FromUnixSeconds(1'700'000'000) + absl::Milliseconds(ms); }
const absl::Duration kInterval = absl::Milliseconds(1000);

TEST(SlotsTest, TheFirstProbeComesWithinAnInterval) {
  EXPECT_EQ(StartSchedule(T(0), kInterval, 0).next, T(0));
  EXPECT_EQ(StartSchedule(T(0), kInterval, 0.25).next, T(250));
}

TEST(SlotsTest, LaterOnesComeHalfToAWholeIntervalAfterAPeriodicBase) {
  Schedule schedule = StartSchedule(T(0), kInterval, 0);
  for (int slot = 0; slot < 20; ++slot) {
    const double chance = (slot * 7 % 10) / 10.0;
    const absl::Time sent = schedule.next;
    schedule = NextSlot(schedule, sent, kInterval, chance);
    EXPECT_EQ(schedule.base, T(1000 * (slot + 1)));
    EXPECT_GE(schedule.next, T(1000 * slot + 500));
    EXPECT_LT(schedule.next, T(1000 * (slot + 1)));
    if (slot > 0) {
      EXPECT_GE(schedule.next - sent, 0.5 * kInterval);
      EXPECT_LE(schedule.next - sent, 1.5 * kInterval);
    }
    EXPECT_EQ(schedule.missed, 0);
  }
}

TEST(SlotsTest, WhoeverSleptSkipsWholeIntervalsAndCountsThem) {
  Schedule schedule = StartSchedule(T(0), kInterval, 0);
  schedule = NextSlot(schedule, T(0), kInterval, 0);  // base 1000
  schedule = NextSlot(schedule, T(4300), kInterval, 0);
  EXPECT_EQ(schedule.missed, 3);
  EXPECT_EQ(schedule.times_missed, 1);
  EXPECT_EQ(schedule.next, T(4500));
  EXPECT_EQ(schedule.base, T(5000));
}

// The two newest probes, each pending, answered or lost, and young or older than the patience.
TEST(SlotsTest, EveryPairOfTheTwoNewestProbes) {
  for (const State older : {State::kPending, State::kAnswered, State::kLost}) {
    for (const State newer : {State::kPending, State::kAnswered, State::kLost}) {
      for (const int age : {200, 201}) {
        std::vector<SentProbe> probes = {
            {1, T(0), State::kPending, {}}, {2, T(500), older, {}}, {3, T(1000), newer, {}}};
        DeclareLost(probes, T(1000 + age), absl::Milliseconds(200), kInterval);
        EXPECT_EQ(probes[0].state, State::kPending) << "only the two newest are looked at";
        EXPECT_EQ(probes[1].state, older == State::kPending ? State::kLost : older);
        const bool waits = age == 200 && newer == State::kPending;
        EXPECT_EQ(probes[2].state, waits                      ? State::kPending
                                   : newer == State::kPending ? State::kLost
                                                              : newer);
      }
    }
  }
}

TEST(SlotsTest, WithoutASampleTheIntervalIsThePatience) {
  std::vector<SentProbe> probes = {{1, T(0), State::kPending, {}}};
  DeclareLost(probes, T(1000), absl::ZeroDuration(), kInterval);
  EXPECT_EQ(probes[0].state, State::kPending);
  DeclareLost(probes, T(1001), absl::ZeroDuration(), kInterval);
  EXPECT_EQ(probes[0].state, State::kLost);
  EXPECT_EQ(probes[0].ended, T(1001));
}

}  // namespace
}  // namespace netstackd::core::health
