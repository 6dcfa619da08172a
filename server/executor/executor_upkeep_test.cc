// What the writer does between requests: timers, object table, kept history.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/hooks.h"
#include "server/executor/testing/executor_test_base.h"

namespace netstackd::executor {
namespace {

using namespace testing_support;  // NOLINT: the vocabulary of these tests
using storage::Fault;

// Activations fail while it is set; the rules try again after a while.
class FailingActivation : public core::Hooks {
 public:
  bool Fails(core::FaultPoint point) override {
    MutexLock lock(&mu_);
    return failing_ && point == core::FaultPoint::kActivationMessage;
  }
  bool Busy(core::GroupUid, core::Family) const override { return false; }
  bool Busy(core::InterfaceUid, core::Family) const override { return false; }
  void Set(bool failing) {
    MutexLock lock(&mu_);
    failing_ = failing;
  }

 private:
  Mutex mu_;
  bool failing_ ABSL_GUARDED_BY(mu_) = false;
};

class TimerTest : public ExecutorTestBase {
 protected:
  TimerTest() { options_.hooks = &hooks_; }
  ~TimerTest() override {
    barrier_.Open();
    executor_.reset();
  }

  // A member that could not be activated; the rules will try again.
  void StartWithATimer() {
    Start();
    Must(AskGroup("g0"));
    hooks_.Set(true);
    Must(AskInterface("net0", "g0"));
    hooks_.Set(false);
    ASSERT_TRUE(executor_->Read(
        [](const core::State& state, Revision) { return !state.index().timers().empty(); }));
  }
  bool Active() {
    return executor_->Read([](const core::State& state, Revision) {
      return state.FindInterface(core::kGlobalZone, "net0")->sides[0]->activated != 0;
    });
  }

