// Who writes: the writer thread, or a caller while it has nothing to do.
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "server/executor/testing/executor_test_base.h"

namespace netstackd::executor {
namespace {

using namespace testing_support;  // NOLINT: the vocabulary of these tests

class TurnTest : public ExecutorTestBase {
 protected:
  // Submits until the calling thread was the writer: the writer thread may still be on its way to
  // its rest. Returns how often.
  int SubmitUntilLed() {
    for (int tries = 1;; ++tries) {
      std::thread::id answered_by;
      Answers came;
      const Done done = came.Next();
      const absl::Status submitted = executor_->SubmitOrLead(
          AskGroup("g" + std::to_string(++groups_)), [&](absl::StatusOr<Outcome> outcome) {
            answered_by = std::this_thread::get_id();
            done(std::move(outcome));
          });
      EXPECT_TRUE(submitted.ok()) << submitted;
      EXPECT_TRUE(came.Wait(1)[0].ok());
      if (answered_by == std::this_thread::get_id()) return tries;
    }
  }

  int groups_ = 0;
};

TEST_F(TurnTest, ACallerOfAnIdleExecutorWritesItself) {
  Start();
  const int tries = SubmitUntilLed();
  EXPECT_EQ(revision(), tries);
  EXPECT_EQ(Rows().size(), static_cast<std::size_t>(tries));
  EXPECT_TRUE(HasGroup("g" + std::to_string(groups_)));
}

TEST_F(TurnTest, WhatComesMeanwhileIsTheWriterThreads) {
  Start();
  SubmitUntilLed();
  HoldAppends();
  // One of these becomes the writer or hands over to it; all others queue up behind.
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([this, i] {
      const absl::Status submitted =
          executor_->SubmitOrLead(AskGroup("h" + std::to_string(i)), answers_.Next());
      EXPECT_TRUE(submitted.ok()) << submitted;
    });
  }
  barrier_.AwaitArrivals(1);
  EXPECT_EQ(answers_.count(), 0u);
  barrier_.Open();
  std::set<Revision> revisions;
  for (const auto& outcome : answers_.Wait(8)) revisions.insert(outcome->revision);
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(revisions.size(), 8u);
  EXPECT_EQ(*revisions.rbegin(), revision());
}

TEST_F(TurnTest, TheWriterThreadStillDoesItsOwnWork) {
  Start();
  SubmitUntilLed();
  executor_->Flush();
  EXPECT_EQ(journal_.extent().floor, revision());
}

TEST_F(TurnTest, EveryCallerIsAnsweredOnceUnderLoad) {
  Start();
  constexpr int kThreads = 4;
  constexpr int kEach = 300;
  std::vector<std::thread> callers;
  for (int t = 0; t < kThreads; ++t) {
    callers.emplace_back([this, t] {
      for (int i = 0; i < kEach; ++i) {
        Answers came;
        const std::string name = "t" + std::to_string(t);
        const Request request =
            i % 2 == 0 ? AskGroup(name) : Ask(GroupName(name), core::DeleteGroup{});
        ASSERT_TRUE(executor_->SubmitOrLead(request, came.Next()).ok());
        const auto outcomes = came.Wait(1);
        ASSERT_EQ(outcomes.size(), 1u);
        ASSERT_TRUE(outcomes[0].ok()) << outcomes[0].status();
        if (i % 50 == 0) executor_->Flush();
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(revision(), kThreads * kEach);
  EXPECT_EQ(Rows().size(), static_cast<std::size_t>(kThreads * kEach));
}

TEST_F(TurnTest, StopWaitsForACallerWhoWrites) {
  Start();
  SubmitUntilLed();
  HoldAppends();
  std::thread caller([this] { (void)executor_->SubmitOrLead(AskGroup("last"), answers_.Next()); });
  barrier_.AwaitArrivals(1);
  std::thread stopper([this] { executor_->Stop(absl::InfiniteDuration()); });
  barrier_.Open();
  stopper.join();
  caller.join();
  EXPECT_TRUE(answers_.Wait(1)[0].ok());
  EXPECT_EQ(executor_->SubmitOrLead(AskGroup("late"), answers_.Next()).code(),
            absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace netstackd::executor
