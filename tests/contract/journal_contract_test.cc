// What every journal does, whatever it stands on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <limits>
#include <thread>

#include "base/error.h"
#include "storage/testing/journal_content.h"
#include "tests/contract/backends.h"

namespace netstackd::storage {
namespace {

using testing_support::Content;
using testing_support::ContentOf;
using testing_support::MakeRecord;
using testing_support::MakeRecords;

class JournalContractTest : public testing::TestWithParam<BackendKind> {
 protected:
  Journal& journal() { return backend_->journal(); }

  void Append(int count) {
    const Revision head = journal().extent().head;
    ASSERT_TRUE(journal().Append(head, MakeRecords(head + 1, count)).ok());
  }
  Content Loaded() {
    const auto content = ContentOf(journal());
    EXPECT_TRUE(content.ok()) << content.status();
    return content.ok() ? *content : Content{};
  }
  void ExpectExtent(Revision first, Revision floor, Revision head) {
    const Extent extent = journal().extent();
    EXPECT_EQ(extent.first, first);
    EXPECT_EQ(extent.floor, floor);
    EXPECT_EQ(extent.head, head);
  }

  const std::unique_ptr<Backend> backend_ = GetParam().make();
};

INSTANTIATE_TEST_SUITE_P(All, JournalContractTest, testing::ValuesIn(AllBackends()),
                         [](const auto& kind) { return kind.param.name; });

TEST_P(JournalContractTest, ANewJournalIsEmpty) {
  ExpectExtent(1, 0, 0);
  EXPECT_EQ(Loaded(), Content{});
  EXPECT_EQ(journal().usage().records, 0);
  EXPECT_EQ(journal().store_id().size(), 32u);
}

TEST_P(JournalContractTest, RevisionsCountFromOneWithoutAGap) {
  Append(1);
  Append(3);
  ExpectExtent(1, 0, 4);
  EXPECT_EQ(Loaded().records, MakeRecords(1, 4));
}

TEST_P(JournalContractTest, EveryByteComesBack) {
  std::string all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
  Record full{1, absl::FromUnixMicros(-5), all, all, all, all, all, all, all, all, all};
  Record bare = MakeRecord(2);
  bare.method = bare.user_agent = bare.request_id = bare.request_hash = "";
  bare.answer = bare.comment = bare.deltas = "";
  const std::vector<Record> records = {full, bare};
  ASSERT_TRUE(journal().Append(0, records).ok());
  backend_->Restart();
  EXPECT_EQ(Loaded().records, records);
}

TEST_P(JournalContractTest, TimeIsKeptToTheMicrosecond) {
  Record record = MakeRecord(1);
  record.time = absl::FromUnixNanos(1'234'567'891'999);
  ASSERT_TRUE(journal().Append(0, {&record, 1}).ok());
  EXPECT_EQ(Loaded().records[0].time, absl::FromUnixMicros(1'234'567'891));
}

TEST_P(JournalContractTest, NothingToAppendIsAMistake) {
  const absl::Status status = journal().Append(0, {});
  EXPECT_EQ(ReasonOf(status), ErrorReason::kInvalidRequest);
}

TEST_P(JournalContractTest, MisnumberedRecordsAreAMistakeAndLeaveNoTrace) {
  Append(1);
  std::vector<Record> gap = {MakeRecord(2), MakeRecord(4)};
  for (const auto& [head, records] : std::vector<std::pair<Revision, std::vector<Record>>>{
           {1, gap}, {1, MakeRecords(1, 1)}, {1, MakeRecords(3, 1)}, {-1, MakeRecords(0, 1)}}) {
    EXPECT_EQ(journal().Append(head, records).code(), absl::StatusCode::kInvalidArgument);
  }
  ExpectExtent(1, 0, 1);
  EXPECT_EQ(Loaded().records, MakeRecords(1, 1));
  Append(1);  // and it is still open
}

TEST_P(JournalContractTest, ARecordNeedsAPrincipalAFiniteTimeAndABoundedSize) {
  Record nobody = MakeRecord(1);
  nobody.principal = "";
  Record never = MakeRecord(1);
  never.time = absl::InfiniteFuture();
  Record big = MakeRecord(1);
  big.deltas.resize(kRecordBytesMax);
  for (const Record& record : {nobody, never, big}) {
    EXPECT_EQ(journal().Append(0, {&record, 1}).code(), absl::StatusCode::kInvalidArgument);
  }
  ExpectExtent(1, 0, 0);
}

TEST_P(JournalContractTest, AnotherHeadThanExpectedFences) {
  Append(2);
  for (const Revision expected : {0, 1, 3}) {
    const absl::Status status = journal().Append(expected, MakeRecords(expected + 1, 1));
    EXPECT_EQ(ReasonOf(status), ErrorReason::kTransactionConflict) << expected;
    EXPECT_EQ(DetailsOf(status)->metadata.at("headRevision"), "2");
  }
  EXPECT_EQ(Loaded().records, MakeRecords(1, 2));
  Append(1);
}

TEST_P(JournalContractTest, ARestartKeepsRecordsObjectsAndName) {
  Append(5);
  ASSERT_TRUE(journal().Checkpoint({{Object{"a", 2, "x"}, Object{"b", 3, std::nullopt}}}, 3).ok());
  Append(2);
  const Content before = Loaded();
  const std::string name = journal().store_id();
  backend_->Restart();
  ExpectExtent(1, 3, 7);
  EXPECT_EQ(Loaded(), before);
  EXPECT_EQ(journal().store_id(), name);
}

TEST_P(JournalContractTest, NewerImagesReplaceOlderOnes) {
  Append(9);
  ASSERT_TRUE(journal().Checkpoint({{Object{"a", 4, "four"}, Object{"b", 4, ""}}}, 4).ok());
  ASSERT_TRUE(journal()
                  .Checkpoint({{Object{"a", 3, "three"}, Object{"b", 7, std::nullopt},
                                Object{"c", 5, "old"}, Object{"c", 6, "new"}}},
                              5)
                  .ok());
  const std::map<std::string, Content::Image> expected = {
      {"a", {4, "four"}}, {"b", {7, std::nullopt}}, {"c", {6, "new"}}};
  EXPECT_EQ(Loaded().objects, expected);
  ExpectExtent(1, 5, 9);
}

TEST_P(JournalContractTest, ADeletedObjectCanComeBack) {
  Append(9);
  ASSERT_TRUE(journal().Checkpoint({{Object{"a", 4, std::nullopt}}}, 4).ok());
  ASSERT_TRUE(journal().Checkpoint({{Object{"a", 5, "again"}}}, 5).ok());
  ASSERT_TRUE(journal().Compact(0, 10).ok());
  const std::map<std::string, Content::Image> expected = {{"a", {5, "again"}}};
  EXPECT_EQ(Loaded().objects, expected);
}

TEST_P(JournalContractTest, TheFloorStaysBetweenItselfAndTheHead) {
  Append(3);
  ASSERT_TRUE(journal().Checkpoint({}, 2).ok());
  for (const Revision floor : {-1, 1, 4}) {
    EXPECT_EQ(journal().Checkpoint({}, floor).code(), absl::StatusCode::kInvalidArgument) << floor;
  }
  ExpectExtent(1, 2, 3);
  ASSERT_TRUE(journal().Checkpoint({}, 3).ok());
  ExpectExtent(1, 3, 3);
}

TEST_P(JournalContractTest, ImagesAreOfRevisionsThatExist) {
  Append(3);
  for (const Object& object : {Object{"a", 0, "x"}, Object{"a", 4, "x"}, Object{"", 1, "x"}}) {
    EXPECT_EQ(journal().Checkpoint({&object, 1}, 0).code(), absl::StatusCode::kInvalidArgument);
  }
  EXPECT_TRUE(Loaded().objects.empty());
}

TEST_P(JournalContractTest, CompactionStopsAtTheFloor) {
  Append(10);
  EXPECT_EQ(journal().Compact(100, 100).value(), 0);
  ASSERT_TRUE(journal().Checkpoint({}, 6).ok());
  EXPECT_EQ(journal().Compact(100, 100).value(), 6);
  ExpectExtent(7, 6, 10);
  EXPECT_EQ(Loaded().records, MakeRecords(7, 4));
}

TEST_P(JournalContractTest, CompactionKeepsWhatItIsToldAndTakesBoundedSteps) {
  Append(10);
  ASSERT_TRUE(journal().Checkpoint({}, 10).ok());
  EXPECT_EQ(journal().Compact(8, 3).value(), 3);
  ExpectExtent(4, 10, 10);
  EXPECT_EQ(journal().Compact(8, 100).value(), 4);
  EXPECT_EQ(journal().Compact(8, 100).value(), 0);
  ExpectExtent(8, 10, 10);
  EXPECT_EQ(journal().Compact(8, 0).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_P(JournalContractTest, AJournalWithoutRecordsGoesOnCounting) {
  Append(4);
  ASSERT_TRUE(journal().Checkpoint({{Object{"a", 4, "x"}}}, 4).ok());
  EXPECT_EQ(journal().Compact(5, 100).value(), 4);
  ExpectExtent(5, 4, 4);
  backend_->Restart();
  ExpectExtent(5, 4, 4);
  Append(2);
  backend_->Restart();
  EXPECT_EQ(Loaded().records, MakeRecords(5, 2));
}

TEST_P(JournalContractTest, TombstonesGoOnceTheFloorHasPassedThem) {
  Append(9);
  ASSERT_TRUE(journal()
                  .Checkpoint({{Object{"a", 3, std::nullopt}, Object{"b", 4, std::nullopt},
                                Object{"c", 5, std::nullopt}, Object{"d", 2, "live"}}},
                              3)
                  .ok());
  ASSERT_TRUE(journal().Compact(0, 10).ok());
  std::map<std::string, Content::Image> expected = {
      {"b", {4, std::nullopt}}, {"c", {5, std::nullopt}}, {"d", {2, "live"}}};
  EXPECT_EQ(Loaded().objects, expected);
  ASSERT_TRUE(journal().Checkpoint({}, 5).ok());
  ASSERT_TRUE(journal().Compact(0, 1).ok());  // the bound is for tombstones, too
  EXPECT_EQ(Loaded().objects.size(), 2u);
  ASSERT_TRUE(journal().Compact(0, 1).ok());
  backend_->Restart();
  expected = {{"d", {2, "live"}}};
  EXPECT_EQ(Loaded().objects, expected);
}

TEST_P(JournalContractTest, HistoryIncludesBothEndsAndStopsAtTheLimit) {
  Append(1000);
  EXPECT_EQ(journal().History(3, 7, 100).value(), MakeRecords(3, 5));
  EXPECT_EQ(journal().History(1, 1000, 600).value(), MakeRecords(1, 600));
  EXPECT_EQ(journal().History(999, 5000, 100).value(), MakeRecords(999, 2));
  EXPECT_EQ(journal()
                .History(400, std::numeric_limits<Revision>::max(),
                         std::numeric_limits<std::int64_t>::max())
                .value(),
            MakeRecords(400, 601));
  EXPECT_TRUE(journal().History(1001, 5000, 100).value().empty());
  EXPECT_TRUE(journal().History(7, 3, 100).value().empty());
  EXPECT_EQ(journal().History(0, 3, 1).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(journal().History(1, 3, 0).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_P(JournalContractTest, HistorySaysWhatIsNotKeptAnyMore) {
  Append(10);
  ASSERT_TRUE(journal().Checkpoint({}, 10).ok());
  ASSERT_TRUE(journal().Compact(4, 100).ok());
  const absl::Status status = journal().History(3, 9, 100).status();
  EXPECT_EQ(ReasonOf(status), ErrorReason::kWatchCompacted);
  EXPECT_EQ(DetailsOf(status)->metadata.at("firstRevision"), "4");
  EXPECT_EQ(journal().History(4, 9, 100).value(), MakeRecords(4, 6));
}

TEST_P(JournalContractTest, UsageCountsKeptRecords) {
  Append(10);
  std::int64_t bytes = 0;
  for (const Record& record : MakeRecords(1, 10)) bytes += BytesOf(record);
  EXPECT_EQ(journal().usage().records, 10);
  EXPECT_EQ(journal().usage().bytes, bytes);
  ASSERT_TRUE(journal().Checkpoint({}, 10).ok());
  ASSERT_TRUE(journal().Compact(3, 100).ok());
  bytes -= BytesOf(MakeRecord(1)) + BytesOf(MakeRecord(2));
  EXPECT_EQ(journal().usage().records, 8);
  EXPECT_EQ(journal().usage().bytes, bytes);
  backend_->Restart();
  Loaded();
  EXPECT_EQ(journal().usage().records, 8);
  EXPECT_EQ(journal().usage().bytes, bytes);
}

TEST_P(JournalContractTest, TheSinkCanEndALoad) {
  Append(5);
  int seen = 0;
  const absl::Status status =
      journal().Load({[](Object) { return absl::OkStatus(); },
                      [&seen](Record) {
                        return ++seen == 3 ? absl::CancelledError("enough") : absl::OkStatus();
                      }});
  EXPECT_EQ(status, absl::CancelledError("enough"));
  EXPECT_EQ(seen, 3);
  EXPECT_EQ(Loaded().records.size(), 5u);
  EXPECT_EQ(journal().Load({}).code(), absl::StatusCode::kInvalidArgument);
}

TEST_P(JournalContractTest, ABackupRestoresToTheSameContentUnderANewName) {
  Append(10);
  ASSERT_TRUE(journal().Checkpoint({{Object{"a", 4, "x"}, Object{"b", 5, std::nullopt}}}, 4).ok());
  ASSERT_TRUE(journal().Compact(3, 100).ok());
  const Content before = Loaded();
  EXPECT_EQ(journal().Backup(backend_->PathOf("backup")).value(), 10);
  Append(5);  // not in it

  auto restored = backend_->Restore(backend_->PathOf("backup"));
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_EQ(ContentOf(**restored).value(), before);
  EXPECT_EQ((*restored)->extent().floor, 4);
  EXPECT_EQ((*restored)->extent().first, 3);
  EXPECT_NE((*restored)->store_id(), journal().store_id());
  EXPECT_TRUE((*restored)->Append(10, MakeRecords(11, 1)).ok());
}

TEST_P(JournalContractTest, ABackupNeverOverwritesAndNeedsItsDirectory) {
  Append(1);
  const std::string path = backend_->PathOf("backup");
  std::ofstream(path) << "precious";
  EXPECT_EQ(journal().Backup(path).status().code(), absl::StatusCode::kInvalidArgument);
  std::string kept;
  std::ifstream(path) >> kept;
  EXPECT_EQ(kept, "precious");
  EXPECT_EQ(journal().Backup(backend_->PathOf("no/such/dir")).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(journal().Backup("").status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_P(JournalContractTest, ReopeningAHealthyJournalChangesNothing) {
  Append(5);
  ASSERT_TRUE(journal().Checkpoint({{Object{"a", 4, "x"}}}, 4).ok());
  const Content before = Loaded();
  const Usage usage = journal().usage();
  const absl::StatusOr<Extent> extent = journal().Reopen();
  ASSERT_TRUE(extent.ok()) << extent.status();
  EXPECT_EQ(extent->head, 5);
  EXPECT_EQ(extent->floor, 4);
  EXPECT_EQ(Loaded(), before);
  EXPECT_EQ(journal().usage().bytes, usage.bytes);
  Append(1);
  EXPECT_EQ(journal().History(5, 6, 10).value(), MakeRecords(5, 2));
}

TEST_P(JournalContractTest, IdleIsAlwaysAllowed) {
  EXPECT_TRUE(journal().Idle().ok());
  Append(5);
  EXPECT_TRUE(journal().Idle().ok());
  EXPECT_TRUE(journal().Idle().ok());
  Append(1);
  EXPECT_EQ(Loaded().records, MakeRecords(1, 6));
}

// Under ThreadSanitizer this also shows that the three calls may come from any thread.
TEST_P(JournalContractTest, ReadersSeeWholeHistoriesWhileTheWriterWrites) {
  constexpr int kBatches = 60;
  Append(1);
  std::atomic<bool> done = false;
  std::atomic<int> wrong = 0;
  std::thread reader([&] {
    while (!done) {
      const Extent extent = journal().extent();
      const auto records = journal().History(extent.first, extent.head, 1000);
      if (!records.ok()) {
        if (ReasonOf(records.status()) != ErrorReason::kWatchCompacted) ++wrong;
      } else if (*records != MakeRecords(extent.first, static_cast<int>(records->size())) ||
                 extent.first + static_cast<Revision>(records->size()) != extent.head + 1) {
        ++wrong;
      }
      if (journal().usage().records < 0) ++wrong;
    }
  });
  std::thread copier([&] {
    for (int i = 0; i < 3; ++i) {
      if (!journal().Backup(backend_->PathOf("copy" + std::to_string(i))).ok()) ++wrong;
    }
  });
  for (int i = 0; i < kBatches; ++i) {
    Append(8);
    const Revision head = journal().extent().head;
    EXPECT_TRUE(journal().Checkpoint({{Object{"key", head, std::to_string(i)}}}, head - 4).ok());
    EXPECT_TRUE(journal().Compact(head - 20, 5).ok());
  }
  copier.join();
  done = true;
  reader.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(journal().extent().head, 1 + 8 * kBatches);
}

}  // namespace
}  // namespace netstackd::storage
