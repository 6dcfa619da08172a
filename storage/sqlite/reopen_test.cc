// After a failed write: nothing is believed, and everything acknowledged is there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <thread>

#include "base/error.h"
#include "storage/faulty/simulated_disk.h"
#include "storage/sqlite/connection.h"
#include "storage/sqlite/sqlite_journal.h"
#include "storage/testing/journal_content.h"
#include "storage/testing/temporary_directory.h"

namespace netstackd::storage::sqlite {
namespace {

using testing::HasSubstr;
using testing_support::ContentOf;
using testing_support::MakeRecords;

class ReopenTest : public testing::Test {
 protected:
  std::unique_ptr<Journal> MustOpen() {
    options_.files = &disk_;
    auto journal = Open(dir_, options_);
    EXPECT_TRUE(journal.ok()) << journal.status();
    return *std::move(journal);
  }
  // Ten records, a chunk, and one more record.
  std::unique_ptr<Journal> MakeJournal() {
    auto journal = MustOpen();
    EXPECT_TRUE(journal->Append(0, MakeRecords(1, 10)).ok());
    EXPECT_TRUE(journal->Checkpoint({{Object{"a", 3, "x"}, Object{"b", 4, "y"}}}, 5).ok());
    EXPECT_TRUE(journal->Append(10, MakeRecords(11, 1)).ok());
    return journal;
  }

