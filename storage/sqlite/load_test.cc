// Rows that are right by themselves, but not together.
#include "storage/sqlite/load.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/error.h"
#include "storage/checksums.h"
#include "storage/sqlite/sqlite_journal.h"
#include "storage/testing/journal_content.h"
#include "storage/testing/temporary_directory.h"

namespace netstackd::storage::sqlite {
namespace {

using testing_support::MakeRecord;
using testing_support::MakeRecords;

class LoadTest : public testing::Test {
 protected:
  // Revisions 4 to 12 are kept, the floor is 10.
  void SetUp() override {
    auto journal = *Open(directory_.path());
    ASSERT_TRUE(journal->Append(0, MakeRecords(1, 12)).ok());
    const std::vector<Object> objects = {
        {"a", 5, "five"}, {"b", 7, "seven"}, {"c", 11, std::nullopt}};
    ASSERT_TRUE(journal->Checkpoint(objects, 10).ok());
    ASSERT_TRUE(journal->Compact(4, 100).ok());
  }

  // What a load says after `sql`, which is taken back.
  absl::Status After(const std::string& sql) {
    const auto connection = *Connection::Open(directory_.path() + "/journal.db",
                                              OpenMode::kReadWrite, "", absl::ZeroDuration());
    const std::string copy = directory_.path() + "/copy.db";
    unlink(copy.c_str());
    EXPECT_TRUE(connection.Execute("VACUUM INTO '" + copy + "'").ok());
    const auto changed = *Connection::Open(copy, OpenMode::kReadWrite, "", absl::ZeroDuration());
    EXPECT_TRUE(changed.Execute(sql).ok());
    return Verify(changed).status();
  }

  const testing_support::TemporaryDirectory directory_;
};

TEST_F(LoadTest, TheRowsAsTheyWereWrittenAreBelieved) { EXPECT_TRUE(After("SELECT 1").ok()); }

TEST_F(LoadTest, MissingRowsAreNoticed) {
  for (const char* sql :
       {"DELETE FROM revisions WHERE revision = 4", "DELETE FROM revisions WHERE revision = 8",
        "DELETE FROM revisions WHERE revision >= 10", "DELETE FROM revisions",
        "DELETE FROM objects WHERE key = CAST('a' AS BLOB)",
        "DELETE FROM objects WHERE body IS NULL", "DELETE FROM objects", "DELETE FROM meta"}) {
    EXPECT_EQ(ReasonOf(After(sql)), ErrorReason::kJournalCorrupt) << sql;
  }
}

TEST_F(LoadTest, EveryChangedColumnIsNoticed) {
  for (const char* column : {"crc", "bytes", "time_us"}) {
    const std::string sql =
        std::string("UPDATE revisions SET ") + column + " = " + column + " + 1 WHERE revision = 8";
    EXPECT_EQ(ReasonOf(After(sql)), ErrorReason::kJournalCorrupt) << sql;
  }
  for (const char* column :
       {"principal", "method", "peer", "user_agent", "request_id", "comment"}) {
    const std::string sql =
        std::string("UPDATE revisions SET ") + column + " = 'x' WHERE revision = 8";
    EXPECT_EQ(ReasonOf(After(sql)), ErrorReason::kJournalCorrupt) << sql;
  }
  for (const char* column : {"request_hash", "answer", "deltas"}) {
    const std::string sql =
        std::string("UPDATE revisions SET ") + column + " = x'00' WHERE revision = 8";
    EXPECT_EQ(ReasonOf(After(sql)), ErrorReason::kJournalCorrupt) << sql;
  }
  for (const char* column : {"floor", "object_rows", "object_sum", "chain_revision", "chain_crc",
                             "fences", "sealed_head", "crc"}) {
    const std::string sql = std::string("UPDATE meta SET ") + column + " = " + column + " + 1";
    EXPECT_EQ(ReasonOf(After(sql)), ErrorReason::kJournalCorrupt) << sql;
  }
}

TEST_F(LoadTest, AnOlderImageWithARightChecksumIsNoticed) {
  const Object older{"b", 6, "six"};
  const std::string sql = "UPDATE objects SET revision = 6, body = CAST('six' AS BLOB), crc = " +
                          std::to_string(ObjectCrc(older)) + " WHERE key = CAST('b' AS BLOB)";
  EXPECT_EQ(ReasonOf(After(sql)), ErrorReason::kJournalCorrupt);
}

TEST_F(LoadTest, ARecordExchangedForAnotherIsNoticed) {
  // Right by itself: its own checksum, but another predecessor.
  const std::string crc = std::to_string(ChainCrc(0, MakeRecord(12)));
  EXPECT_EQ(ReasonOf(After("UPDATE revisions SET crc = " + crc + " WHERE revision = 12")),
            ErrorReason::kJournalCorrupt);
}

}  // namespace
}  // namespace netstackd::storage::sqlite
