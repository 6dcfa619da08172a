// A repeated request gets its first answer, as long as its revision is kept.
#include <gtest/gtest.h>

#include <string>

#include "server/executor/testing/executor_test_base.h"

namespace netstackd::executor {
namespace {

using namespace testing_support;  // NOLINT: the vocabulary of these tests

class ReplayTest : public ExecutorTestBase {
 protected:
  void ExpectReplay(const absl::StatusOr<Outcome>& outcome, Revision revision) {
    ASSERT_TRUE(outcome.ok()) << outcome.status();
    EXPECT_TRUE(outcome->replayed);
    EXPECT_TRUE(outcome->changed);
    EXPECT_EQ(outcome->revision, revision);
    EXPECT_EQ(outcome->answer, "answer 1");
  }
};

TEST_F(ReplayTest, TheSameRequestGetsTheFirstAnswer) {
  Start();
  EXPECT_FALSE(Must(AskGroup("g0", "id")).replayed);
  ExpectReplay(Execute(AskGroup("g0", "id")), 1);
  EXPECT_EQ(Rows().size(), 1u);
}

TEST_F(ReplayTest, TheSameIdForAnotherRequestIsRefused) {
  Start();
  Must(AskGroup("g0", "id"));
  const auto outcome = Execute(AskGroup("g1", "id", "other hash"));
  EXPECT_EQ(ReasonIn(outcome), ErrorReason::kRequestIdReused);
  EXPECT_FALSE(HasGroup("g1"));
}

TEST_F(ReplayTest, AnIdBelongsToItsPrincipal) {
  Start();
  Must(AskGroup("g0", "id"));
  Request request = AskGroup("g1", "id");
  request.principal = "uid:8";
  EXPECT_FALSE(Must(request).replayed);
}

TEST_F(ReplayTest, RequestsWithoutIdAreNotRemembered) {
  Start();
  Must(AskGroup("g0"));
  EXPECT_EQ(ReasonIn(Execute(AskGroup("g0"))), ErrorReason::kGroupExists);
}

TEST_F(ReplayTest, WorksInsideOneBatch) {
  Start();
  HoldAppends();
  Submit(AskGroup("first"));
  barrier_.AwaitArrivals(1);
  Submit(AskGroup("g0", "id"));
  Submit(AskGroup("g0", "id"));
  Submit(AskGroup("g1", "id", "other hash"));
  barrier_.Open();
  const auto outcomes = answers_.Wait(4);
  EXPECT_FALSE(outcomes[1]->replayed);
  ExpectReplay(outcomes[2], 2);
  EXPECT_EQ(ReasonIn(outcomes[3]), ErrorReason::kRequestIdReused);
}

TEST_F(ReplayTest, SurvivesARestart) {
  Start();
  Must(AskGroup("g0", "id"));
  executor_.reset();
  journal_.Crash();
  Start();
  ExpectReplay(Execute(AskGroup("g0", "id")), 1);
  EXPECT_EQ(ReasonIn(Execute(AskGroup("g1", "id", "other hash"))), ErrorReason::kRequestIdReused);
}

TEST_F(ReplayTest, AnOldAnswerIsReadFromTheJournal) {
  options_.recent_max = 1;
  Start();
  Must(AskGroup("g0", "id"));
  Must(AskGroup("g1"));
  ExpectReplay(Execute(AskGroup("g0", "id")), 1);
}

TEST_F(ReplayTest, ARequestWhoseRevisionIsForgottenIsNew) {
  Start();
  Must(AskGroup("g0", "id"));
  Must(Ask(GroupName("g0"), core::DeleteGroup{}));
  clock_.Advance(options_.history_age_max);
  executor_->Flush();
  EXPECT_EQ(journal_.extent().first, 3);
  const Outcome again = Must(AskGroup("g0", "id"));
  EXPECT_FALSE(again.replayed);
  EXPECT_EQ(again.revision, 3);
}

TEST_F(ReplayTest, ARequestThatChangedNothingIsEvaluatedAnew) {
  Start();
  Must(AskGroup("g0"));
  Request nothing = AskLabel("g0", "x");
  nothing.transaction.commands[0].op = core::UpdateGroup{};
  nothing.request_id = "id";
  EXPECT_FALSE(Must(nothing).changed);
  Request something = AskLabel("g0", "x");
  something.request_id = "id";
  something.hash = "other hash";
  EXPECT_TRUE(Must(something).changed);
}

}  // namespace
}  // namespace netstackd::executor
