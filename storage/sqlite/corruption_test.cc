// Flipped bits: what a journal gives is what was written, or nothing.
#include <gtest/gtest.h>

#include <filesystem>
#include <random>

#include "base/error.h"
#include "storage/sqlite/restore.h"
#include "storage/sqlite/sqlite_journal.h"
#include "storage/testing/journal_content.h"
#include "storage/testing/journal_files.h"
#include "storage/testing/temporary_directory.h"

namespace netstackd::storage::sqlite {
namespace {

using testing_support::Content;
using testing_support::ContentOf;
using testing_support::CopyAsAfterAKill;
using testing_support::FlipBit;
using testing_support::MakeRecords;

struct Outcome {
  int same = 0;
  int refused = 0;
};

class CorruptionTest : public testing::Test {
 protected:
  // Records with and without overflow pages, images, tombstones, a compaction.
  void SetUp() override {
    auto journal = *Open(dir_);
    Revision head = 0;
    for (int batch = 0; batch < 12; ++batch) {
      std::vector<Record> records = MakeRecords(head + 1, 5);
      if (batch % 4 == 0) records[2].deltas.assign(9000, 'o');
      ASSERT_TRUE(journal->Append(head, records).ok());
      head += 5;
      std::vector<Object> objects;
      for (int i = 0; i < 6; ++i) {
        objects.push_back({"key" + std::to_string(i + batch * 3), head,
                           std::string(static_cast<std::size_t>(100 + 300 * i), 'b')});
      }
      objects[5].body.reset();
      ASSERT_TRUE(journal->Checkpoint(objects, head - 7 > 0 ? head - 7 : 0).ok());
      if (batch == 6) {
        ASSERT_TRUE(journal->Compact(8, 100).ok());
      }
      if (batch == 8) {
        ASSERT_TRUE(journal->Idle().ok());
      }
    }
    ASSERT_TRUE(journal->Append(head, MakeRecords(head + 1, 1)).ok());
    extent_ = journal->extent();
    content_ = *ContentOf(*journal);
    store_id_ = journal->store_id();
    ASSERT_TRUE(journal->Backup(backup_).ok());
    CopyAsAfterAKill(dir_, killed_);
  }

  // What the journal in `dir` gives is compared with what was written.
  void Judge(const std::string& dir, bool same_store, Outcome* outcome) {
    const auto journal = Open(dir);
    if (!journal.ok()) return Refused(journal.status(), outcome);
    const auto content = ContentOf(**journal);
    if (!content.ok()) return Refused(content.status(), outcome);
    ++outcome->same;
    EXPECT_EQ(content->objects, content_.objects);
    EXPECT_EQ(content->records, content_.records);
    EXPECT_EQ((*journal)->extent().head, extent_.head);
    EXPECT_EQ((*journal)->extent().floor, extent_.floor);
    EXPECT_EQ((*journal)->extent().first, extent_.first);
    EXPECT_EQ((*journal)->store_id() == store_id_, same_store);
  }
  // The header has fields that make it look newer, or as if it could not be written.
  void Refused(const absl::Status& status, Outcome* outcome) {
    ++outcome->refused;
    if (ReasonOf(status) != ErrorReason::kJournalCorrupt) ++other_refusals_;
    EXPECT_TRUE(ReasonOf(status).has_value()) << status;
  }

  // `count` random bits of the file `name`, each in a fresh copy of the killed journal.
  Outcome FlipMany(const std::string& name, int count) {
    std::mt19937 random(4711);
    Outcome outcome;
    const std::size_t size = std::filesystem::file_size(killed_ + "/" + name);
    for (int i = 0; i < count && !HasFailure(); ++i) {
      // Every part of the file, the first bytes in particular.
      const std::size_t offset =
          i % 10 == 0 ? random() % 112
                      : (size * static_cast<std::size_t>(i) / static_cast<std::size_t>(count) +
                         random() % 97) %
                            size;
      const unsigned bit = random() % 8;
      SCOPED_TRACE(testing::Message() << name << " offset " << offset << " bit " << bit);
      CopyAsAfterAKill(killed_, copy_);
      FlipBit(copy_ + "/" + name, offset, bit);
      Judge(copy_, true, &outcome);
    }
    return outcome;
  }

  const testing_support::TemporaryDirectory directory_;
  const std::string dir_ = directory_.path() + "/journal";
  const std::string killed_ = directory_.path() + "/killed";
  const std::string copy_ = directory_.path() + "/copy";
  const std::string backup_ = directory_.path() + "/backup";
  Content content_;
  Extent extent_;
  std::string store_id_;
  int other_refusals_ = 0;
};

TEST_F(CorruptionTest, AFlippedBitOfTheDatabaseIsHarmlessOrRefused) {
  const Outcome outcome = FlipMany("journal.db", 300);
  EXPECT_GT(outcome.refused, 70);
  EXPECT_GT(outcome.same, 10);
  EXPECT_LT(other_refusals_, 20);
}

TEST_F(CorruptionTest, AFlippedBitOfTheLogIsHarmlessOrRefused) {
  const Outcome outcome = FlipMany("journal.db-wal", 250);
  EXPECT_GT(outcome.refused, 100);
}

TEST_F(CorruptionTest, AFlippedBitOfTheSideFileNeverChangesContent) {
  const Outcome outcome = FlipMany("REVISION", 60);
  EXPECT_EQ(outcome.refused, 0);
}

TEST_F(CorruptionTest, ATruncatedDatabaseIsRefused) {
  const std::size_t size = std::filesystem::file_size(killed_ + "/journal.db");
  for (std::size_t keep = 0; keep < size; keep += size / 16 + 1) {
    CopyAsAfterAKill(killed_, copy_);
    std::filesystem::resize_file(copy_ + "/journal.db", keep);
    Outcome outcome;
    Judge(copy_, true, &outcome);  // the log may hold the page that is missing
    CopyAsAfterAKill(killed_, copy_);
    std::filesystem::resize_file(copy_ + "/journal.db", keep);
    std::filesystem::remove(copy_ + "/journal.db-wal");
    Outcome without_log;
    Judge(copy_, true, &without_log);
    EXPECT_EQ(without_log.refused, 1) << keep;
  }
}

TEST_F(CorruptionTest, AFlippedBitOfABackupIsHarmlessOrRefused) {
  std::mt19937 random(4712);
  const std::string whole = testing_support::ReadWhole(backup_);
  Outcome outcome;
  for (std::size_t i = 0; i < 80 && !HasFailure(); ++i) {
    const std::size_t offset = (whole.size() * i / 80 + random() % 97) % whole.size();
    const unsigned bit = random() % 8;
    SCOPED_TRACE(testing::Message() << "offset " << offset << " bit " << bit);
    testing_support::WriteWhole(backup_, whole);
    FlipBit(backup_, offset, bit);
    std::filesystem::remove_all(copy_);
    const auto restored = Restore(backup_, copy_);
    if (restored.ok()) {
      Judge(copy_, false, &outcome);
    } else {
      Refused(restored.status(), &outcome);
      EXPECT_FALSE(std::filesystem::exists(copy_));
    }
  }
  EXPECT_GT(outcome.refused, 25);
}

}  // namespace
}  // namespace netstackd::storage::sqlite
