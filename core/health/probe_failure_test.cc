// mpathd.md 8 and 10, "Failure" and "Repair", by probes.
#include "core/testing/probes.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace netstackd::core {
namespace {

// Two members that probe one router; "a" and "b" were answered once, so nothing is quiet.
class ProbeFailureTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(lab_.AddGroup("g").ok());
    for (const char* name : {"a", "b"}) ASSERT_TRUE(lab_.AddProber(name, "g").ok());
    ASSERT_TRUE(lab_.AddAddress("g", "192.0.2.10").ok());
    ASSERT_TRUE(lab_.Targets("a", TargetMode::kRoutes, {"192.0.2.1"}).ok());
    ASSERT_TRUE(lab_.Probe("a", "+").ok());
    ASSERT_TRUE(lab_.Probe("b", "+").ok());
  }
  void TearDown() override { EXPECT_THAT(CheckInvariants(lab_.state), testing::IsEmpty()); }

  ProbeLab lab_;
};

TEST_F(ProbeFailureTest, FiveLossesFailAndTheAddressesMove) {
  ASSERT_TRUE(lab_.Probe("b", "+").ok());
  ASSERT_TRUE(lab_.Probe("a", "----").ok());
  EXPECT_FALSE(lab_.failed("a"));
  ASSERT_TRUE(lab_.Probe("b", "+").ok());
  ASSERT_TRUE(lab_.Probe("a", "-").ok());
  EXPECT_TRUE(lab_.failed("a"));
  EXPECT_FALSE(lab_.failed("b"));
  EXPECT_EQ(lab_.interface("a").detection.failure, Cause::kProbe);
  EXPECT_EQ(lab_.BoundTo("g", "192.0.2.10"), "b");
}

TEST_F(ProbeFailureTest, AnAnswerInBetweenStartsTheCountAgain) {
  ASSERT_TRUE(lab_.Probe("a", "----+----").ok());
  EXPECT_FALSE(lab_.failed("a"));
}

TEST_F(ProbeFailureTest, NobodyAnsweredSinceTheLossesBeganTheGroupFails) {
  ASSERT_TRUE(lab_.Probe("a", "-----").ok());
  EXPECT_TRUE(lab_.failed("a"));
  EXPECT_TRUE(lab_.failed("b"));
  EXPECT_EQ(lab_.Active("g"), "");
  ASSERT_TRUE(lab_.Probe("b", "++++++++").ok());
  EXPECT_TRUE(lab_.failed("b"));
  ASSERT_TRUE(lab_.Probe("b", "+").ok());
  EXPECT_FALSE(lab_.failed("b")) << "ten answers in a row, with the one from before";
  EXPECT_EQ(lab_.BoundTo("g", "192.0.2.10"), "b");
}

TEST_F(ProbeFailureTest, OnlyAnAnswerSinceTheFailureRepairs) {
  ASSERT_TRUE(lab_.Probe("b", "++++++++++++").ok());
  ASSERT_TRUE(lab_.Probe("a", "-----").ok());
  ASSERT_TRUE(lab_.failed("b")) << "nobody answered since the losses of the other began";
  ASSERT_TRUE(lab_.Link("b", LinkState::kUp).ok());
  EXPECT_TRUE(lab_.failed("b")) << "what it answered before proves nothing";
  ASSERT_TRUE(lab_.Probe("b", "+").ok());
  EXPECT_FALSE(lab_.failed("b"));
}

TEST_F(ProbeFailureTest, AMemberWithoutProbesKeepsTheGroupFromFailing) {
  ASSERT_TRUE(lab_.AddInterface("c", "g").ok());
  ASSERT_TRUE(lab_.Probe("a", "-----").ok());
  EXPECT_TRUE(lab_.failed("a"));
  EXPECT_FALSE(lab_.failed("b"));
  ASSERT_TRUE(lab_.Link("c", LinkState::kDown).ok());
  ASSERT_TRUE(lab_.Probe("b", "-----").ok());
  EXPECT_TRUE(lab_.failed("b"));
}

TEST_F(ProbeFailureTest, TenAnswersRepairAndALossStartsTheCountAgain) {
  ASSERT_TRUE(lab_.AddInterface("c", "g").ok());
  ASSERT_TRUE(lab_.Probe("a", "-----").ok());
  ASSERT_TRUE(lab_.failed("a"));
  ASSERT_TRUE(lab_.Probe("a", "+++++++++-+++++++++").ok());
  EXPECT_TRUE(lab_.failed("a"));
  ASSERT_TRUE(lab_.Probe("a", "+").ok());
  EXPECT_FALSE(lab_.failed("a"));
  EXPECT_EQ(lab_.interface("a").detection.cause, Cause::kProbe);
}

