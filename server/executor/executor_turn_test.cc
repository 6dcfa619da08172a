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
  void SubmitOrLead(Request request, Done done) {
    std::vector<Executor::Submission> one;
    one.push_back({std::move(request), std::move(done)});
    executor_->SubmitTogether(std::move(one), true);
  }
  // Submits until the calling thread was the writer: the writer thread may still be on its way to
  // its rest. Returns how often.
  int SubmitUntilLed() {
    for (int tries = 1;; ++tries) {
      std::thread::id answered_by;
      Answers came;
      const Done done = came.Next();
      SubmitOrLead(AskGroup("g" + std::to_string(++groups_)), [&](absl::StatusOr<Outcome> outcome) {
        answered_by = std::this_thread::get_id();
        done(std::move(outcome));
      });
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
    callers.emplace_back(
        [this, i] { SubmitOrLead(AskGroup("h" + std::to_string(i)), answers_.Next()); });
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
        SubmitOrLead(request, came.Next());
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
  std::thread caller([this] { SubmitOrLead(AskGroup("last"), answers_.Next()); });
  barrier_.AwaitArrivals(1);
  std::thread stopper([this] { executor_->Stop(absl::InfiniteDuration()); });
  barrier_.Open();
  stopper.join();
  caller.join();
  EXPECT_TRUE(answers_.Wait(1)[0].ok());
  SubmitOrLead(AskGroup("late"), answers_.Next());
  EXPECT_EQ(answers_.Wait(2)[1].status().code(), absl::StatusCode::kUnavailable);
}

TEST_F(TurnTest, WhatIsHandedOverTogetherIsOneBatchInOrder) {
  Start();
  int appends = 0;  // of one thread: that of the writer
  journal_.OnAppend([&] {
    ++appends;
    barrier_.Pass();
  });
  std::vector<Executor::Submission> together;
  for (int i = 0; i < 5; ++i) {
    together.push_back({AskGroup("t" + std::to_string(i)), answers_.Next()});
  }
  executor_->SubmitTogether(std::move(together), true);
  barrier_.AwaitArrivals(1);
  barrier_.Open();
  Revision last = 0;
  for (const auto& outcome : answers_.Wait(5)) EXPECT_EQ(outcome->revision, ++last);
  executor_->Flush();
  EXPECT_EQ(appends, 1);
}

TEST_F(TurnTest, OfManyTheLastAreRefusedIfThereIsNoRoom) {
  options_.queue_max = 2;
  Start();
  std::vector<Executor::Submission> together;
  Request nobody = AskGroup("nobody");
  nobody.principal.clear();
  together.push_back({std::move(nobody), answers_.Next()});
  for (int i = 0; i < 4; ++i) {
    together.push_back({AskGroup("t" + std::to_string(i)), answers_.Next()});
  }
  executor_->SubmitTogether(std::move(together), false);
  int done = 0;
  int full = 0;
  int wrong = 0;
  for (const auto& outcome : answers_.Wait(5)) {
    done += outcome.ok() ? 1 : 0;
    full += outcome.status().code() == absl::StatusCode::kResourceExhausted ? 1 : 0;
    wrong += outcome.status().code() == absl::StatusCode::kInternal ? 1 : 0;
  }
  EXPECT_EQ(done, 2);
  EXPECT_EQ(full, 2);
  EXPECT_EQ(wrong, 1);
  EXPECT_TRUE(HasGroup("t1"));
  EXPECT_FALSE(HasGroup("t2"));
}

}  // namespace
}  // namespace netstackd::executor
