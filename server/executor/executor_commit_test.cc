// Decide, make durable, publish, answer: in this order, in groups.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "server/executor/testing/executor_test_base.h"

namespace netstackd::executor {
namespace {

using namespace testing_support;  // NOLINT: the vocabulary of these tests

class CommitTest : public ExecutorTestBase {};

TEST_F(CommitTest, NothingIsVisibleOrAnsweredBeforeItIsDurable) {
  Start();
  HoldAppends();
  Submit(AskGroup("g0"));
  barrier_.AwaitArrivals(1);
  EXPECT_FALSE(HasGroup("g0"));
  EXPECT_EQ(revision(), 0);
  EXPECT_EQ(answers_.count(), 0u);
  barrier_.Open();
  const auto outcomes = answers_.Wait(1);
  ASSERT_TRUE(outcomes[0].ok());
  EXPECT_EQ(outcomes[0]->revision, 1);
  EXPECT_TRUE(outcomes[0]->changed);
  EXPECT_TRUE(HasGroup("g0"));
  EXPECT_EQ(revision(), 1);
}

TEST_F(CommitTest, WhatQueuesUpDuringACommitIsTheNextBatch) {
  Start();
  HoldAppends();
  Submit(AskGroup("g0"));
  barrier_.AwaitArrivals(1);
  for (int i = 1; i <= 5; ++i) Submit(AskGroup("g" + std::to_string(i)));
  barrier_.Open();
  const auto outcomes = answers_.Wait(6);
  EXPECT_EQ(appends(), 2);
  for (int i = 0; i < 6; ++i) EXPECT_EQ(outcomes[static_cast<std::size_t>(i)]->revision, i + 1);
}

TEST_F(CommitTest, ABatchEndsAtItsLimit) {
  options_.batch_max = 2;
  Start();
  HoldAppends();
  Submit(AskGroup("g0"));
  barrier_.AwaitArrivals(1);
  for (int i = 1; i <= 5; ++i) Submit(AskGroup("g" + std::to_string(i)));
  barrier_.Open();
  answers_.Wait(6);
  EXPECT_EQ(appends(), 4);
}

TEST_F(CommitTest, ARefusalThatStandsOnUndurableStateLeavesWithTheBatch) {
  Start();
  Barrier second;
  int passed = 0;  // by the writer thread only
  journal_.OnAppend([&] { (++passed == 1 ? barrier_ : second).Pass(); });
  Submit(AskGroup("g0"));
  barrier_.AwaitArrivals(1);
  Submit(AskGroup("g1"));
  Submit(AskGroup("g1"));       // refused, because of the one before
  Submit(AskLabel("g1", "x"));  // changes g1
  Submit(AskLabel("g1", "x"));  // changes nothing any more
  barrier_.Open();
  second.AwaitArrivals(1);
  EXPECT_EQ(answers_.count(), 1u);
  second.Open();
  const auto outcomes = answers_.Wait(5);
  EXPECT_EQ(outcomes[1]->revision, 2);
  EXPECT_EQ(ReasonIn(outcomes[2]), ErrorReason::kGroupExists);
  EXPECT_EQ(outcomes[3]->revision, 3);
  EXPECT_FALSE(outcomes[4]->changed);
  EXPECT_EQ(outcomes[4]->revision, 3);
  executor_.reset();
}

TEST_F(CommitTest, NothingIsWrittenIfNothingChanges) {
  Start();
  Must(AskGroup("g0"));
  Must(AskLabel("g0", "x"));
  const int before = appends();
  EXPECT_EQ(ReasonIn(Execute(AskGroup("g0"))), ErrorReason::kGroupExists);
  const Outcome same = Must(AskLabel("g0", "x"));
  EXPECT_FALSE(same.changed);
  EXPECT_EQ(same.revision, 2);
  EXPECT_EQ(same.answer, "answer 0");
  EXPECT_EQ(appends(), before);
}

TEST_F(CommitTest, ARefusalLeavesNoTrace) {
  Start();
  Must(AskGroup("g0"));
  executor_->Flush();
  const std::string state = StateBytes();
  const auto journal = JournalContent();
  Request request = AskGroup("g1", "id");  // the first command is fine, the second is not
  request.transaction.commands.push_back(AskGroup("g0").transaction.commands[0]);
  EXPECT_EQ(ReasonIn(Execute(request)), ErrorReason::kGroupExists);
  executor_->Flush();
  EXPECT_EQ(StateBytes(), state);
  EXPECT_TRUE(JournalContent() == journal);
  // Nor is its id remembered: the same id may now be used for something else.
  EXPECT_TRUE(Must(AskGroup("g1", "id", "other hash")).changed);
}

TEST_F(CommitTest, ValidateOnlyAnswersAndLeavesNoTrace) {
  Start();
  Must(AskGroup("g0"));
  executor_->Flush();
  const std::string state = StateBytes();
  const auto journal = JournalContent();
  Request request = AskGroup("g1", "id");
  request.validate_only = true;
  bool there = false;
  request.answer = [&there](const core::State& after, const core::Transition&, const Outcome&) {
    there = after.FindGroup(core::kGlobalZone, "g1") != nullptr;
    return std::string("would be");
  };
  const Outcome outcome = Must(request);
  EXPECT_TRUE(there);
  EXPECT_EQ(outcome.answer, "would be");
  EXPECT_TRUE(outcome.changed);
  EXPECT_EQ(outcome.revision, 0);
  executor_->Flush();
  EXPECT_EQ(StateBytes(), state);
  EXPECT_TRUE(JournalContent() == journal);
  EXPECT_FALSE(Must(AskGroup("g1", "id")).replayed);
}

TEST_F(CommitTest, AValidationBetweenOthersOfItsBatchDisturbsNone) {
  Start();
  HoldAppends();
  Submit(AskGroup("g0"));
  barrier_.AwaitArrivals(1);
  Submit(AskGroup("g1"));
  Request request = AskGroup("g2");
  request.validate_only = true;
  Submit(request);
  Submit(AskGroup("g2"));
  barrier_.Open();
  const auto outcomes = answers_.Wait(4);
  EXPECT_EQ(outcomes[1]->revision, 2);
  EXPECT_EQ(outcomes[2]->revision, 0);
  EXPECT_EQ(outcomes[3]->revision, 3);
}

TEST_F(CommitTest, TheRowTellsWhoAskedForWhatAndWhatWasAnswered) {
  Start();
  Request request = AskGroup("g0", "id-1", "hash-1");
  request.peer = "unix:";
  request.user_agent = "ipmpctl/1";
  request.comment = "for the demo";
  Must(request);
  const std::vector<storage::Record> rows = Rows();
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].revision, 1);
  EXPECT_EQ(rows[0].time, clock_.Now());
  EXPECT_EQ(rows[0].principal, "uid:7");
  EXPECT_EQ(rows[0].method, "/netstackd.v1.Test/Ask");
  EXPECT_EQ(rows[0].peer, "unix:");
  EXPECT_EQ(rows[0].user_agent, "ipmpctl/1");
  EXPECT_EQ(rows[0].request_id, "id-1");
  EXPECT_EQ(rows[0].request_hash, "hash-1");
  EXPECT_EQ(rows[0].comment, "for the demo");
  EXPECT_EQ(rows[0].answer, "answer 1");
  EXPECT_EQ(codec::DecodeDeltas(rows[0].deltas).value().size(), 1u);
}