TEST_F(ProbeFailureTest, ALinkThatComesBackWaitsForTheProbes) {
  ASSERT_TRUE(lab_.Link("a", LinkState::kDown).ok());
  EXPECT_TRUE(lab_.failed("a"));
  EXPECT_TRUE(lab_.probing("a").recent.empty()) << "the link went down: the past does not count";
  ASSERT_TRUE(lab_.Link("a", LinkState::kUp).ok());
  EXPECT_TRUE(lab_.failed("a"));
  ASSERT_TRUE(lab_.Probe("a", "++++++++++").ok());
  EXPECT_FALSE(lab_.failed("a"));
}

TEST_F(ProbeFailureTest, WithoutTargetsTheLinkRepairsWhatTheLinkBroke) {
  ASSERT_TRUE(lab_.Link("a", LinkState::kDown).ok());
  ASSERT_TRUE(lab_.Targets("a", TargetMode::kRoutes, {}).ok());
  EXPECT_EQ(StateOf(lab_.interface("b")), InterfaceState::kUnknown);
  ASSERT_TRUE(lab_.Link("a", LinkState::kUp).ok());
  EXPECT_FALSE(lab_.failed("a"));
}

TEST_F(ProbeFailureTest, ALateAnswerTakesALossBack) {
  ASSERT_TRUE(lab_.Probe("a", "----").ok());
  ProbingReport late;
  ProbeResult& probe = late.probes.emplace_back();
  probe.sequence = lab_.probing("a").recent[2].sequence;
  probe.target = *ParseIpAddress("192.0.2.1");
  probe.start = lab_.now - absl::Seconds(2);
  probe.rtt = absl::Seconds(2);
  ASSERT_TRUE(lab_.Report("a", late).ok());
  EXPECT_EQ(health::LossesInARow(lab_.probing("a")), 2u);
  ASSERT_TRUE(lab_.Report("a", late).ok());
  ASSERT_EQ(lab_.last.results[0].warnings.size(), 1u) << "the same again is known";
  ASSERT_TRUE(lab_.Probe("a", "--").ok());
  EXPECT_FALSE(lab_.failed("a"));
}

TEST_F(ProbeFailureTest, OneSilentRouterAmongOthersIsPutAside) {
  ASSERT_TRUE(lab_.Targets("a", TargetMode::kRoutes, {"192.0.2.1", "192.0.2.2"}).ok());
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(health::ActiveTargets(lab_.probing("a")), 2u);
    ASSERT_TRUE(lab_.Probe("a", "+", "192.0.2.2").ok());
    ASSERT_TRUE(lab_.Probe("a", "-", "192.0.2.1").ok());
  }
  EXPECT_FALSE(lab_.failed("a"));
  EXPECT_EQ(health::ActiveTargets(lab_.probing("a")), 1u);
  EXPECT_EQ(health::ActiveTargets(lab_.probing("b")), 2u) << "each side judges for itself";
}

TEST_F(ProbeFailureTest, TheLastTargetSuccessesAreEnoughForARepair) {
  ASSERT_TRUE(lab_.AddInterface("c", "g").ok());
  ASSERT_TRUE(lab_.Targets("a", TargetMode::kRoutes, {"192.0.2.1", "192.0.2.2"}).ok());
  ASSERT_TRUE(lab_.Probe("a", "-----").ok());
  ASSERT_TRUE(lab_.failed("a"));
  for (int i = 0; i < 9; ++i) {
    ASSERT_TRUE(lab_.Probe("a", "+", "192.0.2.2").ok());
    ASSERT_TRUE(lab_.Probe("a", "-", "192.0.2.1").ok());
  }
  EXPECT_TRUE(lab_.failed("a"));
  ASSERT_TRUE(lab_.Probe("a", "+", "192.0.2.2").ok());
  EXPECT_FALSE(lab_.failed("a"));
}