  FailingActivation hooks_;
};

constexpr absl::Duration kRetryAfter = absl::Seconds(120);

TEST_F(TimerTest, FiresWhenItIsDueAndNotBefore) {
  StartWithATimer();
  clock_.Advance(kRetryAfter - absl::Microseconds(1));
  executor_->Flush();
  EXPECT_FALSE(Active());
  clock_.Advance(absl::Microseconds(1));
  executor_->Flush();
  EXPECT_TRUE(Active());
  EXPECT_EQ(Rows().back().principal, "system:timer");
  EXPECT_EQ(Rows().back().method, "system:FireTimers");
}

TEST_F(TimerTest, WaitsForWhatWasQueuedWhenItFellDue) {
  options_.batch_max = 1;
  StartWithATimer();
  HoldAppends();
  Submit(AskGroup("a"));
  barrier_.AwaitArrivals(1);
  clock_.Advance(kRetryAfter);
  Submit(AskGroup("b"));
  Submit(AskGroup("c"));
  barrier_.Open();
  answers_.Wait(3);
  executor_->Flush();
  const std::vector<storage::Record> rows = Rows();
  ASSERT_EQ(rows.size(), 6u);
  EXPECT_EQ(rows[4].method, "/netstackd.v1.Test/Ask");  // c
  EXPECT_EQ(rows[5].method, "system:FireTimers");
}

TEST_F(TimerTest, SurvivesARestart) {
  StartWithATimer();
  clock_.Advance(kRetryAfter);
  Start();
  executor_->Flush();
  EXPECT_TRUE(Active());
}

TEST_F(TimerTest, IsTriedAgainIfItCouldNotBeRecorded) {
  StartWithATimer();
  clock_.Advance(kRetryAfter);
  journal_.Inject({});
  executor_->Flush();
  EXPECT_FALSE(Active());
  clock_.Advance(absl::Seconds(1));
  executor_->Flush();
  EXPECT_TRUE(Active());
}

class UpkeepTest : public ExecutorTestBase {
 protected:
  Revision first() const { return journal_.extent().first; }
  Revision floor() const { return journal_.extent().floor; }
};

TEST_F(UpkeepTest, TheObjectTableCatchesUp) {
  options_.checkpoint_chunk = 3;
  Start();
  for (int i = 0; i < 10; ++i) Must(AskGroup("g" + std::to_string(i)));
  Must(Ask(GroupName("g3"), core::DeleteGroup{}));
  executor_->Flush();
  EXPECT_EQ(floor(), 11);
  const auto content = JournalContent();
  EXPECT_EQ(content.objects.size(), 10u);
  int tombstones = 0;
  for (const auto& [key, image] : content.objects) {
    if (!image.second) {
      ++tombstones;
      EXPECT_EQ(image.first, 11);
    }
  }
  EXPECT_EQ(tombstones, 1);
}

TEST_F(UpkeepTest, WhatCameAndWentLeavesNoTombstone) {
  Start();
  HoldAppends();  // all in one go, so that no chunk comes in between
  for (int i = 0; i < 10; ++i) Submit(AskGroup("g" + std::to_string(i)));
  for (int i = 1; i < 10; ++i) {
    Submit(Ask(GroupName("g" + std::to_string(i)), core::DeleteGroup{}));
  }
  barrier_.Open();
  answers_.Wait(19);
  executor_->Flush();
  EXPECT_EQ(floor(), 19);
  EXPECT_EQ(JournalContent().objects.size(), 1u);
  Must(Ask(GroupName("g0"), core::DeleteGroup{}));
  executor_->Flush();
  ASSERT_EQ(JournalContent().objects.size(), 1u);
  EXPECT_FALSE(JournalContent().objects.begin()->second.second);  // it was there
  Start();
  EXPECT_EQ(revision(), 20);
  EXPECT_FALSE(HasGroup("g0"));
}

TEST_F(UpkeepTest, TheObjectTableIsWrittenUnderLoadIfItLags) {
  options_.batch_max = 1;
  options_.floor_lag_max = 3;
  Start();
  HoldAppends();
  for (int i = 0; i < 10; ++i) Submit(AskGroup("g" + std::to_string(i)));
  barrier_.Open();
  answers_.Wait(10);
  executor_->Stop(absl::ZeroDuration());  // no time to catch up
  EXPECT_GE(floor(), 4);
}

TEST_F(UpkeepTest, HistoryIsKeptByCount) {
  options_.history_max = 4;
  Start();
  Must(AskGroup("g0"));
  for (int i = 0; i < 9; ++i) Must(AskLabel("g0", std::to_string(i)));
  executor_->Flush();
  EXPECT_EQ(first(), 1);  // all of it is too young to go
  clock_.Advance(options_.history_age_min);
  executor_->Flush();
  EXPECT_EQ(first(), 7);
}

TEST_F(UpkeepTest, HistoryIsKeptByAge) {
  Start();
  Must(AskGroup("g0"));
  clock_.Advance(absl::Hours(1));
  Must(AskLabel("g0", "x"));
  clock_.Advance(options_.history_age_max - absl::Hours(1) - absl::Microseconds(1));
  executor_->Flush();
  EXPECT_EQ(first(), 1);
  clock_.Advance(absl::Microseconds(1));
  executor_->Flush();
  EXPECT_EQ(first(), 2);
}

TEST_F(UpkeepTest, HistoryIsKeptByBytesAndAFullOneRefusesWrites) {
  options_.history_bytes_max = 2000;
  Start();
  Must(AskGroup("g0"));
  absl::StatusOr<Outcome> outcome = Outcome{};
  int changes = 0;
  while (outcome.ok() && changes < 100) {
    outcome = Execute(AskLabel("g0", std::to_string(++changes)));
  }
  EXPECT_EQ(ReasonIn(outcome), ErrorReason::kQuotaExceeded);
  EXPECT_EQ(DetailsOf(outcome.status())->metadata.at("limit"), "history_bytes_max");
  EXPECT_GE(executor_->GetStatus().usage.bytes, 2000);
  const std::string before = StateBytes();
  EXPECT_EQ(ReasonIn(Execute(AskGroup("g1"))), ErrorReason::kQuotaExceeded);
  EXPECT_EQ(StateBytes(), before);
  EXPECT_FALSE(Must(AskLabel("g0", std::to_string(changes - 1))).changed);  // needs no room
  clock_.Advance(options_.history_age_min);
  executor_->Flush();
  EXPECT_LE(executor_->GetStatus().usage.bytes, 2000);
  EXPECT_GT(first(), 1);
  EXPECT_TRUE(Execute(AskGroup("g1")).ok());
}

TEST_F(UpkeepTest, CompactForgetsWhatIsOldEnough) {
  Start();
  Must(AskGroup("g0"));
  for (int i = 0; i < 4; ++i) Must(AskLabel("g0", std::to_string(i)));
  EXPECT_EQ(Compact(4).value(), 1);  // all of it is too young
  clock_.Advance(options_.history_age_min);
  EXPECT_EQ(Compact(4).value(), 4);
  EXPECT_EQ(first(), 4);
  EXPECT_EQ(Compact(2).value(), 4);
  EXPECT_EQ(Compact(1'000'000).value(), 6);
}

TEST_F(UpkeepTest, HistoryComesFromMemoryAndFromTheJournal) {
  options_.recent_max = 2;
  Start();
  Must(AskGroup("g0"));
  for (int i = 0; i < 4; ++i) Must(AskLabel("g0", std::to_string(i)));
  const auto all = History(1, 100);
  ASSERT_TRUE(all.ok());
  EXPECT_TRUE(*all == Rows());
  const auto recent = History(4, 5);
  ASSERT_TRUE(recent.ok());
  EXPECT_TRUE(*recent == std::vector<storage::Record>(all->begin() + 3, all->end()));
  EXPECT_TRUE(History(6, 100).value().empty());
  EXPECT_EQ(ReasonOf(History(0, 3).status()), ErrorReason::kInvalidRequest);
}

TEST_F(UpkeepTest, ForgottenHistoryIsRefused) {
  Start();
  Must(AskGroup("g0"));
  Must(AskLabel("g0", "x"));
  clock_.Advance(options_.history_age_min);
  ASSERT_EQ(Compact(2).value(), 2);
  EXPECT_EQ(ReasonOf(History(1, 2).status()), ErrorReason::kWatchCompacted);
  EXPECT_EQ(History(2, 2).value().size(), 1u);
}

TEST_F(UpkeepTest, HistoryEndsAtWhatIsPublished) {
  Start();
  Must(AskGroup("g0"));
  HoldAppends();
  Submit(AskGroup("g1"));
  barrier_.AwaitArrivals(1);
  EXPECT_EQ(History(1, 100).value().size(), 1u);
  barrier_.Open();
  answers_.Wait(1);
  EXPECT_EQ(History(1, 100).value().size(), 2u);
}

TEST_F(UpkeepTest, StatusTellsWhatWasRecovered) {
  Start();
  Must(AskGroup("g0"));
  Must(AskGroup("g1"));
  executor_->Flush();
  Must(AskLabel("g1", "x"));
  executor_->Stop(absl::ZeroDuration());
  Start();
  const Status status = executor_->GetStatus();
  EXPECT_EQ(status.recovered_objects, 2);
  EXPECT_EQ(status.recovered_records, 3);
  EXPECT_EQ(status.extent.head, 3);
  EXPECT_EQ(status.store_id, journal_.store_id());
  EXPECT_EQ(status.started, clock_.Now());
  EXPECT_TRUE(status.writable);
}

}  // namespace
}  // namespace netstackd::executor
