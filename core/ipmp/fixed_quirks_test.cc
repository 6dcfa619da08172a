// What the rules do where the original has a quirk that is fixed.
#include <algorithm>

#include "base/error.h"
#include "core/hooks.h"
#include "core/testing/lab.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace netstackd::core {
namespace {

// The next `count` passes of one point fail.
class FailingAt : public Hooks {
 public:
  FailingAt(FaultPoint point, int count) : point_(point), left_(count) {}
  bool Fails(FaultPoint point) override { return point == point_ && left_ > 0 && left_-- > 0; }
  bool Busy(GroupUid, Family) const override { return false; }
  bool Busy(InterfaceUid, Family) const override { return false; }

 private:
  const FaultPoint point_;
  int left_;
};

class FixedQuirksTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(lab_.AddGroup("g").ok());
    ASSERT_TRUE(lab_.AddInterface("a", "g").ok());
  }
  void TearDown() override { EXPECT_THAT(CheckInvariants(lab_.state), testing::IsEmpty()); }
  const Address& address(const std::string& ip) {
    return *lab_.state.FindAddress(lab_.group("g").uid, *ParseIpAddress(ip));
  }
  Lab lab_;
};

TEST_F(FixedQuirksTest, AnAddressThatIsUpElsewhereIsRefusedAndNothingIsLeft) {
  ASSERT_TRUE(lab_.AddAddress("g", "192.0.2.1").ok());
  ASSERT_TRUE(lab_.AddGroup("h").ok());
  const absl::Status status = lab_.AddAddress("h", "192.0.2.1");
  EXPECT_EQ(ReasonOf(status), ErrorReason::kAddressInUse);
  EXPECT_EQ(lab_.state.FindAddress(lab_.group("h").uid, *ParseIpAddress("192.0.2.1")), nullptr);
  EXPECT_FALSE(lab_.group("h").sides[0]->datalink_up);
}

TEST_F(FixedQuirksTest, AnAddressThatCouldNotBeAnnouncedIsTriedAgain) {
  ASSERT_TRUE(lab_.AddAddress("g", "192.0.2.1").ok());
  ASSERT_TRUE(lab_.Link("a", LinkState::kDown).ok());
  FailingAt hooks(FaultPoint::kAnnounceIpv4, 1);
  lab_.hooks = &hooks;
  ASSERT_TRUE(lab_.Link("a", LinkState::kUp).ok());
  EXPECT_EQ(lab_.BoundTo("g", "192.0.2.1"), "a");
  EXPECT_FALSE(address("192.0.2.1").announced);
  lab_.now += absl::Seconds(120);
  ASSERT_TRUE(lab_.Do(Name{}, FireTimers{}).ok());
  EXPECT_TRUE(address("192.0.2.1").announced);
  EXPECT_TRUE(lab_.state.index().timers().empty());
}

TEST_F(FixedQuirksTest, AFailedRebindIsTriedAgainToo) {
  ASSERT_TRUE(lab_.AddInterface("b", "g").ok());
  ASSERT_TRUE(lab_.AddAddress("g", "192.0.2.1").ok());
  FailingAt hooks(FaultPoint::kAnnounceIpv4, 1);
  lab_.hooks = &hooks;
  ASSERT_TRUE(lab_.Link("a", LinkState::kDown).ok());
  EXPECT_EQ(lab_.BoundTo("g", "192.0.2.1"), "b");
  EXPECT_FALSE(address("192.0.2.1").announced);
  lab_.now += absl::Seconds(120);
  ASSERT_TRUE(lab_.Do(Name{}, FireTimers{}).ok());
  EXPECT_TRUE(address("192.0.2.1").announced);
}

TEST_F(FixedQuirksTest, AReplacementOfAnArpEntryThatFailsLeavesTheOldOne) {
  ReportInterface report;
  report.hardware_address = ParseHardwareAddress("02:00:00:00:00:01");
  ASSERT_TRUE(lab_.Do(InterfaceName("a"), report).ok());
  const auto ip = ParseIpAddress("192.0.2.50");
  ASSERT_TRUE(
      lab_.Do(GroupName("g"), SetArpEntry{ip, *ParseHardwareAddress("02:00:00:00:00:01")}).ok());
  ASSERT_TRUE(lab_.Link("a", LinkState::kDown).ok());
  const absl::Status status =
      lab_.Do(GroupName("g"), SetArpEntry{ip, *ParseHardwareAddress("0a:00:00:00:00:09")});
  EXPECT_EQ(ReasonOf(status), ErrorReason::kArpNotPossible);
  const auto& arp = lab_.state.index().side(lab_.group("g").uid, Family::kIpv4).arp;
  ASSERT_EQ(arp.size(), 1u);
  EXPECT_TRUE(lab_.state.arp_entry(arp.begin()->second)->proxy);
}

