// A database that lost its end: what a journal gives is what was written, or nothing.
#include <gtest/gtest.h>

#include <filesystem>

#include "base/error.h"
#include "storage/sqlite/sqlite_journal.h"
#include "storage/testing/journal_content.h"
#include "storage/testing/journal_files.h"
#include "storage/testing/temporary_directory.h"

namespace netstackd::storage::sqlite {
namespace {

using testing_support::Content;
using testing_support::ContentOf;
using testing_support::CopyAsAfterAKill;
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
  void Refused(const absl::Status& status, Outcome* outcome) {
    ++outcome->refused;
    EXPECT_TRUE(ReasonOf(status).has_value()) << status;
  }

  const testing_support::TemporaryDirectory directory_;
  const std::string dir_ = directory_.path() + "/journal";
  const std::string killed_ = directory_.path() + "/killed";
  const std::string copy_ = directory_.path() + "/copy";
  Content content_;
  Extent extent_;
  std::string store_id_;
};

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

}  // namespace
}  // namespace netstackd::storage::sqlite
