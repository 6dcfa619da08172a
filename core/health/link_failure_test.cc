// mpathd.md 4 (links, flaps), 10 (failures and repairs by link, who becomes INACTIVE), 11 (service,
// minimum redundancy, equal hardware addresses), and the hold before a failback.
#include <array>

#include "base/error.h"
#include "core/testing/probes.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace netstackd::core {
namespace {

class GroupTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(lab_.AddGroup("g").ok());
    for (const char* name : {"a", "b"}) ASSERT_TRUE(lab_.AddInterface(name, "g").ok());
    ASSERT_TRUE(lab_.AddInterface("s", "g", /*standby=*/true).ok());
    for (int i = 1; i <= 4; ++i) {
      ASSERT_TRUE(lab_.AddAddress("g", "192.0.2." + std::to_string(i)).ok());
    }
  }
  void TearDown() override { EXPECT_THAT(CheckInvariants(lab_.state), testing::IsEmpty()); }

  absl::Status Update(bool failback, absl::Duration hold) {
    UpdateGroup op;
    op.failback = std::optional<bool>(failback);
    op.failback_hold = std::optional<absl::Duration>(hold);
    return lab_.Do(GroupName("g"), op);
  }
  absl::Status Hardware(const std::string& name, char last) {
    ReportInterface report;
    report.hardware_address = HardwareAddress("\x02\0\0\0\0", 5) + last;
    return lab_.Do(InterfaceName(name), report);
  }
  const Detection& detection(const std::string& name) const {
    return lab_.interface(name).detection;
  }

  ProbeLab lab_;
};

using LinkTest = GroupTest;

TEST_F(LinkTest, WhatIsOlderThanWhatIsKnownChangesNothing) {
  ReportInterface report;
  report.link = LinkState::kDown;
  lab_.Pass(absl::Seconds(10));
  ASSERT_TRUE(lab_.Do(InterfaceName("a"), report).ok());
  report.link = LinkState::kUp;
  report.seen = lab_.now - absl::Seconds(1);
  ASSERT_TRUE(lab_.Do(InterfaceName("a"), report).ok());
  EXPECT_EQ(lab_.last.results[0].warnings.size(), 1u);
  EXPECT_TRUE(lab_.last.deltas.empty());
  EXPECT_TRUE(lab_.failed("a"));
  report.seen = lab_.now;
  ASSERT_TRUE(lab_.Do(InterfaceName("a"), report).ok());
  EXPECT_FALSE(lab_.failed("a"));
}

TEST_F(LinkTest, AStateSeenAgainMakesOlderOnesKnown) {
  ReportInterface report;
  report.link = LinkState::kDown;
  report.seen = lab_.now;
  ASSERT_TRUE(lab_.Do(InterfaceName("a"), report).ok());
  lab_.Pass(absl::Seconds(10));
  report.seen = lab_.now;
  ASSERT_TRUE(lab_.Do(InterfaceName("a"), report).ok());
  EXPECT_EQ(detection("a").link_seen, lab_.now - absl::Seconds(10));
  report.link = LinkState::kUp;
  report.seen = lab_.now - absl::Seconds(5);
  ASSERT_TRUE(lab_.Do(InterfaceName("a"), report).ok());
  EXPECT_TRUE(lab_.failed("a"));
}

TEST_F(LinkTest, TheFutureIsNow) {
  ReportInterface report;
  report.link = LinkState::kDown;
  report.seen = lab_.now + absl::Hours(1);
  ASSERT_TRUE(lab_.Do(InterfaceName("a"), report).ok());
  EXPECT_EQ(detection("a").link_seen, lab_.now);
}

// Link-ups at these seconds; whether the last one repairs at once, else when.
struct Flap {
  std::vector<int> ups;
  int repaired_at;
};

