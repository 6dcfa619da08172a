// What keeps an address from where it was, told as facts.
#include "core/health/outlook.h"

#include "core/testing/probes.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace netstackd::core::health {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// "a" carried the address; "s" is a standby.
class OutlookTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(lab_.AddGroup("g").ok());
    ASSERT_TRUE(lab_.AddInterface("a", "g").ok());
    ASSERT_TRUE(lab_.AddInterface("s", "g", true).ok());
    ASSERT_TRUE(lab_.AddAddress("g", "192.0.2.10").ok());
    ASSERT_EQ(lab_.BoundTo("g", "192.0.2.10"), "a");
  }
  Outlook Now() const {
    return OutlookOf(lab_.state,
                     *lab_.state.FindAddress(lab_.group("g").uid, *ParseIpAddress("192.0.2.10")));
  }
  InterfaceUid Uid(const std::string& name) const { return lab_.interface(name).uid; }
  absl::Status Spec(bool failback, absl::Duration hold) {
    UpdateGroup op;
    op.failback = std::optional<bool>(failback);
    op.failback_hold = std::optional<absl::Duration>(hold);
    return lab_.Do(GroupName("g"), op);
  }
  absl::Status Flap() {
    for (int i = 0; i < 3; ++i) {
      lab_.Pass(absl::Seconds(1));
      if (const absl::Status down = lab_.Link("a", LinkState::kDown); !down.ok()) return down;
      lab_.Pass(absl::Seconds(1));
      if (const absl::Status up = lab_.Link("a", LinkState::kUp); !up.ok()) return up;
    }
    return absl::OkStatus();
  }

  ProbeLab lab_;
};

TEST_F(OutlookTest, AnAddressThatWasNeverElsewhereGoesNowhere) { EXPECT_EQ(Now(), Outlook{}); }

TEST_F(OutlookTest, ALinkThatIsDown) {
  ASSERT_TRUE(lab_.Link("a", LinkState::kDown).ok());
  EXPECT_EQ(Now().back_to, Uid("a"));
  EXPECT_THAT(Now().missing, ElementsAre(Missing{.obstacle = Obstacle::kLinkDown}));
  EXPECT_EQ(Now().back_at, std::nullopt);
  EXPECT_THAT(Now().stands_in_for, ElementsAre(Uid("a")));
}

TEST_F(OutlookTest, ALinkThatFlapsAndAHoldAfterIt) {
  ASSERT_TRUE(Flap().ok());
  const absl::Time repair = *lab_.interface("a").detection.repair_at;
  EXPECT_THAT(Now().missing,
              ElementsAre(Missing{.obstacle = Obstacle::kFlapping, .until = repair}));
  EXPECT_EQ(Now().back_at, repair);
  ASSERT_TRUE(Spec(true, absl::Seconds(30)).ok());
  EXPECT_EQ(Now().back_at, repair + absl::Seconds(30));
  lab_.now = repair;
  ASSERT_TRUE(lab_.Fire().ok());
  EXPECT_THAT(Now().missing, ElementsAre(Missing{.obstacle = Obstacle::kHold,
                                                 .until = repair + absl::Seconds(30)}));
  lab_.now = *Now().back_at;
  ASSERT_TRUE(lab_.Fire().ok());
  EXPECT_EQ(lab_.BoundTo("g", "192.0.2.10"), "a") << "it went back when it was foretold";
}

TEST_F(OutlookTest, WithoutFailbackARepairedInterfaceWaitsForAFailure) {
  ASSERT_TRUE(Spec(false, absl::ZeroDuration()).ok());
  ASSERT_TRUE(lab_.Link("a", LinkState::kDown).ok());
  EXPECT_THAT(Now().missing, ElementsAre(Missing{.obstacle = Obstacle::kLinkDown},
                                         Missing{.obstacle = Obstacle::kFailbackOff}));
  ASSERT_TRUE(lab_.Link("a", LinkState::kUp).ok());
  EXPECT_THAT(Now().missing, ElementsAre(Missing{.obstacle = Obstacle::kFailbackOff}));
}

TEST_F(OutlookTest, OutOfServiceByHandOrByItsHardwareAddress) {
  ASSERT_TRUE(lab_.Do(InterfaceName("a"), OfflineInterface{}).ok());
  EXPECT_THAT(Now().missing, ElementsAre(Missing{.obstacle = Obstacle::kOffline}));
  ASSERT_TRUE(lab_.Do(InterfaceName("a"), OnlineInterface{}).ok());
  ReportInterface report;
  report.hardware_address = HardwareAddress(6, '\x02');
  ASSERT_TRUE(lab_.Do(InterfaceName("s"), report).ok());
  ASSERT_TRUE(lab_.Do(InterfaceName("a"), report).ok());
  EXPECT_THAT(Now().missing,
              ElementsAre(Missing{.obstacle = Obstacle::kDuplicate, .other = Uid("s")}));
}

TEST_F(OutlookTest, AnInterfaceThatIsGoneOrElsewhereOrWithoutAddress) {
  ASSERT_TRUE(lab_.Do(InterfaceName("a"), BringDown{}).ok());
  EXPECT_THAT(Now().missing, ElementsAre(Missing{.obstacle = Obstacle::kNoAddress}));
  ASSERT_TRUE(lab_.Do(InterfaceName("a"), LeaveGroup{}).ok());
  EXPECT_THAT(Now().missing, ElementsAre(Missing{.obstacle = Obstacle::kOtherGroup}));
  ASSERT_TRUE(lab_.Do(InterfaceName("a"), DeleteInterface{}).ok());
  EXPECT_THAT(Now().missing, ElementsAre(Missing{.obstacle = Obstacle::kInterfaceGone}));
}

TEST_F(OutlookTest, ProbesThatAreStillToBeAnswered) {
  CreateAddress test;
  test.prefix_length = 24;
  test.test = true;
  ASSERT_TRUE(lab_.Do(At(InterfaceName("a"), "192.0.2.101"), test).ok());
  ASSERT_TRUE(lab_.Targets("a", TargetMode::kRoutes, {"192.0.2.1"}).ok());
  ASSERT_TRUE(lab_.Probe("a", "+-----").ok());
  EXPECT_THAT(Now().missing, ElementsAre(Missing{.obstacle = Obstacle::kProbes, .count = 10}));
  ASSERT_TRUE(lab_.Probe("a", "+++").ok());
  EXPECT_THAT(Now().missing, ElementsAre(Missing{.obstacle = Obstacle::kProbes, .count = 7}));
  ASSERT_TRUE(lab_.Targets("a", TargetMode::kRoutes, {}).ok());
  EXPECT_THAT(Now().missing, ElementsAre(Missing{.obstacle = Obstacle::kNoTargets, .count = 10}));
}

TEST_F(OutlookTest, WhatWasOnAStandbyStaysAway) {
  ASSERT_TRUE(lab_.Link("a", LinkState::kDown).ok());
  ASSERT_TRUE(lab_.Link("a", LinkState::kUp).ok());
  EXPECT_EQ(Now().back_to, Uid("s"));
  EXPECT_THAT(Now().missing, ElementsAre(Missing{.obstacle = Obstacle::kStandbyRests}));
  EXPECT_THAT(Now().stands_in_for, IsEmpty());
}

}  // namespace
}  // namespace netstackd::core::health
