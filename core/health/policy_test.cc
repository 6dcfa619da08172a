#include "core/health/policy.h"

#include "base/error.h"
#include "core/testing/lab.h"
#include "core/trace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace netstackd::core {
namespace {

// Two interfaces in use, a standby at rest, five addresses.
class PolicyTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(lab_.AddGroup("g").ok());
    for (const char* name : {"a", "b"}) ASSERT_TRUE(lab_.AddInterface(name, "g").ok());
    ASSERT_TRUE(lab_.AddInterface("s", "g", /*standby=*/true).ok());
    for (int i = 1; i <= 5; ++i) {
      ASSERT_TRUE(lab_.AddAddress("g", "192.0.2." + std::to_string(i)).ok());
    }
  }
  void TearDown() override { EXPECT_THAT(CheckInvariants(lab_.state), testing::IsEmpty()); }

  absl::Status SetFailback(bool failback) {
    UpdateGroup op;
    op.failback = std::optional<bool>(failback);
    return lab_.Do(GroupName("g"), op);
  }

  Lab lab_;
};

TEST_F(PolicyTest, AStandbyNobodyNeedsRests) {
  EXPECT_EQ(lab_.Active("g"), "a b");
  EXPECT_TRUE(lab_.interface("s").flags.inactive);
}

TEST_F(PolicyTest, AFailureMovesOnlyTheAddressesOfTheFailedInterface) {
  const std::size_t carried = lab_.Count("a");
  ASSERT_TRUE(lab_.Link("a", LinkState::kDown).ok());
  EXPECT_TRUE(lab_.interface("a").flags.failed);
  EXPECT_EQ(lab_.Active("g"), "b s");
  const std::vector<Move> moves = MovesOf(lab_.last.deltas);
  EXPECT_EQ(moves.size(), carried);
  for (const Move& move : moves) {
    EXPECT_EQ(move.from, lab_.interface("a").uid);
  }
  EXPECT_EQ(lab_.Count("b"), 3u) << "two of its own, and one of three to keep the counts even";
  EXPECT_EQ(lab_.Count("s"), 2u);
}

TEST_F(PolicyTest, WhenCountsStayEvenExactlyTheAddressesOfTheFailedInterfaceGoToTheStandby) {
  ASSERT_TRUE(lab_.AddAddress("g", "192.0.2.6").ok());
  ASSERT_TRUE(lab_.Link("a", LinkState::kDown).ok());
  const std::vector<Move> moves = MovesOf(lab_.last.deltas);
  EXPECT_EQ(moves.size(), 3u);
  for (const Move& move : moves) EXPECT_EQ(move.to, lab_.interface("s").uid);
}

TEST_F(PolicyTest, RepairGivesTheAddressesBackAndTheStandbyRests) {
  ASSERT_TRUE(lab_.AddAddress("g", "192.0.2.6").ok());
  ASSERT_TRUE(lab_.Link("a", LinkState::kDown).ok());
  ASSERT_TRUE(lab_.Link("a", LinkState::kUp).ok());
  EXPECT_EQ(lab_.Active("g"), "b a");
  EXPECT_TRUE(lab_.interface("s").flags.inactive);
  for (const Move& move : MovesOf(lab_.last.deltas)) {
    EXPECT_EQ(move.from, lab_.interface("s").uid);
    EXPECT_EQ(move.to, lab_.interface("a").uid);
  }
}

TEST_F(PolicyTest, WithoutFailbackTheRepairedInterfaceRests) {
  ASSERT_TRUE(SetFailback(false).ok());
  ASSERT_TRUE(lab_.Link("a", LinkState::kDown).ok());
  ASSERT_TRUE(lab_.Link("a", LinkState::kUp).ok());
  EXPECT_EQ(lab_.Active("g"), "b s");
  EXPECT_TRUE(lab_.interface("a").flags.inactive);
  EXPECT_TRUE(MovesOf(lab_.last.deltas).empty());
}

TEST_F(PolicyTest, WithoutFailbackTheFirstRepairOfAFailedGroupIsUsed) {
  ASSERT_TRUE(SetFailback(false).ok());
  for (const char* name : {"a", "b", "s"}) ASSERT_TRUE(lab_.Link(name, LinkState::kDown).ok());
  EXPECT_EQ(lab_.Active("g"), "");
  EXPECT_EQ(lab_.BoundTo("g", "192.0.2.1"), "");
  ASSERT_TRUE(lab_.Link("b", LinkState::kUp).ok());
  EXPECT_EQ(lab_.Active("g"), "b");
  EXPECT_EQ(lab_.Count("b"), 5u);
}

TEST_F(PolicyTest, TheGroupKeepsItsLinkWhenTheLastActiveInterfaceFails) {
  ASSERT_TRUE(lab_.Do(InterfaceName("b"), LeaveGroup{}).ok());
  ASSERT_EQ(lab_.Active("g"), "a");
  ASSERT_TRUE(lab_.Link("a", LinkState::kDown).ok());
  EXPECT_EQ(lab_.Active("g"), "s");
  EXPECT_EQ(lab_.Count("s"), 5u);
  EXPECT_EQ(MovesOf(lab_.last.deltas).size(), 5u);
}