TEST(FlapTest, TheThirdTimeWithinAMinuteTheRepairWaits) {
  const Flap cases[] = {
      {{10}, 10},         {{10, 20}, 20},         {{10, 20, 30}, 80},     {{10, 20, 70}, 70},
      {{10, 20, 69}, 80}, {{10, 20, 30, 40}, 90}, {{10, 20, 30, 79}, 90}, {{10, 20, 30, 85}, 85},
      {{10, 65, 75}, 75},
  };
  for (const Flap& c : cases) {
    SCOPED_TRACE(testing::PrintToString(c.ups));
    ProbeLab lab;
    const absl::Time start = lab.now;
    ASSERT_TRUE(lab.AddGroup("g").ok());
    for (const char* name : {"a", "b"}) ASSERT_TRUE(lab.AddInterface(name, "g").ok());
    for (const int up : c.ups) {
      lab.now = start + absl::Seconds(up - 1);
      ASSERT_TRUE(lab.Fire().ok());
      ASSERT_TRUE(lab.Link("a", LinkState::kDown).ok());
      lab.now = start + absl::Seconds(up);
      ASSERT_TRUE(lab.Link("a", LinkState::kUp).ok());
    }
    const absl::Time due = start + absl::Seconds(c.repaired_at);
    if (due == lab.now) {
      EXPECT_FALSE(lab.failed("a"));
      EXPECT_FALSE(lab.interface("a").detection.repair_at.has_value());
      continue;
    }
    EXPECT_TRUE(lab.failed("a"));
    EXPECT_EQ(lab.interface("a").detection.repair_at, due);
    EXPECT_EQ(lab.state.index().NextTimer(), due);
    ASSERT_TRUE(lab.Link("a", LinkState::kUp).ok());
    EXPECT_TRUE(lab.failed("a")) << "saying it again does not help";
    lab.now = due - absl::Nanoseconds(1);
    ASSERT_TRUE(lab.Fire().ok());
    EXPECT_TRUE(lab.failed("a"));
    lab.now = due;
    ASSERT_TRUE(lab.Fire().ok());
    EXPECT_FALSE(lab.failed("a"));
    EXPECT_EQ(lab.state.index().NextTimer(), std::nullopt);
    EXPECT_THAT(CheckInvariants(lab.state), testing::IsEmpty());
  }
}

TEST_F(GroupTest, TheLastLinkFailsTheWholeGroupAndTheFirstRepairIsUsed) {
  ASSERT_TRUE(Update(false, absl::ZeroDuration()).ok());
  ASSERT_TRUE(lab_.Do(InterfaceName("s"), OfflineInterface{}).ok());
  ASSERT_TRUE(lab_.Link("a", LinkState::kDown).ok());
  EXPECT_FALSE(lab_.failed("s"));
  ASSERT_TRUE(lab_.Link("b", LinkState::kDown).ok());
  EXPECT_TRUE(lab_.failed("s")) << "all members are failed with the last one";
  ASSERT_TRUE(lab_.Do(InterfaceName("s"), OnlineInterface{}).ok());
  EXPECT_FALSE(lab_.failed("s")) << "nothing but the group spoke against it";
  EXPECT_EQ(lab_.Active("g"), "s");
}

using HoldTest = GroupTest;

TEST_F(HoldTest, ARepairedInterfaceRestsUntilTheHoldIsOver) {
  ASSERT_TRUE(Update(true, absl::Seconds(30)).ok());
  ASSERT_TRUE(lab_.Link("a", LinkState::kDown).ok());
  ASSERT_EQ(lab_.Active("g"), "b s");
  ASSERT_TRUE(lab_.Link("a", LinkState::kUp).ok());
  EXPECT_EQ(lab_.Active("g"), "b s");
  EXPECT_TRUE(lab_.interface("a").flags.inactive);
  EXPECT_EQ(detection("a").failback_at, lab_.now + absl::Seconds(30));
  EXPECT_EQ(lab_.state.index().NextTimer(), lab_.now + absl::Seconds(30));
  lab_.Pass(absl::Seconds(29));
  ASSERT_TRUE(lab_.Fire().ok());
  EXPECT_EQ(lab_.Active("g"), "b s");
  lab_.Pass(absl::Seconds(1));
  ASSERT_TRUE(lab_.Fire().ok());
  EXPECT_EQ(lab_.Active("g"), "b a");
  EXPECT_TRUE(lab_.interface("s").flags.inactive);
  EXPECT_EQ(detection("a").cause, Cause::kRepair);
  EXPECT_FALSE(detection("a").failback_at.has_value());
}

TEST_F(HoldTest, TheStandbyInUseFailsMeanwhileItIsUsedAtOnce) {
  ASSERT_TRUE(Update(true, absl::Seconds(30)).ok());
  ASSERT_TRUE(lab_.Link("a", LinkState::kDown).ok());
  ASSERT_TRUE(lab_.Link("a", LinkState::kUp).ok());
  ASSERT_TRUE(lab_.Link("s", LinkState::kDown).ok());
  EXPECT_EQ(lab_.Active("g"), "b a");
  EXPECT_FALSE(detection("a").failback_at.has_value());
}

