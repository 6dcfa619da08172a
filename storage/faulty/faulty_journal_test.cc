#include "storage/faulty/faulty_journal.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "storage/testing/journal_content.h"

namespace netstackd::storage {
namespace {

using testing_support::ContentOf;
using testing_support::MakeRecords;

class FaultyJournalTest : public testing::Test {
 protected:
  // Three records, the floor at 2, all synced; then a chunk that is not.
  void SetUp() override {
    ASSERT_TRUE(journal_.Append(0, MakeRecords(1, 2)).ok());
    ASSERT_TRUE(journal_.Checkpoint({{Object{"a", 1, "one"}}}, 1).ok());
    ASSERT_TRUE(journal_.Append(2, MakeRecords(3, 1)).ok());
    ASSERT_TRUE(journal_.Checkpoint({{Object{"a", 2, "two"}}}, 2).ok());
  }
  absl::Status FailingAppend(const Fault& fault) {
    journal_.Inject(fault);
    return journal_.Append(3, MakeRecords(4, 2));
  }

  FaultyJournal journal_;
};

TEST_F(FaultyJournalTest, KeptDataAreThereAfterReopen) {
  EXPECT_EQ(ReasonOf(FailingAppend({.data = Fault::Data::kKept})), ErrorReason::kStoreReadOnly);
  EXPECT_EQ(journal_.extent().head, 3);  // nobody knows yet
  EXPECT_EQ(journal_.Reopen()->head, 5);
  EXPECT_EQ(journal_.extent().floor, 2);
  EXPECT_EQ(ContentOf(journal_)->records, MakeRecords(1, 5));
}

TEST_F(FaultyJournalTest, LostDataTakeTheUnsyncedTailAlong) {
  EXPECT_FALSE(FailingAppend({.data = Fault::Data::kLost}).ok());
  EXPECT_EQ(journal_.Reopen()->head, 3);
  EXPECT_EQ(journal_.extent().floor, 1);
  EXPECT_EQ(ContentOf(journal_)->objects["a"].second, "one");
  EXPECT_TRUE(journal_.Append(3, MakeRecords(4, 1)).ok());
}

TEST_F(FaultyJournalTest, ATornWriteIsDroppedButNotWhatCameBefore) {
  EXPECT_FALSE(FailingAppend({.data = Fault::Data::kTorn}).ok());
  EXPECT_EQ(journal_.Reopen()->head, 3);
  EXPECT_EQ(journal_.extent().floor, 2);
}

TEST_F(FaultyJournalTest, AFullDiskIsSaidToBeFull) {
  const absl::Status status = FailingAppend({.cause = Fault::Cause::kDiskFull});
  EXPECT_EQ(ReasonOf(status), ErrorReason::kResourceExhausted);
}

TEST_F(FaultyJournalTest, AClosedJournalRefusesEverythingUntilReopenWorks) {
  EXPECT_FALSE(FailingAppend({.failing_reopens = 2}).ok());
  const absl::Status refused = journal_.Append(3, MakeRecords(4, 1));
  EXPECT_EQ(ReasonOf(refused), ErrorReason::kStoreReadOnly);
  EXPECT_EQ(journal_.Checkpoint({}, 3), refused);
  EXPECT_EQ(journal_.Compact(2, 1).status(), refused);
  EXPECT_EQ(journal_.History(1, 3, 3).status(), refused);
  EXPECT_EQ(journal_.Idle(), refused);
  EXPECT_EQ(ContentOf(journal_).status(), refused);
  EXPECT_EQ(journal_.Reopen().status(), refused);
  EXPECT_EQ(journal_.Reopen().status(), refused);
  EXPECT_EQ(journal_.Reopen()->head, 3);
}

TEST_F(FaultyJournalTest, TheNthCallOfItsKindFails) {
  journal_.Inject({.call = Fault::Call::kCompact, .nth = 2});
  journal_.Inject({.call = Fault::Call::kCheckpoint, .nth = 1, .data = Fault::Data::kKept});
  EXPECT_TRUE(journal_.Append(3, MakeRecords(4, 1)).ok());
  EXPECT_TRUE(journal_.Compact(2, 10).ok());
  EXPECT_FALSE(journal_.Compact(3, 10).ok());
  EXPECT_EQ(journal_.Reopen()->first, 1);  // the first compaction was not synced either
  EXPECT_FALSE(journal_.Checkpoint({}, 4).ok());
  EXPECT_EQ(journal_.Reopen()->floor, 4);
  EXPECT_EQ(journal_.calls(Fault::Call::kCompact), 2);
}

TEST_F(FaultyJournalTest, ACrashLosesTheUnsyncedTailOnly) {
  journal_.Crash();
  EXPECT_EQ(journal_.extent().head, 3);
  EXPECT_EQ(journal_.extent().floor, 1);
  ASSERT_TRUE(journal_.Checkpoint({}, 3).ok());
  ASSERT_TRUE(journal_.Idle().ok());
  journal_.Crash();
  EXPECT_EQ(journal_.extent().floor, 3);
}

TEST_F(FaultyJournalTest, TheHookRunsBeforeTheAppend) {
  Revision head = -1;
  journal_.OnAppend([&] { head = journal_.extent().head; });
  ASSERT_TRUE(journal_.Append(3, MakeRecords(4, 1)).ok());
  EXPECT_EQ(head, 3);
}

}  // namespace
}  // namespace netstackd::storage
