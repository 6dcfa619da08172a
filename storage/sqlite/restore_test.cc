#include "storage/sqlite/restore.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/error.h"
#include "storage/sqlite/connection.h"
#include "storage/sqlite/sqlite_journal.h"
#include "storage/testing/journal_content.h"
#include "storage/testing/journal_files.h"
#include "storage/testing/temporary_directory.h"

namespace netstackd::storage::sqlite {
namespace {

using testing_support::Content;
using testing_support::ContentOf;
using testing_support::MakeRecords;
using testing_support::ReadWhole;
using testing_support::WriteWhole;

class RestoreTest : public testing::Test {
 protected:
  void SetUp() override {
    auto journal = *Open(dir_);
    ASSERT_TRUE(journal->Append(0, MakeRecords(1, 40)).ok());
    ASSERT_TRUE(
        journal->Checkpoint({{Object{"a", 3, "x"}, Object{"b", 30, std::nullopt}}}, 20).ok());
    ASSERT_TRUE(journal->Compact(11, 100).ok());
    ASSERT_EQ(journal->Backup(backup_).value(), 40);
    content_ = *ContentOf(*journal);
    store_id_ = journal->store_id();
  }

  const testing_support::TemporaryDirectory directory_;
  const std::string dir_ = directory_.path() + "/journal";
  const std::string backup_ = directory_.path() + "/backup";
  const std::string target_ = directory_.path() + "/target";
  Content content_;
  std::string store_id_;
};

TEST_F(RestoreTest, GivesTheSameContentAnotherNameAndNoWarning) {
  const auto restored = Restore(backup_, target_);
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_EQ(restored->head, 40);
  EXPECT_NE(restored->store_id, store_id_);
  Options options;
  options.warn = [](const std::string& warning) { ADD_FAILURE() << warning; };
  auto journal = *Open(target_, options);
  EXPECT_EQ(*ContentOf(*journal), content_);
  EXPECT_EQ(journal->store_id(), restored->store_id);
  ASSERT_TRUE(journal->Append(40, MakeRecords(41, 2)).ok());
  journal.reset();
  EXPECT_EQ((*Open(target_, options))->extent().head, 42);
}

TEST_F(RestoreTest, TheBackupIsOneFileAndNothingElseIsLeft) {
  int files = 0;
  for ([[maybe_unused]] const auto& entry :
       std::filesystem::directory_iterator(directory_.path())) {
    ++files;
  }
  EXPECT_EQ(files, 2);  // the journal's directory and the backup
}

TEST_F(RestoreTest, AnEmptyDirectoryWillDoAndAFullOneWillNot) {
  std::filesystem::create_directory(target_);
  EXPECT_TRUE(Restore(backup_, target_).ok());
  EXPECT_EQ(ReasonOf(Restore(backup_, target_).status()), ErrorReason::kInvalidRequest);
  EXPECT_EQ(ReasonOf(Restore(backup_, dir_).status()), ErrorReason::kInvalidRequest);
  EXPECT_EQ(ReasonOf(Restore(target_ + "-none", target_ + "2").status()),
            ErrorReason::kStorageUnavailable);
  EXPECT_FALSE(std::filesystem::exists(target_ + "2"));
}

TEST_F(RestoreTest, ABackupDoesNotLiveByItself) {
  std::filesystem::create_directory(target_);
  std::filesystem::copy_file(backup_, target_ + "/journal.db");
  EXPECT_EQ(ReasonOf(Open(target_).status()), ErrorReason::kJournalCorrupt);
}

TEST_F(RestoreTest, TheFileOfAJournalIsNoBackup) {
  const absl::Status status = Restore(dir_ + "/journal.db", target_).status();
  EXPECT_EQ(ReasonOf(status), ErrorReason::kJournalCorrupt);
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("not a backup"));
  EXPECT_FALSE(std::filesystem::exists(target_));
}

TEST_F(RestoreTest, ABackupWithoutItsNewestRowIsRefused) {
  {
    const auto connection =
        *Connection::Open(backup_, OpenMode::kReadWrite, "", absl::ZeroDuration());
    ASSERT_TRUE(connection.Execute("DELETE FROM revisions WHERE revision = 40").ok());
  }
  EXPECT_EQ(ReasonOf(Restore(backup_, target_).status()), ErrorReason::kJournalCorrupt);
}

TEST_F(RestoreTest, ATruncatedBackupIsRefusedAndLeavesNothing) {
  const std::string whole = ReadWhole(backup_);
  for (std::size_t size = 0; size < whole.size(); size += whole.size() / 20 + 1) {
    WriteWhole(backup_, whole.substr(0, size));
    EXPECT_EQ(ReasonOf(Restore(backup_, target_).status()), ErrorReason::kJournalCorrupt) << size;
    EXPECT_FALSE(std::filesystem::exists(target_));
  }
}

}  // namespace
}  // namespace netstackd::storage::sqlite
