#include "client/cli/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/cli/times.h"

namespace netstackd::cli {
namespace {

using ::testing::ElementsAre;

const absl::Time kSeen = absl::FromUnixSeconds(1'000'000);

TEST(ParseProbeTest, AnsweredOnesHaveTimesAndBeganThatMuchBefore) {
  const auto parsed = ParseProbe("ok:192.0.2.1:17:500ms:300ms", kSeen);
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_FALSE(parsed->ipv6);
  EXPECT_EQ(parsed->probe.target(), "192.0.2.1");
  EXPECT_EQ(parsed->probe.sequence(), 17u);
  EXPECT_FALSE(parsed->probe.lost());
  EXPECT_EQ(FromProto(parsed->probe.rtt()), absl::Milliseconds(500));
  EXPECT_EQ(FromProto(parsed->probe.net_rtt()), absl::Milliseconds(300));
  EXPECT_EQ(FromProto(parsed->probe.start_time()), kSeen - absl::Milliseconds(500));
  EXPECT_FALSE(ParseProbe("ok:192.0.2.1:17:1ms", kSeen)->probe.has_net_rtt());
}

TEST(ParseProbeTest, LostOnesBeganWhenTheyAreSaidTo) {
  const auto parsed = ParseProbe("lost:[fe80::1]:18", kSeen);
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_TRUE(parsed->ipv6);
  EXPECT_EQ(parsed->probe.target(), "fe80::1");
  EXPECT_TRUE(parsed->probe.lost());
  EXPECT_FALSE(parsed->probe.has_rtt());
  EXPECT_EQ(FromProto(parsed->probe.start_time()), kSeen);
  EXPECT_EQ(FromProto(ParseProbe("lost:192.0.2.1:18@2s", kSeen)->probe.start_time()),
            kSeen - absl::Seconds(2));
}

TEST(ParseProbeTest, RefusesWhatIsNone) {
  for (const char* text :
       {"", "ok", "ok:192.0.2.1", "ok:192.0.2.1:17", "ok:192.0.2.1:x:1ms", "ok:192.0.2.1:70000:1ms",
        "ok:192.0.2.1:17:fast", "ok:192.0.2.1:17:1ms:fast", "ok:192.0.2.1:17:1ms:1ms:more",
        "lost:192.0.2.1:17:1ms", "late:192.0.2.1:17", "lost::17", "lost:192.0.2.1:17@soon",
        "lost:192.0.2.1:17@-1s", "lost:[fe80::1:17"}) {
    const auto parsed = ParseProbe(text, kSeen);
    EXPECT_FALSE(parsed.ok()) << text;
    EXPECT_TRUE(UsageHintOf(parsed.status()).has_value()) << text;
  }
}

Arguments With(const std::map<std::string, std::vector<std::string>>& flags) {
  return {.flags = flags, .operands = {}};
}

TEST(ApplyDetectionTest, SortsProbesAndTargetsBySide) {
  v1::InterfaceReport report;
  const Arguments args = With({{"probe", {"lost:[fe80::1]:1", "ok:192.0.2.1:2:1ms"}},
                               {"targets", {"routes:192.0.2.1,fe80::1,192.0.2.2"}},
                               {"observe-time", {"2s"}}});
  ASSERT_TRUE(ApplyDetection(args, kSeen, &report).ok());
  EXPECT_EQ(FromProto(report.observe_time()), kSeen - absl::Seconds(2));
  const v1::ProbeReport& ipv4 = report.ipv4().probing();
  ASSERT_EQ(ipv4.probes_size(), 1);
  EXPECT_EQ(ipv4.probes(0).sequence(), 2u);
  EXPECT_EQ(FromProto(ipv4.probes(0).start_time()),
            kSeen - absl::Seconds(2) - absl::Milliseconds(1));
  EXPECT_EQ(ipv4.targets().mode(), v1::TARGET_MODE_ROUTES);
  EXPECT_THAT(ipv4.targets().addresses(), ElementsAre("192.0.2.1", "192.0.2.2"));
  EXPECT_THAT(report.ipv6().probing().targets().addresses(), ElementsAre("fe80::1"));
  EXPECT_EQ(report.ipv6().probing().probes_size(), 1);
}

TEST(ApplyDetectionTest, NoTargetsAndNothing) {
  v1::InterfaceReport report;
  ASSERT_TRUE(ApplyDetection(With({}), kSeen, &report).ok());
  EXPECT_EQ(report.ByteSizeLong(), 0u);
  ASSERT_TRUE(ApplyDetection(With({{"no-targets", {}}}), kSeen, &report).ok());
  EXPECT_TRUE(report.ipv4().probing().has_targets());
  EXPECT_TRUE(report.ipv6().probing().targets().addresses().empty());
}

TEST(ApplyDetectionTest, RefusesWhatCannotBeMeant) {
  const std::vector<std::map<std::string, std::vector<std::string>>> wrong = {
      {{"targets", {"192.0.2.1"}}},
      {{"targets", {"routes:"}}},
      {{"targets", {"disabled:192.0.2.1"}}},
      {{"targets", {"routes:192.0.2.1"}}, {"no-targets", {}}},
      {{"observe-time", {"yesterday"}}},
      {{"probe", {"nonsense"}}}};
  for (const auto& flags : wrong) {
    v1::InterfaceReport report;
    EXPECT_FALSE(ApplyDetection(With(flags), kSeen, &report).ok()) << flags.begin()->first;
  }
}

TEST(TimesTest, DatesAreLeftOutOnTheSameDay) {
  const absl::TimeZone utc = absl::UTCTimeZone();
  const absl::Time noon = absl::FromCivil(absl::CivilSecond(2026, 3, 1, 12, 0, 7), utc);
  EXPECT_EQ(TimeNear(noon + absl::Milliseconds(415), noon, utc, true), "12:00:07.415");
  EXPECT_EQ(TimeNear(noon - absl::Hours(13), noon, utc, false), "2026-02-28 23:00:07");
}

TEST(TimesTest, ProtosKeepNanosecondsAlsoBefore1970) {
  for (const std::int64_t nanos :
       {std::int64_t{-1}, std::int64_t{0}, std::int64_t{1'500'000'001}}) {
    const absl::Time time = absl::FromUnixNanos(nanos);
    EXPECT_EQ(FromProto(ToProto(time)), time);
    EXPECT_GE(ToProto(time).nanos(), 0);
  }
}

}  // namespace
}  // namespace netstackd::cli