TEST_F(ProbeFailureTest, AFailedGroupForgetsItsHostsAndWaitsForNewOnes) {
  ASSERT_TRUE(lab_.Targets("a", TargetMode::kRoutes, {}).ok());
  ASSERT_TRUE(lab_.Targets("a", TargetMode::kMulticast, {"192.0.2.1"}).ok());
  EXPECT_EQ(health::ActiveTargets(lab_.probing("b")), 1u) << "hosts are shared";
  ASSERT_TRUE(lab_.Probe("a", "-----").ok());
  EXPECT_TRUE(lab_.failed("b"));
  EXPECT_TRUE(lab_.probing("a").targets.empty());
  EXPECT_TRUE(lab_.probing("b").targets.empty());
  ASSERT_TRUE(lab_.Link("b", LinkState::kUp).ok());
  EXPECT_TRUE(lab_.failed("b")) << "what failed by probes is not repaired by its link";
  ASSERT_TRUE(lab_.Targets("b", TargetMode::kMulticast, {"192.0.2.1"}).ok());
  ASSERT_TRUE(lab_.Probe("b", "++++++++++").ok());
  EXPECT_FALSE(lab_.failed("b"));
}

TEST_F(ProbeFailureTest, WhatHasNoProbesAnyMoreIsAsGoodAsItsLink) {
  ASSERT_TRUE(lab_.Probe("a", "-----").ok());
  ASSERT_TRUE(lab_.failed("b"));
  UpdateGroup off;
  off.detect_probe = std::optional<bool>(false);
  ASSERT_TRUE(lab_.Do(GroupName("g"), off).ok());
  EXPECT_FALSE(lab_.failed("a"));
  EXPECT_FALSE(lab_.failed("b"));
  EXPECT_FALSE(lab_.interface("a").detection.probing[0].has_value());
}

TEST_F(ProbeFailureTest, WhatCannotCountIsAWarning) {
  ASSERT_TRUE(lab_.Probe("a", "+", "192.0.2.77").ok());
  EXPECT_EQ(lab_.last.results[0].warnings.size(), 1u);
  ASSERT_TRUE(lab_.Do(InterfaceName("a"), OfflineInterface{}).ok());
  ASSERT_TRUE(lab_.Probe("a", "-----").ok());
  EXPECT_EQ(lab_.last.results[0].warnings.size(), 1u);
  EXPECT_FALSE(lab_.failed("a"));
  ASSERT_TRUE(lab_.AddInterface("c", "g").ok());
  ASSERT_TRUE(lab_.Probe("c", "-").ok());
  EXPECT_EQ(lab_.last.results[0].warnings.size(), 1u) << "no test address";
}

TEST(QuietPeriodTest, LossesCountAfterFortySecondsOrTheFirstAnswer) {
  for (const int seconds : {34, 35}) {
    ProbeLab lab;
    ASSERT_TRUE(lab.AddGroup("g").ok());
    ASSERT_TRUE(lab.AddProber("a", "g").ok());
    ASSERT_TRUE(lab.AddInterface("b", "g").ok());
    ASSERT_TRUE(lab.Targets("a", TargetMode::kRoutes, {"192.0.2.1"}).ok());
    lab.Pass(absl::Seconds(seconds));
    ASSERT_TRUE(lab.Probe("a", "-----").ok());
    EXPECT_EQ(lab.failed("a"), seconds == 35);
  }
}

TEST(DetectionTimeTest, ASlowTargetRaisesItAndFastOnesBringItBack) {
  ProbeLab lab;
  ASSERT_TRUE(lab.AddGroup("g").ok());
  ASSERT_TRUE(lab.AddProber("a", "g").ok());
  ASSERT_TRUE(lab.AddInterface("b", "g").ok());
  ASSERT_TRUE(lab.Targets("a", TargetMode::kRoutes, {"192.0.2.1"}).ok());
  lab.rtt = absl::Milliseconds(600);
  ASSERT_TRUE(lab.Probe("a", "+").ok());
  EXPECT_EQ(health::EffectiveDetectionTime(lab.group("g")), absl::Seconds(10)) << "held back";
  ASSERT_TRUE(lab.Probe("a", "+").ok());
  const absl::Duration raised = health::EffectiveDetectionTime(lab.group("g"));
  EXPECT_GT(raised, absl::Seconds(10));
  lab.rtt = absl::Milliseconds(1);
  ASSERT_TRUE(lab.Probe("a", std::string(50, '+')).ok());
  EXPECT_EQ(health::EffectiveDetectionTime(lab.group("g")), raised) << "60 s have not passed";
  ASSERT_TRUE(lab.Probe("a", std::string(30, '+')).ok());
  EXPECT_EQ(health::EffectiveDetectionTime(lab.group("g")), absl::Seconds(10));
  EXPECT_EQ(lab.group("g").detection.detection_time, absl::ZeroDuration());
}

}  // namespace
}  // namespace netstackd::core