TEST_F(HoldTest, InAFailedGroupNobodyWaits) {
  ASSERT_TRUE(Update(true, absl::Seconds(30)).ok());
  for (const char* name : {"a", "b", "s"}) ASSERT_TRUE(lab_.Link(name, LinkState::kDown).ok());
  ASSERT_TRUE(lab_.Link("a", LinkState::kUp).ok());
  EXPECT_EQ(lab_.Active("g"), "a");
}

TEST_F(HoldTest, AnotherHoldOrNoFailbackIsHeardByThoseThatWait) {
  ASSERT_TRUE(Update(true, absl::Seconds(30)).ok());
  ASSERT_TRUE(lab_.Link("a", LinkState::kDown).ok());
  ASSERT_TRUE(lab_.Link("a", LinkState::kUp).ok());
  const absl::Time repaired = lab_.now;
  ASSERT_TRUE(Update(true, absl::Seconds(90)).ok());
  EXPECT_EQ(detection("a").failback_at, repaired + absl::Seconds(90));
  ASSERT_TRUE(Update(false, absl::Seconds(90)).ok());
  EXPECT_FALSE(detection("a").failback_at.has_value());
  EXPECT_EQ(lab_.Active("g"), "b s");
  lab_.Pass(absl::Seconds(10));
  ASSERT_TRUE(Update(true, absl::Seconds(10)).ok());
  EXPECT_EQ(lab_.Active("g"), "b a");
}

TEST_F(HoldTest, FailingAgainEndsTheWait) {
  ASSERT_TRUE(Update(true, absl::Seconds(30)).ok());
  ASSERT_TRUE(lab_.Link("a", LinkState::kDown).ok());
  ASSERT_TRUE(lab_.Link("a", LinkState::kUp).ok());
  ASSERT_TRUE(lab_.Link("a", LinkState::kDown).ok());
  EXPECT_FALSE(detection("a").failback_at.has_value());
  EXPECT_EQ(lab_.state.index().NextTimer(), std::nullopt);
}

using AddressTest = GroupTest;

TEST_F(AddressTest, WhatHasNoAddressThatIsUpSendsNobodyToRest) {
  ProbeLab lab;
  ASSERT_TRUE(lab.AddGroup("g").ok());
  ASSERT_TRUE(lab.AddInterface("s", "g", true).ok());
  ASSERT_TRUE(lab.AddAddress("g", "192.0.2.1").ok());
  CreateInterface op;
  op.spec.ipv4 = true;
  op.spec.up = false;
  op.group = "g";
  ASSERT_TRUE(lab.Do(InterfaceName("n"), op).ok());
  EXPECT_EQ(lab.Active("g"), "s");
  EXPECT_EQ(lab.BoundTo("g", "192.0.2.1"), "s");
  ASSERT_TRUE(lab.Do(InterfaceName("n"), BringUp{}).ok());
  EXPECT_EQ(lab.Active("g"), "n") << "now it can carry, and the standby rests";
  ASSERT_TRUE(lab.Do(InterfaceName("n"), BringDown{}).ok());
  EXPECT_EQ(lab.Active("g"), "s");
  EXPECT_THAT(CheckInvariants(lab.state), testing::IsEmpty());
}

TEST_F(AddressTest, TheStepwiseJoinDoesNotStrandAddresses) {
  ASSERT_TRUE(lab_.Do(InterfaceName("a"), DeleteInterface{}).ok());
  ASSERT_TRUE(lab_.Do(InterfaceName("b"), DeleteInterface{}).ok());
  ASSERT_EQ(lab_.Active("g"), "s");
  ASSERT_TRUE(lab_.AddInterface("n", "").ok());
  ASSERT_TRUE(lab_.Do(InterfaceName("n"), BringDown{}).ok());
  ASSERT_TRUE(lab_.Do(InterfaceName("n"), JoinGroup{"g"}).ok());
  EXPECT_EQ(lab_.Active("g"), "s");
  ASSERT_TRUE(lab_.Do(InterfaceName("n"), BringUp{}).ok());
  EXPECT_EQ(lab_.Active("g"), "n");
}

