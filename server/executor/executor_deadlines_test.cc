// Time in which the server was down, or could not commit, does not count for what waits for a time.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "server/executor/testing/executor_test_base.h"

namespace netstackd::executor {
namespace {

using namespace testing_support;  // NOLINT: the vocabulary of these tests

constexpr absl::Duration kHold = absl::Seconds(60);

class DeadlinesTest : public ExecutorTestBase {
 protected:
  // net0 was repaired just now, and is held back.
  void StartWithAHold() {
    Start();
    core::CreateGroup create;
    create.spec.ipv4 = true;
    create.spec.failback_hold = kHold;
    Must(Ask(GroupName("g0"), create));
    Must(AskInterface("net0", "g0"));
    Must(AskInterface("net1", "g0"));
    Must(AskLink(core::LinkState::kDown));
    Must(AskLink(core::LinkState::kUp));
    ASSERT_EQ(Due(), clock_.Now() + kHold);
  }
  static Request AskLink(core::LinkState link) {
    core::ReportInterface report;
    report.link = link;
    return Ask(InterfaceName("net0"), report);
  }
  // Of the only deadline there is; the infinite future if there is none.
  absl::Time Due() {
    executor_->Flush();
    return executor_->Read([](const core::State& state, Revision) {
      const auto& deadlines = state.index().deadlines();
      return deadlines.empty() ? absl::InfiniteFuture() : std::get<absl::Time>(*deadlines.begin());
    });
  }
  void Down(absl::Duration time) {
    executor_.reset();
    clock_.Advance(time);
    Start();
  }
  // Every commit waits meanwhile; `asked` comes to the queue in the middle.
  void Stall(absl::Duration time, std::vector<Request> asked) {
    HoldAppends();
    Submit(AskGroup("stalled"));
    barrier_.AwaitArrivals(1);
    clock_.Advance(time);
    const std::size_t count = asked.size() + 1;
    for (Request& request : asked) Submit(std::move(request));
    barrier_.Open();
    answers_.Wait(count);
  }
};

TEST_F(DeadlinesTest, WhileTheServerIsDownNothingExpires) {
  StartWithAHold();
  Down(absl::Hours(1));
  EXPECT_EQ(Due(), clock_.Now() + kHold);
  EXPECT_EQ(Rows().back().principal, "system:timer");
  EXPECT_EQ(Rows().back().method, "system:DelayDeadlines");
  clock_.Advance(kHold);
  EXPECT_EQ(Due(), absl::InfiniteFuture());
  EXPECT_EQ(Rows().back().method, "system:FireTimers");
}

TEST_F(DeadlinesTest, AfterAStartThereIsAGrace) {
  StartWithAHold();
  clock_.Advance(kHold - absl::Seconds(1));
  Must(AskGroup("a"));
  Down(absl::ZeroDuration());
  EXPECT_EQ(Due(), clock_.Now() + options_.grace);
}

TEST_F(DeadlinesTest, AStartThatCameInTimeChangesNothing) {
  StartWithAHold();
  const Revision before = revision();
  const absl::Time due = Due();
  Down(absl::Milliseconds(999));
  EXPECT_EQ(Due(), due);
  Must(AskGroup("a"));
  EXPECT_EQ(revision(), before + 1);
}

TEST_F(DeadlinesTest, AStallOfTheCommitIsAdded) {
  StartWithAHold();
  const absl::Time due = Due();
  Stall(absl::Seconds(90), {});
  EXPECT_EQ(Due(), due + absl::Seconds(90));
  clock_.Advance(absl::Seconds(59));
  EXPECT_EQ(Due(), due + absl::Seconds(90));
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(Due(), absl::InfiniteFuture());
}

TEST_F(DeadlinesTest, ADeadlineThatIsSetAfterTheStallIsNotDelayed) {
  StartWithAHold();
  Stall(absl::Seconds(90), {AskLink(core::LinkState::kDown), AskLink(core::LinkState::kUp)});
  EXPECT_EQ(Due(), clock_.Now() + kHold);
}

TEST_F(DeadlinesTest, TimeInWhichWritesAreRefusedIsAdded) {
  StartWithAHold();
  const absl::Time due = Due();
  storage::Fault fault;
  fault.failing_reopens = 1;
  journal_.Inject(fault);
  EXPECT_FALSE(Execute(AskGroup("a")).ok());
  executor_->Flush();
  clock_.Advance(absl::Seconds(90));
  while (!executor_->GetStatus().writable) executor_->Flush();
  Must(AskGroup("b"));
  EXPECT_GE(Due(), due + absl::Seconds(90));
  EXPECT_LE(Due(), clock_.Now() + kHold);
}

}  // namespace
}  // namespace netstackd::executor
