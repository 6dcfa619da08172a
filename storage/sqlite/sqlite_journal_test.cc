// Opening, what is synced when, and lost ends.
#include "storage/sqlite/sqlite_journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "base/error.h"
#include "storage/faulty/simulated_disk.h"
#include "storage/sqlite/connection.h"
#include "storage/sqlite/writer.h"
#include "storage/testing/journal_content.h"
#include "storage/testing/journal_files.h"
#include "storage/testing/temporary_directory.h"

namespace netstackd::storage::sqlite {
namespace {

using testing::HasSubstr;
using testing_support::ContentOf;
using testing_support::CopyAsAfterAKill;
using testing_support::FlipBit;
using testing_support::MakeRecord;
using testing_support::MakeRecords;

class SqliteJournalTest : public testing::Test {
 protected:
  SqliteJournalTest() {
    options_.warn = [this](const std::string& warning) { warnings_.push_back(warning); };
  }

  std::unique_ptr<Journal> MustOpen(const std::string& dir) {
    auto journal = Open(dir, options_);
    EXPECT_TRUE(journal.ok()) << journal.status();
    return *std::move(journal);
  }
  absl::Status Refusal(const std::string& dir) { return Open(dir, options_).status(); }
  void ExpectLost(const std::string& dir, const std::string& head, const std::string& known) {
    const absl::Status status = Refusal(dir);
    ASSERT_EQ(ReasonOf(status), ErrorReason::kJournalCorrupt) << status;
    EXPECT_EQ(DetailsOf(status)->metadata.at("headRevision"), head);
    EXPECT_EQ(DetailsOf(status)->metadata.at("acknowledgedRevision"), known);
    const std::string message(status.message());
    EXPECT_THAT(message, HasSubstr("netstackd restore FILE DIR"));
    EXPECT_THAT(message, HasSubstr("netstackd accept-loss " + dir));
  }
  // Ten records, five of them in a batch of their own, all in the log; as a kill leaves them.
  void MakeKilled(const std::string& to) {
    const auto journal = MustOpen(dir_);
    EXPECT_TRUE(journal->Append(0, MakeRecords(1, 5)).ok());
    EXPECT_TRUE(journal->Append(5, MakeRecords(6, 5)).ok());
    CopyAsAfterAKill(dir_, to);
  }