TEST_F(FixedQuirksTest, TheMtuOfAGroupFollowsItsMembersEvenIfNobodyCanBeTold) {
  FailingAt hooks(FaultPoint::kMtuMessage, 10);
  lab_.hooks = &hooks;
  ReportInterface report;
  report.link_mtu = 1400;
  ASSERT_TRUE(lab_.Do(InterfaceName("a"), report).ok());
  EXPECT_EQ(lab_.group("g").sides[0]->mtu, 1400u);
}

TEST_F(FixedQuirksTest, ASideThatRejoinsGetsItsRetriesAgain) {
  ASSERT_TRUE(lab_.AddInterface("b", "").ok());
  FailingAt hooks(FaultPoint::kActivationMessage, 4);
  lab_.hooks = &hooks;
  UpdateInterface join;
  join.group = "g";
  UpdateInterface leave;
  leave.group = "";
  ASSERT_TRUE(lab_.Do(InterfaceName("b"), join).ok());
  EXPECT_EQ(lab_.Active("g"), "a");
  ASSERT_TRUE(lab_.Do(InterfaceName("b"), leave).ok());
  EXPECT_TRUE(lab_.state.index().timers().empty());
  ASSERT_TRUE(lab_.Do(InterfaceName("b"), join).ok());
  EXPECT_EQ(lab_.Active("g"), "a");
  lab_.now += absl::Seconds(120);
  ASSERT_TRUE(lab_.Do(Name{}, FireTimers{}).ok());
  EXPECT_EQ(lab_.Active("g"), "a b");
}

TEST_F(FixedQuirksTest, CountersThatVanishKeepWhatTheyCounted) {
  const auto report = [&](std::uint64_t bytes) {
    ReportInterface op;
    op.counters[Counter::kInBytes64] = bytes;
    return lab_.Do(InterfaceName("a"), op);
  };
  const auto counted = [&] {
    return GroupStats(lab_.state, lab_.group("g"))[static_cast<std::size_t>(Counter::kInBytes64)];
  };
  ASSERT_TRUE(report(500).ok());
  EXPECT_EQ(counted(), 0u) << "what was counted before the first reading is not known";
  ASSERT_TRUE(report(1500).ok());
  EXPECT_EQ(counted(), 1000u);
  ReportInterface gone;
  gone.counters_gone = true;
  ASSERT_TRUE(lab_.Do(InterfaceName("a"), gone).ok());
  ASSERT_TRUE(lab_.Do(InterfaceName("a"), gone).ok()) << "a report may come twice";
  EXPECT_EQ(counted(), 1000u);
  ASSERT_TRUE(report(50000).ok());
  EXPECT_EQ(counted(), 1000u) << "what was counted before it could be read again is not known";
  ASSERT_TRUE(report(50001).ok());
  EXPECT_EQ(counted(), 1001u);
  ASSERT_TRUE(report(7).ok());
  EXPECT_EQ(counted(), 1008u) << "a counter that went back was reset";
}

TEST_F(FixedQuirksTest, AFamilyTheGroupLacksIsRefusedAndTheInterfaceStays) {
  UpdateInterface op;
  op.ipv6 = true;
  const absl::Status status = lab_.Do(InterfaceName("a"), op);
  EXPECT_EQ(ReasonOf(status), ErrorReason::kGroupFamilyMissing);
  EXPECT_EQ(lab_.Active("g"), "a");
  EXPECT_FALSE(lab_.interface("a").sides[1].has_value());
}

TEST_F(FixedQuirksTest, OneReasonForUsesrcOnEitherSide) {
  for (const Family family : kFamilies) {
    SCOPED_TRACE(NameOf(family));
    Lab lab;
    ASSERT_TRUE(lab.AddGroup("g", true).ok());
    ASSERT_TRUE(lab.AddInterface("u", "", false, true).ok());
    ASSERT_TRUE(lab.Do(InterfaceName("u"), SetUsesrc{family, UsesrcRole::kSource}).ok());
    UpdateInterface op;
    op.group = "g";
    EXPECT_EQ(ReasonOf(lab.Do(InterfaceName("u"), op)), ErrorReason::kInterfaceUsesUsesrc);
  }
}

TEST_F(FixedQuirksTest, AGroupCannotTakeTheNameOfAnInterface) {
  EXPECT_EQ(ReasonOf(lab_.Do(GroupName("g"), RenameGroup{"a"})), ErrorReason::kGroupExists);
}

}  // namespace
}  // namespace netstackd::core