  const std::string dir_ = "/journal";
  SimulatedDisk disk_;
  Options options_;
};

TEST_F(ReopenTest, AFailedSyncThatLostTheBatchShowsItAbsent) {
  auto journal = MakeJournal();
  disk_.Set(DiskFault{.data = DiskFault::Data::kNone});
  EXPECT_EQ(ReasonOf(journal->Append(11, MakeRecords(12, 3))), ErrorReason::kStoreReadOnly);
  EXPECT_EQ(disk_.struck(), 1);
  const auto extent = journal->Reopen();
  ASSERT_TRUE(extent.ok()) << extent.status();
  EXPECT_EQ(extent->head, 11);
  EXPECT_EQ(ContentOf(*journal)->records, MakeRecords(1, 11));
  // The same numbers mean something else now, and that lasts.
  EXPECT_TRUE(journal->Append(11, MakeRecords(12, 2, "other")).ok());
  journal.reset();
  EXPECT_EQ(MustOpen()->History(12, 13, 10).value(), MakeRecords(12, 2, "other"));
}

TEST_F(ReopenTest, AFailedSyncThatLostNothingShowsTheBatchPresent) {
  auto journal = MakeJournal();
  disk_.Set(DiskFault{.data = DiskFault::Data::kAll});
  EXPECT_FALSE(journal->Append(11, MakeRecords(12, 3)).ok());
  EXPECT_EQ(journal->extent().head, 11);
  const auto extent = journal->Reopen();
  ASSERT_TRUE(extent.ok()) << extent.status();
  EXPECT_EQ(extent->head, 14);
  EXPECT_EQ(ContentOf(*journal)->records, MakeRecords(1, 14));
  EXPECT_EQ(journal->usage().records, 14);
}

TEST_F(ReopenTest, AClosedJournalRefusesEverything) {
  const auto journal = MakeJournal();
  disk_.Set(DiskFault{});
  const absl::Status refused = journal->Append(11, MakeRecords(12, 1));
  ASSERT_EQ(ReasonOf(refused), ErrorReason::kStoreReadOnly);
  EXPECT_EQ(journal->Append(11, MakeRecords(12, 1)), refused);
  EXPECT_EQ(journal->Checkpoint({}, 6), refused);
  EXPECT_EQ(journal->Compact(2, 1).status(), refused);
  EXPECT_EQ(journal->Idle(), refused);
  EXPECT_EQ(journal->History(1, 2, 2).status(), refused);
  EXPECT_EQ(journal->Backup(std::string("/backup")).status(), refused);
  EXPECT_EQ(ContentOf(*journal).status(), refused);
  EXPECT_EQ(journal->Append(11, MakeRecords(13, 1)).code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(ReopenTest, AFullDiskIsSaidToBeFull) {
  const auto journal = MakeJournal();
  disk_.Set(DiskFault{.call = DiskCall::kWrite, .error_number = ENOSPC});
  EXPECT_EQ(ReasonOf(journal->Append(11, MakeRecords(12, 1))), ErrorReason::kResourceExhausted);
  EXPECT_EQ(ReasonOf(journal->Idle()), ErrorReason::kResourceExhausted);
  EXPECT_EQ(journal->Reopen()->head, 11);
  EXPECT_TRUE(journal->Append(11, MakeRecords(12, 1)).ok());
}

TEST_F(ReopenTest, AFenceIsInTheNewLogBeforeAnythingElse) {
  const auto journal = MakeJournal();
  disk_.Set(DiskFault{});
  EXPECT_FALSE(journal->Append(11, MakeRecords(12, 1)).ok());
  ASSERT_TRUE(journal->Reopen().ok());
  // The log was emptied, so what is in it is the fence, and that is a page or two.
  const auto size = disk_.SizeOf(dir_ + "/journal.db-wal");
  EXPECT_GT(size, 0);
  EXPECT_LT(size, 3 * 4200);
  const auto user = *Connection::Open(dir_ + "/journal.db", OpenMode::kReadOnly, disk_.sqlite_vfs(),
                                      absl::ZeroDuration());
  EXPECT_EQ(*user.QueryInteger("SELECT fences FROM meta"), 1);
}

TEST_F(ReopenTest, AReopenThatFailsCanBeTriedAgain) {
  const auto journal = MakeJournal();
  disk_.Set(DiskFault{.data = DiskFault::Data::kAll});
  EXPECT_FALSE(journal->Append(11, MakeRecords(12, 3)).ok());
  disk_.Set(DiskFault{});  // strikes the fence
  EXPECT_EQ(ReasonOf(journal->Reopen().status()), ErrorReason::kStoreReadOnly);
  disk_.Set(DiskFault{.file = DiskFile::kDatabase, .call = DiskCall::kWrite});
  EXPECT_EQ(ReasonOf(journal->Reopen().status()), ErrorReason::kStoreReadOnly);
  EXPECT_EQ(ReasonOf(journal->Idle()), ErrorReason::kStoreReadOnly);
  EXPECT_EQ(journal->Reopen()->head, 14);
  EXPECT_EQ(ContentOf(*journal)->records, MakeRecords(1, 14));
}

// A process of its own that holds a read transaction until its pipe is closed.
class OutsideReader {
 public:
  explicit OutsideReader(const std::string& path) {
    int ready[2];
    int end[2];
    EXPECT_EQ(pipe(ready), 0);
    EXPECT_EQ(pipe(end), 0);
    pid_ = fork();
    if (pid_ == 0) Hold(path.c_str(), ready[1], end);
    close(ready[1]);
    close(end[0]);
    end_ = end[1];
    char byte = 0;
    EXPECT_EQ(read(ready[0], &byte, 1), 1);
    close(ready[0]);
  }
  ~OutsideReader() {
    close(end_);
    waitpid(pid_, nullptr, 0);
  }
  pid_t pid() const { return pid_; }

 private:
  [[noreturn]] static void Hold(const char* path, int ready, const int end[2]) {
    close(end[1]);
    sqlite3* db = nullptr;
    const bool holds = sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK &&
                       sqlite3_exec(db, "BEGIN; SELECT count(*) FROM revisions", nullptr, nullptr,
                                    nullptr) == SQLITE_OK;
    char byte = 'r';
    if (!holds || write(ready, &byte, 1) != 1) _exit(1);
    while (read(end[0], &byte, 1) > 0) {
    }
    _exit(0);
  }

  pid_t pid_ = -1;
  int end_ = -1;
};

TEST_F(ReopenTest, AReaderFromOutsideIsNamedAndWaitedForOnlySoLong) {
  const testing_support::TemporaryDirectory directory;  // another process sees only a real disk
  options_.reopen_within = absl::Milliseconds(100);
  const auto journal = *Open(directory.path(), options_);
  ASSERT_TRUE(journal->Append(0, MakeRecords(1, 11)).ok());
  {
    const OutsideReader reader(directory.path() + "/journal.db");
    ASSERT_TRUE(journal->Append(11, MakeRecords(12, 2)).ok());
    const absl::Status status = journal->Reopen().status();
    EXPECT_EQ(ReasonOf(status), ErrorReason::kStoreReadOnly);
    EXPECT_THAT(std::string(status.message()), HasSubstr("pid " + std::to_string(reader.pid())));
  }
  EXPECT_EQ(journal->Reopen()->head, 13);
  EXPECT_EQ(ContentOf(*journal)->records, MakeRecords(1, 13));
}

TEST_F(ReopenTest, ReadersOfOursEndAndAreAdmittedAgain) {
  const auto journal = MakeJournal();
  std::atomic<bool> done = false;
  std::atomic<int> wrong = 0;
  std::thread reader([&] {
    for (int i = 0; !done; ++i) {
      const auto records = journal->History(1, 11, 100);
      if (records.ok() ? *records != MakeRecords(1, 11)
                       : ReasonOf(records.status()) != ErrorReason::kStoreReadOnly) {
        ++wrong;
      }
      const std::string path = std::string("/backup") + std::to_string(i);
      const auto head = journal->Backup(path);
      if (head.ok() ? *head != 11 : ReasonOf(head.status()) != ErrorReason::kStoreReadOnly) {
        ++wrong;
      }
      if (head.ok() != disk_.Exists(path)) ++wrong;
    }
  });
  for (int i = 0; i < 20; ++i) {
    const auto extent = journal->Reopen();
    EXPECT_TRUE(extent.ok()) << extent.status();
  }
  done = true;
  reader.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(journal->History(1, 11, 100).value(), MakeRecords(1, 11));
}

TEST_F(ReopenTest, AcknowledgedRevisionsThatAreGoneAreDamage) {
  const auto journal = MakeJournal();
  disk_.Set(DiskFault{});
  EXPECT_FALSE(journal->Append(11, MakeRecords(12, 1)).ok());
  disk_.Poke(dir_ + "/journal.db-wal", "");
  const absl::Status status = journal->Reopen().status();
  EXPECT_EQ(ReasonOf(status), ErrorReason::kJournalCorrupt) << status;
  EXPECT_EQ(journal->Append(11, MakeRecords(12, 1)), status);
}

}  // namespace
}  // namespace netstackd::storage::sqlite