TEST_F(CommitTest, TooManyWaitingAreRefusedAtOnce) {
  options_.queue_max = 2;
  Start();
  HoldAppends();
  Submit(AskGroup("g0"));
  barrier_.AwaitArrivals(1);
  Submit(AskGroup("g1"));
  Submit(AskGroup("g2"));
  EXPECT_EQ(executor_->GetStatus().queued, 2u);
  const absl::Status refused = executor_->Submit(AskGroup("g3"), answers_.Next());
  EXPECT_EQ(ReasonOf(refused), ErrorReason::kQuotaExceeded);
  EXPECT_EQ(DetailsOf(refused)->metadata.at("limit"), "queue_max");
  barrier_.Open();
  EXPECT_EQ(answers_.Wait(3).size(), 3u);
  EXPECT_FALSE(HasGroup("g3"));
}

TEST_F(CommitTest, ARequestWithoutPrincipalIsABugOfOurs) {
  Start();
  Request request = AskGroup("g0");
  request.principal.clear();
  EXPECT_EQ(ReasonIn(Execute(request)), ErrorReason::kInvariantViolated);
}

TEST_F(CommitTest, StopAnswersWhatWaitsAndRefusesWhatComes) {
  Start();
  HoldAppends();
  for (int i = 0; i < 4; ++i) Submit(AskGroup("g" + std::to_string(i)));
  barrier_.AwaitArrivals(1);
  barrier_.Open();
  executor_->Stop(absl::InfiniteDuration());
  const auto outcomes = answers_.Wait(4);
  for (const auto& outcome : outcomes) EXPECT_TRUE(outcome.ok());
  EXPECT_EQ(ReasonIn(Execute(AskGroup("late"))), ErrorReason::kServerDraining);
  EXPECT_EQ(JournalContent().objects.size(), 4u);  // a clean stop leaves nothing to fold
  EXPECT_EQ(journal_.extent().floor, 4);
}

TEST_F(CommitTest, StopWithoutTimeStillAnswersEveryone) {
  Start();
  HoldAppends();
  Submit(AskGroup("g0"));
  barrier_.AwaitArrivals(1);
  for (int i = 1; i < 50; ++i) Submit(AskGroup("g" + std::to_string(i)));
  barrier_.Open();
  executor_->Stop(absl::ZeroDuration());
  const auto outcomes = answers_.Wait(50);
  std::size_t done = 0;
  for (const auto& outcome : outcomes) {
    if (outcome.ok()) {
      ++done;
    } else {
      EXPECT_EQ(ReasonIn(outcome), ErrorReason::kServerDraining);
    }
  }
  EXPECT_EQ(Rows().size(), done);
  EXPECT_EQ(answers_.count(), 50u);
}

}  // namespace
}  // namespace netstackd::executor
