// Writes that fail: what was decided on them is answered only when it is known what is there.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "server/executor/recovery.h"
#include "server/executor/testing/executor_test_base.h"

namespace netstackd::executor {
namespace {

using namespace testing_support;  // NOLINT: the vocabulary of these tests
using storage::Fault;

Fault AppendFault(Fault::Data data) {
  Fault fault;
  fault.data = data;
  return fault;
}

class FailureTest : public ExecutorTestBase {
 protected:
  // The journal holds what the executor shows.
  void ExpectRecoverable() {
    executor_->Flush();
    const auto found = Recover(journal_);
    ASSERT_TRUE(found.ok()) << found.status();
    EXPECT_EQ(found->revision, revision());
    EXPECT_TRUE(BytesOf(found->state) == StateBytes());
  }
  // Queues requests so that they are one batch: g1, g1 again (refused), a change of nothing, and a
  // repetition of g0.
  void SubmitMixedBatch() {
    HoldAppends();
    Submit(AskGroup("first"));
    barrier_.AwaitArrivals(1);
    Submit(AskGroup("g1", "id-1"));
    Submit(AskGroup("g1"));
    Request nothing = AskLabel("g1", "x");
    nothing.transaction.commands[0].op = core::UpdateGroup{};
    Submit(nothing);
    Submit(AskGroup("g0", "id-0"));
  }
};

TEST_F(FailureTest, ABatchThatIsThereAfterAllIsPublished) {
  journal_.Inject(AppendFault(Fault::Data::kKept));
  Start();
  const Outcome outcome = Must(AskGroup("g0"));
  EXPECT_EQ(outcome.revision, 1);
  EXPECT_TRUE(HasGroup("g0"));
  EXPECT_TRUE(executor_->GetStatus().writable);
  ExpectRecoverable();
}

TEST_F(FailureTest, ABatchThatIsNotThereLeavesNoTrace) {
  Start();
  Must(AskGroup("g0"));
  const std::string before = StateBytes();
  journal_.Inject(AppendFault(Fault::Data::kLost));
  EXPECT_EQ(ReasonIn(Execute(AskGroup("g1", "id"))), ErrorReason::kStoreReadOnly);
  EXPECT_EQ(StateBytes(), before);
  EXPECT_EQ(revision(), 1);
  // Writing goes on where it was, and the request is a new one.
  const Outcome again = Must(AskGroup("g1", "id"));
  EXPECT_FALSE(again.replayed);
  EXPECT_EQ(again.revision, 2);
  ExpectRecoverable();
}

TEST_F(FailureTest, AfterASecondFailureInARowTheJournalIsLeftAloneForAWhile) {
  Start();
  Must(AskGroup("g0"));
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(executor_->GetStatus().writable);
    journal_.Inject(AppendFault(Fault::Data::kLost));
    EXPECT_EQ(ReasonIn(Execute(AskGroup("g1"))), ErrorReason::kStoreReadOnly);
  }
  EXPECT_FALSE(executor_->GetStatus().writable);
  EXPECT_NE(executor_->GetStatus().read_only_reason, "");
  const int before = appends();
  EXPECT_EQ(ReasonIn(Execute(AskGroup("g1"))), ErrorReason::kStoreReadOnly);
  EXPECT_EQ(appends(), before);
  clock_.Advance(absl::Milliseconds(100));
  executor_->Flush();
  EXPECT_TRUE(executor_->GetStatus().writable);
  EXPECT_EQ(Must(AskGroup("g1")).revision, 2);
  ExpectRecoverable();
}

TEST_F(FailureTest, TheRestBecomesLongerUntilACommitSucceeds) {
  Start();
  Must(AskGroup("g0"));
  absl::Duration rest = absl::Milliseconds(100);
  for (int i = 0; i < 4; ++i) {
    Fault full = AppendFault(Fault::Data::kLost);
    full.cause = Fault::Cause::kDiskFull;
    journal_.Inject(full);
    EXPECT_EQ(ReasonIn(Execute(AskGroup("g1"))), ErrorReason::kResourceExhausted);
    clock_.Advance(rest - absl::Milliseconds(1));
    executor_->Flush();
    EXPECT_FALSE(executor_->GetStatus().writable);
    clock_.Advance(absl::Milliseconds(1));
    executor_->Flush();
    EXPECT_TRUE(executor_->GetStatus().writable) << i;
    rest *= 2;
  }
  Must(AskGroup("g1"));
  ExpectRecoverable();
}

TEST_F(FailureTest, ATornBatchIsNotThere) {
  journal_.Inject(AppendFault(Fault::Data::kTorn));
  Start();
  EXPECT_EQ(ReasonIn(Execute(AskGroup("g0"))), ErrorReason::kStoreReadOnly);
  EXPECT_FALSE(HasGroup("g0"));
  ExpectRecoverable();
}

TEST_F(FailureTest, AFullDiskIsNamed) {
  Fault fault = AppendFault(Fault::Data::kLost);
  fault.cause = Fault::Cause::kDiskFull;
  journal_.Inject(fault);
  Start();
  EXPECT_EQ(ReasonIn(Execute(AskGroup("g0"))), ErrorReason::kResourceExhausted);
}

TEST_F(FailureTest, EveryoneInALostBatchIsToldSo) {
  Start();
  Must(AskGroup("g0", "id-0"));
  SubmitMixedBatch();
  Fault fault = AppendFault(Fault::Data::kLost);
  fault.nth = 2;
  journal_.Inject(fault);
  barrier_.Open();
  const auto outcomes = answers_.Wait(5);
  EXPECT_TRUE(outcomes[0].ok());
  for (std::size_t i = 1; i < 5; ++i) {
    EXPECT_EQ(ReasonIn(outcomes[i]), ErrorReason::kStoreReadOnly) << i;
  }
  EXPECT_FALSE(HasGroup("g1"));
  ExpectRecoverable();
}

TEST_F(FailureTest, EveryoneInABatchThatIsThereGetsItsOwnAnswer) {
  Start();
  Must(AskGroup("g0", "id-0"));
  SubmitMixedBatch();
  Fault fault = AppendFault(Fault::Data::kKept);
  fault.nth = 2;
  journal_.Inject(fault);
  barrier_.Open();
  const auto outcomes = answers_.Wait(5);
  EXPECT_EQ(outcomes[1]->revision, 3);
  EXPECT_EQ(ReasonIn(outcomes[2]), ErrorReason::kGroupExists);
  EXPECT_FALSE(outcomes[3]->changed);
  EXPECT_TRUE(outcomes[4]->replayed);
}

class UnknownOutcomeTest : public FailureTest, public testing::WithParamInterface<Fault::Data> {
 protected:
  // One batch whose outcome is unknown until the third Reopen.
  void FailOnce() {
    Fault fault = AppendFault(GetParam());
    fault.failing_reopens = 2;
    journal_.Inject(fault);
    EXPECT_EQ(ReasonIn(Execute(AskGroup("g1", "id"))), ErrorReason::kOutcomeUnknown);
  }
};

TEST_P(UnknownOutcomeTest, WritesAreRefusedAndReadsGoOnUntilAProbeTells) {
  Start();
  Must(AskGroup("g0"));
  FailOnce();
  EXPECT_FALSE(executor_->GetStatus().writable);
  EXPECT_NE(executor_->GetStatus().read_only_reason, "");
  EXPECT_TRUE(HasGroup("g0"));
  EXPECT_FALSE(HasGroup("g1"));
  EXPECT_EQ(ReasonIn(Execute(AskGroup("g2"))), ErrorReason::kStoreReadOnly);
  // Not yet time for a probe, then one that fails, then one that succeeds.
  executor_->Flush();
  EXPECT_FALSE(executor_->GetStatus().writable);
  clock_.Advance(absl::Milliseconds(100));
  executor_->Flush();
  EXPECT_FALSE(executor_->GetStatus().writable);
  clock_.Advance(absl::Milliseconds(199));
  executor_->Flush();
  EXPECT_FALSE(executor_->GetStatus().writable);
  clock_.Advance(absl::Milliseconds(1));
  executor_->Flush();
  EXPECT_TRUE(executor_->GetStatus().writable);
  EXPECT_EQ(executor_->GetStatus().read_only_reason, "");

  const bool kept = GetParam() == Fault::Data::kKept;
  EXPECT_EQ(HasGroup("g1"), kept);
  const Outcome again = Must(AskGroup("g1", "id"));
  EXPECT_EQ(again.replayed, kept);
  EXPECT_EQ(again.revision, 2);
  EXPECT_EQ(Must(AskGroup("g2")).revision, 3);
  ExpectRecoverable();
}

TEST_P(UnknownOutcomeTest, ARestartTellsToo) {
  Start();
  Must(AskGroup("g0"));
  FailOnce();
  executor_.reset();
  journal_.Crash();
  Start();
  EXPECT_EQ(Must(AskGroup("g1", "id")).replayed, GetParam() == Fault::Data::kKept);
  ExpectRecoverable();
}

INSTANTIATE_TEST_SUITE_P(KeptLostTorn, UnknownOutcomeTest,
                         testing::Values(Fault::Data::kKept, Fault::Data::kLost,
                                         Fault::Data::kTorn));

class MaintenanceFailureTest
    : public FailureTest,
      public testing::WithParamInterface<std::tuple<Fault::Call, Fault::Data>> {};

TEST_P(MaintenanceFailureTest, LosesNothing) {
  options_.checkpoint_chunk = 2;
  Start();
  for (int i = 0; i < 6; ++i) Must(AskGroup("g" + std::to_string(i)));
  executor_->Flush();
  for (int i = 0; i < 6; i += 2) {
    Must(Ask(GroupName("g" + std::to_string(i)), core::DeleteGroup{}));
  }
  Fault fault;
  fault.call = std::get<0>(GetParam());
  fault.data = std::get<1>(GetParam());
  journal_.Inject(fault);
  clock_.Advance(options_.history_age_max);
  executor_->Flush();
  EXPECT_TRUE(executor_->GetStatus().writable);
  Must(AskGroup("more"));
  ExpectRecoverable();
  EXPECT_EQ(journal_.extent().floor, revision());
  journal_.Crash();
  const auto found = Recover(journal_);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_TRUE(BytesOf(found->state) == StateBytes());
}

INSTANTIATE_TEST_SUITE_P(
    All, MaintenanceFailureTest,
    testing::Combine(testing::Values(Fault::Call::kCheckpoint, Fault::Call::kCompact),
                     testing::Values(Fault::Data::kKept, Fault::Data::kLost, Fault::Data::kTorn)));

TEST_F(FailureTest, ALostChunkIsWrittenAgainAlthoughItDidNotMoveTheFloor) {
  options_.checkpoint_chunk = 2;
  Start();
  Request four = AskGroup("g0");
  for (int i = 1; i < 4; ++i) {
    four.transaction.commands.push_back(AskGroup("g" + std::to_string(i)).transaction.commands[0]);
  }
  Fault fault;
  fault.call = Fault::Call::kCheckpoint;
  fault.nth = 2;
  journal_.Inject(fault);  // takes the first half of the objects of revision 1 along
  Must(four);
  executor_->Flush();
  EXPECT_EQ(JournalContent().objects.size(), 4u);
  EXPECT_EQ(journal_.extent().floor, 1);
  ExpectRecoverable();
}

TEST_F(FailureTest, ARevisionOfSomebodyElseEndsWritingForGood) {
  Start();
  Must(AskGroup("g0"));
  const storage::Record foreign = storage::testing_support::MakeRecord(2);
  ASSERT_TRUE(journal_.Append(1, {&foreign, 1}).ok());
  EXPECT_EQ(ReasonIn(Execute(AskGroup("g1"))), ErrorReason::kOutcomeUnknown);
  clock_.Advance(absl::Hours(1));
  executor_->Flush();
  EXPECT_FALSE(executor_->GetStatus().writable);
  EXPECT_EQ(ReasonIn(Execute(AskGroup("g1"))), ErrorReason::kStoreReadOnly);
  EXPECT_TRUE(HasGroup("g0"));
}

TEST_F(FailureTest, StopsAlthoughTheOutcomeOfABatchIsUnknown) {
  Start();
  Fault fault = AppendFault(Fault::Data::kLost);
  fault.failing_reopens = 1000;
  journal_.Inject(fault);
  EXPECT_EQ(ReasonIn(Execute(AskGroup("g0"))), ErrorReason::kOutcomeUnknown);
  executor_->Stop(absl::InfiniteDuration());
  EXPECT_EQ(ReasonIn(Execute(AskGroup("g0"))), ErrorReason::kServerDraining);
}

}  // namespace
}  // namespace netstackd::executor
