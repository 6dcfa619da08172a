// Where an address is, since when and why: what Edit writes into `Address::placement`.
#include "core/testing/lab.h"
#include "gtest/gtest.h"

namespace netstackd::core {
namespace {

absl::Time At(int seconds) { return absl::FromUnixSeconds(1'700'000'000 + seconds); }

Name Ip(const std::string& ip) { return core::At(GroupName("g"), ip); }

// Two interfaces in use, a standby at rest; one address, on "a".
class MovesTest : public testing::Test {
 protected:
  void SetUp() override {
    lab_.now = At(0);
    ASSERT_TRUE(lab_.AddGroup("g").ok());
    for (const char* name : {"a", "b"}) ASSERT_TRUE(lab_.AddInterface(name, "g").ok());
    ASSERT_TRUE(lab_.AddInterface("s", "g", /*standby=*/true).ok());
    ASSERT_TRUE(lab_.AddAddress("g", "192.0.2.1").ok());
    ASSERT_EQ(lab_.BoundTo("g", "192.0.2.1"), "a");
  }
  const Address& address(const std::string& ip = "192.0.2.1") const {
    return *lab_.state.FindAddress(lab_.group("g").uid, *ParseIpAddress(ip));
  }
  const Placement& placement() const { return address().placement; }
  InterfaceUid Uid(const std::string& name) const { return lab_.interface(name).uid; }

  Lab lab_;
};

TEST_F(MovesTest, ANewAddressIsWhereItIsBecauseItWasAskedFor) {
  EXPECT_EQ(placement().cause, Cause::kRequest);
  EXPECT_EQ(placement().from, InterfaceUid());
  EXPECT_EQ(placement().subject, InterfaceUid());
  EXPECT_EQ(placement().since, At(0));
  EXPECT_EQ(placement().revision, address().meta.create_revision);
  EXPECT_EQ(placement().moves, 0u);
}

TEST_F(MovesTest, AFailureSaysWhatWasSeenWhenAndWhereTheAddressCameFrom) {
  lab_.now = At(10);
  ReportInterface report;
  report.link = LinkState::kDown;
  report.seen = At(7);
  ASSERT_TRUE(lab_.Do(InterfaceName("a"), report).ok());
  const InterfaceUid bound = address().bound;
  EXPECT_NE(bound, Uid("a"));
  EXPECT_EQ(placement().cause, Cause::kLink);
  EXPECT_EQ(placement().from, Uid("a"));
  EXPECT_EQ(placement().subject, Uid("a"));
  EXPECT_EQ(placement().seen, At(7));
  EXPECT_EQ(placement().since, At(10));
  EXPECT_EQ(placement().moves, 1u);
  EXPECT_EQ(lab_.interface("a").detection.cause, Cause::kLink);
  EXPECT_EQ(lab_.interface("s").detection.cause, Cause::kLink);
  EXPECT_EQ(lab_.interface("s").detection.cause_subject, Uid("a"));
}

TEST_F(MovesTest, AnAddressThatEndsWhereItBeganKeepsItsHistory) {
  const Placement before = placement();
  Transaction both;
  ReportInterface report;
  report.link = LinkState::kDown;
  both.commands.push_back({InterfaceName("b"), "", report});
  report.link = LinkState::kUp;
  both.commands.push_back({InterfaceName("b"), "", report});
  lab_.now = At(5);
  ASSERT_TRUE(lab_.Do(both).ok());
  EXPECT_EQ(placement(), before);
  both.commands[0].target = InterfaceName("a");
  both.commands[1].target = InterfaceName("a");
  ASSERT_TRUE(lab_.Do(both).ok());
  if (address().bound == Uid("a")) {
    EXPECT_EQ(placement(), before);
  } else {
    EXPECT_EQ(placement().from, Uid("a"));
    EXPECT_EQ(placement().moves, 1u);
  }
}

TEST_F(MovesTest, AnAddressWithoutAPlaceRemembersItsLast) {
  for (const char* name : {"b", "s", "a"}) ASSERT_TRUE(lab_.Link(name, LinkState::kDown).ok());
  EXPECT_EQ(address().bound, InterfaceUid());
  EXPECT_EQ(placement().from, Uid("a"));
  EXPECT_EQ(placement().moves, 0u) << "from an interface to none is no move";
  lab_.now = At(70);
  ASSERT_TRUE(lab_.Link("b", LinkState::kUp).ok());
  EXPECT_EQ(address().bound, Uid("b"));
  EXPECT_EQ(placement().from, Uid("a"));
  EXPECT_EQ(placement().cause, Cause::kLink);
  EXPECT_EQ(placement().subject, Uid("b"));
  EXPECT_EQ(placement().moves, 1u);
}

TEST_F(MovesTest, BroughtDownAndUpItComesFromNowhere) {
  ASSERT_TRUE(lab_.Do(Ip("192.0.2.1"), BringDown{}).ok());
  EXPECT_EQ(placement().from, Uid("a"));
  EXPECT_EQ(placement().cause, Cause::kRequest);
  ASSERT_TRUE(lab_.Do(Ip("192.0.2.1"), BringUp{}).ok());
  EXPECT_EQ(placement().from, InterfaceUid());
  EXPECT_EQ(placement().moves, 0u);
}

TEST_F(MovesTest, WhatIsEvenedOutSaysSo) {
  for (const char* ip : {"192.0.2.2", "192.0.2.3", "192.0.2.4"}) {
    ASSERT_TRUE(lab_.AddAddress("g", ip).ok());
  }
  ASSERT_EQ(lab_.BoundTo("g", "192.0.2.3"), "a");
  ASSERT_TRUE(lab_.Do(Ip("192.0.2.2"), DeleteAddress{}).ok());
  ASSERT_TRUE(lab_.Do(Ip("192.0.2.4"), DeleteAddress{}).ok());
  ASSERT_EQ(lab_.BoundTo("g", "192.0.2.3"), "b");
  EXPECT_EQ(address("192.0.2.3").placement.cause, Cause::kRebalance);
  EXPECT_EQ(address("192.0.2.3").placement.from, Uid("a"));
}

struct Case {
  const char* what;
  Op op;
  Cause cause;
};

TEST_F(MovesTest, EveryWayToTakeAnInterfaceOutNamesItsCause) {
  SetFlags failed;
  failed.set.failed = true;
  const Case cases[] = {
      {"taken out of service", OfflineInterface{}, Cause::kOffline},
      {"leaves", LeaveGroup{}, Cause::kMembership},
      {"is deleted", DeleteInterface{}, Cause::kMembership},
      {"loses its address", BringDown{}, Cause::kNoAddress},
      {"an outside detector", failed, Cause::kDetector},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.what);
    Lab copy = lab_;
    const InterfaceUid a = Uid("a");
    ASSERT_TRUE(copy.Do(InterfaceName("a"), c.op).ok());
    const Address& moved =
        *copy.state.FindAddress(copy.group("g").uid, *ParseIpAddress("192.0.2.1"));
    EXPECT_EQ(moved.placement.cause, c.cause);
    EXPECT_EQ(moved.placement.from, a);
    EXPECT_EQ(moved.placement.subject, a);
  }
}

}  // namespace
}  // namespace netstackd::core