TEST_F(PolicyTest, AFailedStandbyAtRestMovesNothing) {
  ASSERT_TRUE(lab_.Link("s", LinkState::kDown).ok());
  EXPECT_TRUE(lab_.interface("s").flags.failed);
  EXPECT_FALSE(lab_.interface("s").flags.inactive);
  EXPECT_EQ(lab_.Active("g"), "a b");
  ASSERT_TRUE(lab_.Link("s", LinkState::kUp).ok());
  EXPECT_TRUE(lab_.interface("s").flags.inactive);
}

TEST_F(PolicyTest, AReportOfTheSameLinkChangesNothing) {
  ASSERT_TRUE(lab_.Link("a", LinkState::kDown).ok());
  ASSERT_TRUE(lab_.Link("a", LinkState::kDown).ok());
  EXPECT_TRUE(lab_.last.deltas.empty());
}

TEST_F(PolicyTest, OfflineLetsTheStandbyTakeOverAndOnlineUndoesIt) {
  ASSERT_TRUE(lab_.Do(InterfaceName("a"), OfflineInterface{}).ok());
  EXPECT_EQ(lab_.Active("g"), "b s");
  EXPECT_EQ(StateOf(lab_.interface("a")), InterfaceState::kOffline);
  ASSERT_TRUE(lab_.Do(InterfaceName("a"), OnlineInterface{}).ok());
  EXPECT_EQ(lab_.Active("g"), "b a");
}

TEST_F(PolicyTest, OfflineIsRefusedBelowMinimumRedundancy) {
  const absl::Status status = lab_.Do(InterfaceName("a"), OfflineInterface{.min_redundancy = 3});
  ASSERT_EQ(ReasonOf(status), ErrorReason::kMinRedundancyNotMet);
  EXPECT_EQ(DetailsOf(status)->metadata.at("usable"), "2");
  EXPECT_EQ(lab_.Active("g"), "a b");
}

TEST_F(PolicyTest, OfflineOutsideOfAGroupIsRefused) {
  ASSERT_TRUE(lab_.AddInterface("lone", "").ok());
  EXPECT_EQ(ReasonOf(lab_.Do(InterfaceName("lone"), OfflineInterface{})),
            ErrorReason::kInterfaceNotInGroup);
}

TEST_F(PolicyTest, ALinkThatIsDownBeforeTheJoinFailsAtTheJoin) {
  ASSERT_TRUE(lab_.AddInterface("d", "").ok());
  ASSERT_TRUE(lab_.Link("d", LinkState::kDown).ok());
  EXPECT_FALSE(lab_.interface("d").flags.failed);
  UpdateInterface op;
  op.group = "g";
  ASSERT_TRUE(lab_.Do(InterfaceName("d"), op).ok());
  EXPECT_TRUE(lab_.interface("d").flags.failed);
  EXPECT_EQ(lab_.Active("g"), "a b s") << "three are wanted, the standby stands in for the third";
}

TEST_F(PolicyTest, AnInterfaceThatLeavesIsNoLongerFailed) {
  ASSERT_TRUE(lab_.Link("a", LinkState::kDown).ok());
  ASSERT_TRUE(lab_.Do(InterfaceName("a"), LeaveGroup{}).ok());
  EXPECT_FALSE(lab_.interface("a").flags.failed);
}

TEST_F(PolicyTest, WithDetectionOffFlagsAreThoseReported) {
  UpdateGroup off;
  off.detect_link = std::optional<bool>(false);
  ASSERT_TRUE(lab_.Do(GroupName("g"), off).ok());
  ASSERT_TRUE(lab_.Link("a", LinkState::kDown).ok());
  EXPECT_FALSE(lab_.interface("a").flags.failed);
  ReportInterface report;
  report.detector_set.failed = true;
  ASSERT_TRUE(lab_.Do(InterfaceName("a"), report).ok());
  EXPECT_EQ(lab_.Active("g"), "b");
  EXPECT_TRUE(lab_.interface("s").flags.inactive);
}

// Every pair of (what the interface is, what happens to it), from a fresh group each time:
// members n1 n2 are ordinary, s1 is a standby; `down` fails beforehand.
struct Case {
  const char* what;
  std::vector<const char*> down;
  const char* repaired;
  const char* active;
};

