// Every write and sync of a busy journal fails once, in every way.
#include <gtest/gtest.h>

#include "storage/faulty/simulated_disk.h"
#include "storage/sqlite/sqlite_journal.h"
#include "storage/testing/journal_content.h"

namespace netstackd::storage::sqlite {
namespace {

using testing_support::ContentOf;
using testing_support::MakeRecords;

constexpr int kCalls = 5;  // of one kind to one file that the calls below make, at the least

class ReopenFaultsTest : public testing::Test {
 protected:
  std::unique_ptr<Journal> MustOpen() {
    Options options;
    options.files = disk_.get();
    auto journal = Open(dir_, options);
    EXPECT_TRUE(journal.ok()) << journal.status();
    return *std::move(journal);
  }
  std::unique_ptr<Journal> MakeJournal() {
    disk_ = std::make_unique<SimulatedDisk>();
    auto journal = MustOpen();
    EXPECT_TRUE(journal->Append(0, MakeRecords(1, 11)).ok());
    EXPECT_TRUE(journal->Checkpoint({{Object{"a", 3, "x"}, Object{"b", 4, "y"}}}, 5).ok());
    return journal;
  }
  static absl::Status UseIt(Journal& journal) {
    absl::Status status = journal.Append(11, MakeRecords(12, 2));
    if (status.ok()) status = journal.Checkpoint({{Object{"a", 9, "z"}}}, 9);
    if (status.ok()) status = journal.Compact(4, 100).status();
    if (status.ok()) status = journal.Idle();
    return status;
  }
  // Whatever happened, each call has taken effect as a whole or not at all, in their order.
  void Judge(std::unique_ptr<Journal> journal) {
    const auto content = ContentOf(*journal);
    ASSERT_TRUE(content.ok()) << content.status();
    const Extent extent = journal->extent();
    const bool appended = extent.head == 13;
    const bool checkpointed = extent.floor == 9;
    const bool compacted = extent.first == 4;
    EXPECT_TRUE(appended || extent.head == 11) << extent.head;
    EXPECT_TRUE(checkpointed || extent.floor == 5 || extent.floor == 0) << extent.floor;
    EXPECT_TRUE(compacted || extent.first == 1) << extent.first;
    EXPECT_TRUE(appended || !checkpointed);
    EXPECT_TRUE(checkpointed || !compacted);
    const int count = static_cast<int>(extent.head - extent.first + 1);
    EXPECT_EQ(content->records, MakeRecords(extent.first, count));
    std::int64_t bytes = 0;
    for (const Record& record : content->records) bytes += BytesOf(record);
    EXPECT_EQ(journal->usage().bytes, bytes);
    EXPECT_EQ(content->objects.size(), extent.floor == 0 ? 0u : 2u);
    if (extent.floor > 0) {
      EXPECT_EQ(content->objects.at("a").first, checkpointed ? 9 : 3);
    }
    EXPECT_TRUE(journal->Append(extent.head, MakeRecords(extent.head + 1, 1)).ok());
    journal.reset();
    EXPECT_EQ(ContentOf(*MustOpen())->records, MakeRecords(extent.first, count + 1));
  }

  const std::string dir_ = "/journal";
  std::unique_ptr<SimulatedDisk> disk_;
};

TEST_F(ReopenFaultsTest, NoFaultAnywhereLosesOrInventsAnything) {
  int failed = 0;
  using Data = DiskFault::Data;
  for (const DiskFile file : {DiskFile::kWal, DiskFile::kDatabase}) {
    for (const DiskCall call : {DiskCall::kWrite, DiskCall::kSync}) {
      for (const Data data : {Data::kAll, Data::kHalf, Data::kNone}) {
        bool struck = true;
        for (int nth = 1; nth <= kCalls && struck; ++nth) {
          SCOPED_TRACE(testing::Message()
                       << "file " << static_cast<int>(file) << " call " << static_cast<int>(call)
                       << " data " << static_cast<int>(data) << " nth " << nth);
          auto journal = MakeJournal();
          disk_->Set(DiskFault{.file = file, .call = call, .nth = nth, .data = data});
          const absl::Status status = UseIt(*journal);
          struck = disk_->struck() > 0;
          disk_->Set(std::nullopt);
          EXPECT_EQ(status.ok(), !struck);
          if (!status.ok()) {
            ++failed;
            ASSERT_TRUE(journal->Reopen().ok());
          }
          Judge(std::move(journal));
        }
      }
    }
  }
  EXPECT_GT(failed, 30);
}

}  // namespace
}  // namespace netstackd::storage::sqlite