using TwinTest = GroupTest;

TEST_F(TwinTest, TheLaterOneGoesOutAndComesBackByItself) {
  ASSERT_TRUE(Hardware("a", 1).ok());
  ASSERT_TRUE(Hardware("b", 1).ok());
  EXPECT_TRUE(lab_.interface("b").flags.offline);
  EXPECT_TRUE(detection("b").duplicate_hardware);
  EXPECT_EQ(detection("b").cause, Cause::kDuplicateHardware);
  EXPECT_EQ(lab_.Active("g"), "a s");
  const absl::Status refused = lab_.Do(InterfaceName("b"), OnlineInterface{});
  EXPECT_EQ(ReasonOf(refused), ErrorReason::kHardwareAddressDuplicate);
  ASSERT_TRUE(Hardware("b", 2).ok());
  EXPECT_FALSE(lab_.interface("b").flags.offline);
  EXPECT_FALSE(detection("b").duplicate_hardware);
  EXPECT_EQ(lab_.Active("g"), "a b");
}

// What brings it back, and what does not.
TEST_F(TwinTest, ItComesBackWhenTheOtherChangesLeavesOrIsTakenOut) {
  struct Case {
    const char* what;
    Op op;
    bool back;
  };
  ReportInterface changed;
  changed.hardware_address = HardwareAddress("\x02\0\0\0\0\x07", 6);
  ReportInterface down;
  down.link = LinkState::kDown;
  const Case cases[] = {
      {"another address", changed, true},
      {"leaves", LeaveGroup{}, true},
      {"deleted", DeleteInterface{}, true},
      {"out of service", OfflineInterface{.min_redundancy = 0}, true},
      {"link down", down, false},
  };
  ASSERT_TRUE(Hardware("a", 1).ok());
  ASSERT_TRUE(Hardware("b", 1).ok());
  for (const Case& c : cases) {
    SCOPED_TRACE(c.what);
    ProbeLab copy = lab_;
    ASSERT_TRUE(copy.Do(InterfaceName("a"), c.op).ok());
    EXPECT_EQ(copy.interface("b").flags.offline, !c.back);
    EXPECT_EQ(copy.interface("b").detection.duplicate_hardware, !c.back);
    EXPECT_THAT(CheckInvariants(copy.state), testing::IsEmpty());
  }
}

TEST_F(TwinTest, TakenOutByAnAdministratorItStaysOut) {
  ASSERT_TRUE(Hardware("a", 1).ok());
  ASSERT_TRUE(Hardware("b", 1).ok());
  ASSERT_TRUE(lab_.Do(InterfaceName("b"), OfflineInterface{.min_redundancy = 0}).ok());
  EXPECT_FALSE(detection("b").duplicate_hardware);
  ASSERT_TRUE(Hardware("a", 3).ok());
  EXPECT_TRUE(lab_.interface("b").flags.offline);
  ASSERT_TRUE(lab_.Do(InterfaceName("b"), OnlineInterface{}).ok());
  EXPECT_EQ(lab_.Active("g"), "a b");
}

TEST_F(TwinTest, TheOtherCannotComeBackWhileTheLaterOneServes) {
  ASSERT_TRUE(Hardware("a", 1).ok());
  ASSERT_TRUE(Hardware("b", 1).ok());
  ASSERT_TRUE(lab_.Do(InterfaceName("a"), OfflineInterface{.min_redundancy = 0}).ok());
  EXPECT_FALSE(lab_.interface("b").flags.offline);
  EXPECT_EQ(ReasonOf(lab_.Do(InterfaceName("a"), OnlineInterface{})),
            ErrorReason::kHardwareAddressDuplicate);
}

TEST_F(TwinTest, WhoeverJoinsWithAKnownAddressNeverCarries) {
  ASSERT_TRUE(Hardware("a", 1).ok());
  ASSERT_TRUE(lab_.AddInterface("n", "").ok());
  ASSERT_TRUE(Hardware("n", 1).ok());
  UpdateInterface join;
  join.group = "g";
  ASSERT_TRUE(lab_.Do(InterfaceName("n"), join).ok());
  EXPECT_TRUE(detection("n").duplicate_hardware);
  EXPECT_EQ(lab_.Active("g"), "b a s") << "three are wanted now";
}

}  // namespace
}  // namespace netstackd::core