TEST(PolicyTableTest, WhoIsInUseAfterFailuresAndOneRepair) {
  const Case cases[] = {
      {"nothing fails", {}, nullptr, "n1 n2"},
      {"one of two", {"n1"}, nullptr, "n2 s1"},
      {"both: the standby alone", {"n1", "n2"}, nullptr, "s1"},
      {"all", {"n1", "n2", "s1"}, nullptr, ""},
      {"one of two, repaired", {"n1"}, "n1", "n2 n1"},
      {"both, one repaired: standby still needed", {"n1", "n2"}, "n1", "s1 n1"},
      {"all, the standby repaired", {"n1", "n2", "s1"}, "s1", "s1"},
      {"all, an ordinary one repaired", {"n1", "n2", "s1"}, "n2", "n2"},
      {"the standby, repaired", {"s1"}, "s1", "n1 n2"},
      {"one and the standby, the standby repaired", {"n1", "s1"}, "s1", "n2 s1"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.what);
    Lab lab;
    ASSERT_TRUE(lab.AddGroup("g").ok());
    ASSERT_TRUE(lab.AddInterface("n1", "g").ok());
    ASSERT_TRUE(lab.AddInterface("n2", "g").ok());
    ASSERT_TRUE(lab.AddInterface("s1", "g", true).ok());
    for (int i = 1; i <= 4; ++i)
      ASSERT_TRUE(lab.AddAddress("g", "192.0.2." + std::to_string(i)).ok());
    for (const char* name : c.down) ASSERT_TRUE(lab.Link(name, LinkState::kDown).ok());
    if (c.repaired != nullptr) {
      ASSERT_TRUE(lab.Link(c.repaired, LinkState::kUp).ok());
    }
    EXPECT_EQ(lab.Active("g"), c.active);
    EXPECT_THAT(CheckInvariants(lab.state), testing::IsEmpty());
  }
}

TEST(PolicyStandbyTest, TheFirstInterfaceOfAGroupIsUsedEvenIfItIsAStandby) {
  Lab lab;
  ASSERT_TRUE(lab.AddGroup("g").ok());
  ASSERT_TRUE(lab.AddInterface("s", "g", true).ok());
  EXPECT_EQ(lab.Active("g"), "s");
  ASSERT_TRUE(lab.AddInterface("n", "g").ok());
  EXPECT_EQ(lab.Active("g"), "n");
}

// Hears whether the link of a group goes down on the way.
class LinkListener : public Trace {
 public:
  void On(const Event& event) override {
    went_down |= event.kind == EventKind::kGroupLink && !event.on;
  }
  void Discard() override {}
  bool went_down = false;
};

TEST(PolicyStandbyTest, TheLinkStaysUpWhenAnInterfaceJoinsAndTheStandbyRests) {
  Lab lab;
  ASSERT_TRUE(lab.AddGroup("g").ok());
  ASSERT_TRUE(lab.AddInterface("s", "g", true).ok());
  ASSERT_TRUE(lab.AddAddress("g", "192.0.2.1").ok());
  LinkListener listener;
  lab.trace = &listener;
  ASSERT_TRUE(lab.AddInterface("n", "g").ok());
  EXPECT_EQ(lab.Active("g"), "n");
  EXPECT_FALSE(listener.went_down);
  ASSERT_TRUE(lab.Do(InterfaceName("n"), LeaveGroup{}).ok());
  EXPECT_EQ(lab.Active("g"), "s");
  EXPECT_FALSE(listener.went_down);
}

TEST(PolicyStandbyTest, FailedWhileOfflineIsNotInactive) {
  Lab lab;
  ASSERT_TRUE(lab.AddGroup("g").ok());
  ASSERT_TRUE(lab.AddInterface("a", "g").ok());
  ASSERT_TRUE(lab.AddInterface("b", "g").ok());
  ASSERT_TRUE(lab.Do(InterfaceName("a"), OfflineInterface{}).ok());
  ReportInterface report;
  report.detector_set.inactive = true;
  ASSERT_TRUE(lab.Do(InterfaceName("a"), report).ok());
  ASSERT_TRUE(lab.Link("a", LinkState::kDown).ok());
  EXPECT_THAT(CheckInvariants(lab.state), testing::IsEmpty());
}

TEST(PolicyStandbyTest, DetectionThatIsSwitchedOnSeesTheLinksThatAreDown) {
  Lab lab;
  ASSERT_TRUE(lab.AddGroup("g").ok());
  ASSERT_TRUE(lab.AddInterface("a", "g").ok());
  UpdateGroup op;
  op.detect_link = std::optional<bool>(false);
  ASSERT_TRUE(lab.Do(GroupName("g"), op).ok());
  ASSERT_TRUE(lab.Link("a", LinkState::kDown).ok());
  EXPECT_FALSE(lab.interface("a").flags.failed);
  op.detect_link = std::optional<bool>(true);
  ASSERT_TRUE(lab.Do(GroupName("g"), op).ok());
  EXPECT_TRUE(lab.interface("a").flags.failed);
}

TEST(PolicyStandbyTest, AMemberBecomesAStandbyAndBack) {
  Lab lab;
  ASSERT_TRUE(lab.AddGroup("g").ok());
  ASSERT_TRUE(lab.AddInterface("a", "g").ok());
  ASSERT_TRUE(lab.AddInterface("b", "g").ok());
  UpdateInterface op;
  op.standby = true;
  ASSERT_TRUE(lab.Do(InterfaceName("b"), op).ok());
  EXPECT_EQ(lab.Active("g"), "a");
  op.standby = false;
  ASSERT_TRUE(lab.Do(InterfaceName("b"), op).ok());
  EXPECT_EQ(lab.Active("g"), "a b");
}

}  // namespace
}  // namespace netstackd::core