  const testing_support::TemporaryDirectory directory_;
  const std::string dir_ = directory_.path() + "/journal";
  const std::string copy_ = directory_.path() + "/copy";
  Options options_;
  std::vector<std::string> warnings_;
};

TEST_F(SqliteJournalTest, MakesADirectoryForItsOwnerOnly) {
  const auto journal = MustOpen(dir_);
  struct stat found;
  ASSERT_EQ(stat(dir_.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0700u);
  for (const char* name : {"/journal.db", "/journal.db-wal", "/LOCK", "/REVISION"}) {
    ASSERT_EQ(stat((dir_ + name).c_str(), &found), 0) << name;
    EXPECT_EQ(found.st_mode & 0777, 0600u) << name;
  }
  EXPECT_TRUE(warnings_.empty());
}

TEST_F(SqliteJournalTest, AParentThatIsMissingIsAnError) {
  EXPECT_EQ(ReasonOf(Refusal(directory_.path() + "/no/such")), ErrorReason::kStorageUnavailable);
}

TEST_F(SqliteJournalTest, ASecondOpenerLearnsThePid) {
  auto journal = MustOpen(dir_);
  const absl::Status status = Refusal(dir_);
  ASSERT_EQ(ReasonOf(status), ErrorReason::kStorageUnavailable) << status;
  EXPECT_EQ(DetailsOf(status)->metadata.at("pid"), std::to_string(getpid()));
  EXPECT_THAT(DetailsOf(status)->metadata.at("startTime"), testing::EndsWith("Z"));
  EXPECT_THAT(std::string(status.message()), HasSubstr(std::to_string(getpid())));
  EXPECT_EQ(ReasonOf(AcceptLoss(dir_).status()), ErrorReason::kStorageUnavailable);
  journal.reset();
  MustOpen(dir_);
}

TEST_F(SqliteJournalTest, ABatchIsOneSyncAndAChunkIsNone) {
  SimulatedDisk disk;
  options_.files = &disk;
  const auto journal = MustOpen("/journal");
  ASSERT_TRUE(journal->Append(0, MakeRecords(1, 1)).ok());  // the log begins
  for (int batch = 0; batch < 3; ++batch) {
    const int before = disk.syncs(DiskFile::kWal);
    ASSERT_TRUE(journal->Append(1 + 8 * batch, MakeRecords(2 + 8 * batch, 8)).ok());
    EXPECT_EQ(disk.syncs(DiskFile::kWal), before + 1);
    ASSERT_TRUE(journal->Checkpoint({{Object{"a", 2 + batch, "x"}}}, 2 + batch).ok());
    ASSERT_TRUE(journal->Compact(1 + batch, 10).ok());
    EXPECT_EQ(disk.syncs(DiskFile::kWal), before + 1);
  }
}

TEST_F(SqliteJournalTest, SynchronousIsFullBeforeAndAfterAChunk) {
  MustOpen(dir_).reset();
  const auto writer = *Writer::Open({dir_, &FileSystem::Real()});
  const auto level = [&] { return *writer->connection().QueryInteger("PRAGMA synchronous"); };
  EXPECT_EQ(level(), 2);
  ASSERT_TRUE(writer->Append(0, MakeRecords(1, 1)).ok());
  ASSERT_TRUE(writer->WriteChunk({{Object{"a", 1, "x"}}}, 1).ok());
  EXPECT_EQ(level(), 2);
  ASSERT_TRUE(writer->Compact(2, 1).ok());
  EXPECT_EQ(level(), 2);
  EXPECT_EQ(*writer->connection().QueryText("PRAGMA journal_mode"), "wal");
  EXPECT_EQ(*writer->connection().QueryInteger("PRAGMA wal_autocheckpoint"), 0);
  EXPECT_EQ(*writer->connection().QueryInteger("PRAGMA trusted_schema"), 0);
}

TEST_F(SqliteJournalTest, ALongLogIsCheckpointedAndDoesNotGrow) {
  const auto journal = MustOpen(dir_);
  std::uintmax_t longest = 0;
  for (Revision r = 1; r <= 100; ++r) {
    Record record = MakeRecord(r);
    record.deltas.assign(100'000, 'd');  // about 25 pages
    ASSERT_TRUE(journal->Append(r - 1, {&record, 1}).ok());
    longest = std::max(longest, std::filesystem::file_size(dir_ + "/journal.db-wal"));
  }
  EXPECT_GT(longest, 256u * 4096);
  EXPECT_LT(longest, 400u * 4096);
  EXPECT_GT(std::filesystem::file_size(dir_ + "/journal.db"), 5'000'000u);
  ASSERT_TRUE(journal->Idle().ok());
  EXPECT_EQ(std::filesystem::file_size(dir_ + "/journal.db-wal"), 0u);
}

TEST_F(SqliteJournalTest, ACleanEndLeavesAnEmptyLog) {
  auto journal = MustOpen(dir_);
  ASSERT_TRUE(journal->Append(0, MakeRecords(1, 5)).ok());
  EXPECT_GT(std::filesystem::file_size(dir_ + "/journal.db-wal"), 0u);
  journal.reset();
  EXPECT_EQ(std::filesystem::file_size(dir_ + "/journal.db-wal"), 0u);
  EXPECT_EQ(MustOpen(dir_)->extent().head, 5);
}

TEST_F(SqliteJournalTest, AKillLosesNothingAcknowledged) {
  MakeKilled(copy_);
  const auto journal = MustOpen(copy_);
  EXPECT_EQ(ContentOf(*journal)->records, MakeRecords(1, 10));
  EXPECT_TRUE(warnings_.empty());
}

TEST_F(SqliteJournalTest, APowerLossBetweenAChunkAndTheNextAppendLosesNoRecord) {
  const auto journal = MustOpen(dir_);
  const std::string wal = "/journal.db-wal";
  std::vector<std::uintmax_t> sizes;
  const auto note = [&] { sizes.push_back(std::filesystem::file_size(dir_ + wal)); };
  ASSERT_TRUE(journal->Append(0, MakeRecords(1, 9)).ok());
  note();
  ASSERT_TRUE(journal->Checkpoint({{Object{"a", 4, "x"}, Object{"b", 5, std::nullopt}}}, 8).ok());
  note();
  ASSERT_TRUE(journal->Compact(6, 100).ok());
  note();
  ASSERT_TRUE(journal->Checkpoint({{Object{"a", 9, "y"}}}, 9).ok());
  note();
  // Whatever of the unsynced frames the medium has got: a prefix of them counts.
  for (std::uintmax_t size = sizes.front(); size <= sizes.back(); size += 1000) {
    CopyAsAfterAKill(dir_, copy_);
    std::filesystem::resize_file(copy_ + wal, size);
    const auto copy = MustOpen(copy_);
    const auto content = ContentOf(*copy);
    ASSERT_TRUE(content.ok()) << content.status() << " at " << size;
    EXPECT_EQ(copy->extent().head, 9);
    EXPECT_EQ(copy->extent().floor, size < sizes[1] ? 0 : size < sizes[3] ? 8 : 9) << size;
    EXPECT_EQ(copy->extent().first, size < sizes[2] ? 1 : 6) << size;
    EXPECT_EQ(content->records,
              MakeRecords(copy->extent().first, static_cast<int>(10 - copy->extent().first)));
  }
}

TEST_F(SqliteJournalTest, ALostEndOfTheLogIsRefusedUntilItIsAccepted) {
  MakeKilled(copy_);
  const auto size = std::filesystem::file_size(copy_ + "/journal.db-wal");
  std::filesystem::resize_file(copy_ + "/journal.db-wal", size - 1);
  ExpectLost(copy_, "5", "10");
  ExpectLost(copy_, "5", "10");  // looking does not make it good

  const auto loss = AcceptLoss(copy_);
  ASSERT_TRUE(loss.ok()) << loss.status();
  EXPECT_EQ(loss->head, 5);
  EXPECT_EQ(loss->acknowledged, 10);
  const auto journal = MustOpen(copy_);
  EXPECT_EQ(journal->store_id(), loss->store_id);
  EXPECT_EQ(ContentOf(*journal)->records, MakeRecords(1, 5));
  EXPECT_TRUE(journal->Append(5, MakeRecords(6, 1)).ok());
}

TEST_F(SqliteJournalTest, AcceptingALossGivesTheStoreAnotherName) {
  MakeKilled(copy_);
  std::filesystem::resize_file(copy_ + "/journal.db-wal", 0);
  const std::string before = MustOpen(dir_)->store_id();
  const auto loss = AcceptLoss(copy_);
  ASSERT_TRUE(loss.ok()) << loss.status();
  EXPECT_NE(loss->store_id, before);
  EXPECT_EQ(ReasonOf(AcceptLoss(copy_).status()), ErrorReason::kInvalidRequest);  // once is enough
}

TEST_F(SqliteJournalTest, WhereNothingIsLostThereIsNothingToAccept) {
  MakeKilled(copy_);
  EXPECT_EQ(ReasonOf(AcceptLoss(copy_).status()), ErrorReason::kInvalidRequest);
  EXPECT_EQ(ReasonOf(AcceptLoss(directory_.path() + "/new").status()),
            ErrorReason::kInvalidRequest);
  EXPECT_EQ(MustOpen(copy_)->extent().head, 10);
}

TEST_F(SqliteJournalTest, ADatabaseThatIsGoneIsRefusedUntilItIsAccepted) {
  MakeKilled(copy_);
  std::filesystem::remove(copy_ + "/journal.db");
  ExpectLost(copy_, "0", "0");
  std::filesystem::remove(copy_ + "/journal.db-wal");
  ExpectLost(copy_, "0", "0");
  testing_support::WriteWhole(copy_ + "/journal.db", "");
  ExpectLost(copy_, "0", "0");
  const auto loss = AcceptLoss(copy_);
  ASSERT_TRUE(loss.ok()) << loss.status();
  EXPECT_EQ(loss->acknowledged, 10);
  const auto journal = MustOpen(copy_);
  EXPECT_EQ(journal->extent().head, 0);
  EXPECT_EQ(journal->store_id(), loss->store_id);
}

TEST_F(SqliteJournalTest, AMissingRevisionFileIsRebuiltWithAWarning) {
  MakeKilled(copy_);
  std::filesystem::remove(copy_ + "/REVISION");
  EXPECT_EQ(MustOpen(copy_)->extent().head, 10);
  ASSERT_EQ(warnings_.size(), 1u);
  EXPECT_THAT(warnings_[0], HasSubstr(copy_ + "/REVISION"));
  EXPECT_EQ(MustOpen(copy_)->extent().head, 10);
  EXPECT_EQ(warnings_.size(), 1u);
  // And it is in force again.
  CopyAsAfterAKill(copy_, dir_);
  std::filesystem::remove(dir_ + "/journal.db");
  ExpectLost(dir_, "0", "0");
}

TEST_F(SqliteJournalTest, TwoDamagedSlotsWarnAndOneDoesNot) {
  MakeKilled(copy_);
  FlipBit(copy_ + "/REVISION", 20, 3);
  MustOpen(copy_);
  EXPECT_TRUE(warnings_.empty());
  FlipBit(copy_ + "/REVISION", 20, 3);
  FlipBit(copy_ + "/REVISION", 4096 + 20, 3);
  MustOpen(copy_);
  FlipBit(copy_ + "/REVISION", 20, 3);
  FlipBit(copy_ + "/REVISION", 4096 + 20, 3);
  MustOpen(copy_);
  EXPECT_EQ(warnings_.size(), 1u);
}

TEST_F(SqliteJournalTest, TheDatabaseOfAnotherStoreIsRefused) {
  MakeKilled(copy_);
  const std::string other = directory_.path() + "/other";
  ASSERT_TRUE(MustOpen(other)->Append(0, MakeRecords(1, 20)).ok());
  std::filesystem::copy_file(other + "/journal.db", copy_ + "/journal.db",
                             std::filesystem::copy_options::overwrite_existing);
  std::filesystem::remove(copy_ + "/journal.db-wal");
  ExpectLost(copy_, "20", "10");
}

TEST_F(SqliteJournalTest, ANewerSchemaIsRefusedAndLeftAlone) {
  MustOpen(dir_).reset();
  {
    const auto connection =
        *Connection::Open(dir_ + "/journal.db", OpenMode::kReadWrite, "", absl::ZeroDuration());
    ASSERT_TRUE(connection.Execute("PRAGMA user_version = 2").ok());
  }
  const absl::Status status = Refusal(dir_);
  EXPECT_EQ(ReasonOf(status), ErrorReason::kNotSupported) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("version 2"));
  const auto connection =
      *Connection::Open(dir_ + "/journal.db", OpenMode::kReadOnly, "", absl::ZeroDuration());
  EXPECT_EQ(*connection.QueryInteger("PRAGMA user_version"), 2);
}

TEST_F(SqliteJournalTest, WhatIsNoDatabaseIsRefused) {
  MustOpen(dir_).reset();
  testing_support::WriteWhole(dir_ + "/journal.db", std::string(10'000, 'x'));
  const absl::Status status = Refusal(dir_);
  EXPECT_EQ(ReasonOf(status), ErrorReason::kJournalCorrupt) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("netstackd restore FILE DIR"));
}

TEST_F(SqliteJournalTest, SomebodyElsesRowsFenceTheWriter) {
  const auto journal = MustOpen(dir_);
  ASSERT_TRUE(journal->Append(0, MakeRecords(1, 2)).ok());
  {
    const auto intruder =
        *Connection::Open(dir_ + "/journal.db", OpenMode::kReadWrite, "", absl::ZeroDuration());
    ASSERT_TRUE(intruder
                    .Execute("INSERT INTO revisions SELECT 3, crc, bytes, time_us, principal, "
                             "method, peer, user_agent, request_id, request_hash, comment, "
                             "answer, deltas FROM revisions WHERE revision = 2")
                    .ok());
  }
  EXPECT_EQ(ReasonOf(journal->Append(2, MakeRecords(3, 1))), ErrorReason::kTransactionConflict);
  EXPECT_EQ(ReasonOf(ContentOf(*journal).status()), ErrorReason::kJournalCorrupt);
}

TEST_F(SqliteJournalTest, UsersMayReadTheLiveDatabase) {
  const auto journal = MustOpen(dir_);
  ASSERT_TRUE(journal->Append(0, MakeRecords(1, 3)).ok());
  const auto user =
      *Connection::Open(dir_ + "/journal.db", OpenMode::kReadOnly, "", absl::ZeroDuration());
  EXPECT_EQ(*user.QueryInteger("SELECT count(*) FROM revisions"), 3);
  ASSERT_TRUE(user.Execute("BEGIN").ok());
  EXPECT_EQ(*user.QueryText("SELECT principal FROM revisions WHERE revision = 2"), "uid:2");
  ASSERT_TRUE(journal->Append(3, MakeRecords(4, 3)).ok());
  EXPECT_EQ(*user.QueryInteger("SELECT count(*) FROM revisions"), 3);
  EXPECT_TRUE(journal->Idle().ok());  // a reader in the way is no error
}

}  // namespace
}  // namespace netstackd::storage::sqlite
