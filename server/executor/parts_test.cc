// The parts of the executor that are plain values.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/error.h"
#include "server/executor/helper_thread.h"
#include "server/executor/kept_history.h"
#include "server/executor/object_trail.h"
#include "server/executor/recent_records.h"
#include "server/executor/request_memory.h"
#include "server/executor/submission_queue.h"
#include "server/executor/testing/requests.h"
#include "storage/testing/journal_content.h"

namespace netstackd::executor {
namespace {

using codec::ObjectKey;
using codec::ObjectKind;
using storage::testing_support::MakeRecord;

ObjectKey Key(std::uint64_t uid) { return {ObjectKind::kGroup, uid}; }

TEST(ObjectTrailTest, TheFloorStaysBelowTheOldestChangeThatIsNotWritten) {
  ObjectTrail trail(0);
  trail.Mark(Key(1), 1);
  trail.Mark(Key(2), 2);
  trail.Mark(Key(3), 3);
  const ObjectTrail::Chunk chunk = trail.Next(2, 3);
  ASSERT_EQ(chunk.items.size(), 2u);
  EXPECT_EQ(chunk.floor, 2);
  trail.Written(chunk);
  EXPECT_EQ(trail.floor(), 2);
  EXPECT_EQ(trail.size(), 1u);
}

TEST(ObjectTrailTest, AnObjectThatChangesAgainAndAgainDoesNotHoldTheFloorBack) {
  ObjectTrail trail(0);
  trail.Mark(Key(1), 1);
  trail.Mark(Key(2), 2);
  trail.Mark(Key(1), 3);
  ObjectTrail::Chunk chunk = trail.Next(1, 3);
  EXPECT_EQ(chunk.items[0].key, Key(1));
  EXPECT_EQ(chunk.items[0].revision, 3);
  EXPECT_EQ(chunk.floor, 1);  // 2 is not written
  trail.Written(chunk);
  trail.Mark(Key(1), 4);  // waits behind 2 now
  chunk = trail.Next(1, 4);
  EXPECT_EQ(chunk.items[0].key, Key(2));
  EXPECT_EQ(chunk.floor, 3);
}

TEST(ObjectTrailTest, WhatCameAndWentBelowTheFloorWasNeverThere) {
  ObjectTrail trail(0);
  trail.Mark(Key(1), 1, true);
  trail.Mark(Key(2), 2, true);
  trail.Mark(Key(3), 3);
  trail.Mark(Key(1), 4);
  ObjectTrail::Chunk chunk = trail.Next(2, 4);
  ASSERT_EQ(chunk.floor, 2);
  EXPECT_FALSE(chunk.items[0].fresh);  // above the floor recovery needs to know that it was changed
  EXPECT_TRUE(chunk.items[1].fresh);
  chunk = trail.Next(3, 4);
  ASSERT_EQ(chunk.floor, 4);
  EXPECT_TRUE(chunk.items[0].fresh);
  EXPECT_FALSE(chunk.items[2].fresh);  // older than the trail
  trail.Written(chunk);
  trail.Mark(Key(1), 5);
  EXPECT_FALSE(trail.Next(1, 5).items[0].fresh);  // it is in the table now
}

TEST(ObjectTrailTest, TheFloorReachesTheHeadWhenNothingWaits) {
  ObjectTrail trail(0);
  trail.Mark(Key(1), 1);
  EXPECT_EQ(trail.Next(10, 5).floor, 5);
}

class KeptHistoryTest : public testing::Test {
 protected:
  // Ten revisions of 10 bytes, one a minute, the first an hour ago.
  KeptHistoryTest() {
    for (int i = 0; i < 10; ++i) {
      storage::Record record;
      record.revision = i + 1;
      record.time = now_ - absl::Minutes(60 - i);
      record.answer = std::string(10, 'x');
      kept_.Add(record);
    }
  }
  storage::Revision KeepFrom(storage::Revision floor, storage::Revision asked,
                             std::int64_t most = 1000) {
    return kept_.KeepFrom(now_, floor, asked, most);
  }

  const absl::Time now_ = absl::FromUnixSeconds(1'700'000'000);
  KeptHistory::Limits limits_{1000, 1000, absl::Hours(24), absl::Minutes(10)};
  KeptHistory kept_{limits_};
};

TEST_F(KeptHistoryTest, NothingGoesWithinTheLimits) { EXPECT_EQ(KeepFrom(10, 0), 1); }

TEST_F(KeptHistoryTest, WhatIsAskedForGoes) { EXPECT_EQ(KeepFrom(10, 4), 4); }

TEST_F(KeptHistoryTest, NothingAboveTheFloorGoes) { EXPECT_EQ(KeepFrom(2, 9), 3); }

TEST_F(KeptHistoryTest, NoMoreThanTheBoundGoesAtOnce) { EXPECT_EQ(KeepFrom(10, 9, 3), 4); }

TEST_F(KeptHistoryTest, NothingYoungerThanTheMinimumGoes) {
  EXPECT_EQ(kept_.KeepFrom(now_ - absl::Minutes(46), 10, 11, 1000), 6);
}

TEST_F(KeptHistoryTest, TheOldestGoWhenThereAreTooMany) {
  KeptHistory kept({7, 1000, absl::Hours(24), absl::Minutes(10)});
  for (int i = 1; i <= 10; ++i) kept.Add(MakeRecord(i));
  EXPECT_EQ(kept.KeepFrom(now_ + absl::Hours(1), 10, 0, 1000), 4);
}

TEST_F(KeptHistoryTest, TheOldestGoWhenTheyAreTooLarge) {
  KeptHistory kept({1000, 45, absl::Hours(24), absl::Minutes(10)});
  for (int i = 1; i <= 10; ++i) {
    storage::Record record;
    record.revision = i;
    record.answer = std::string(10, 'x');
    kept.Add(record);
  }
  EXPECT_EQ(kept.KeepFrom(absl::UnixEpoch() + absl::Hours(1), 10, 0, 1000), 7);
}

TEST_F(KeptHistoryTest, TheOldestGoWhenTheyAreTooOld) {
  EXPECT_EQ(kept_.KeepFrom(now_ + absl::Hours(23) + absl::Minutes(2), 10, 0, 1000), 4);
}

TEST_F(KeptHistoryTest, IsFullOnlyWhileNothingMayGo) {
  KeptHistory kept({1000, 10, absl::Hours(24), absl::Minutes(10)});
  storage::Record record;
  record.revision = 1;
  record.time = now_;
  record.answer = std::string(10, 'x');
  EXPECT_FALSE(kept.Full(now_));
  kept.Add(record);
  EXPECT_TRUE(kept.Full(now_));
  EXPECT_FALSE(kept.Full(now_ + absl::Minutes(10)));
  kept.Forget(2);
  EXPECT_FALSE(kept.Full(now_));
  EXPECT_EQ(kept.bytes(), 0);
  EXPECT_EQ(kept.first(), 2);
}

TEST(RequestMemoryTest, KeepsPrincipalAndIdApart) {
  EXPECT_NE(RequestKey("ab", "c"), RequestKey("a", "bc"));
}

TEST(RequestMemoryTest, NoIdNoMark) { EXPECT_FALSE(MarkOf("uid:7", "", "hash")); }

TEST(RequestMemoryTest, ForgetsWithTheRevision) {
  RequestMemory memory;
  const auto mark = [](int i) { return MarkOf("uid:7", "id" + std::to_string(i), "hash"); };
  for (int i = 1; i <= 3; ++i) memory.Remember(i, *mark(i));
  EXPECT_EQ(memory.size(), 3u);
  EXPECT_EQ(memory.Find(mark(2)->key)->revision, 2);
  EXPECT_EQ(memory.Find(mark(2)->key)->hash, DigestOf("hash"));
  memory.Forget(3);
  EXPECT_FALSE(memory.Find(mark(2)->key));
  EXPECT_EQ(memory.size(), 1u);
}

TEST(RecentRecordsTest, HoldsTheNewest) {
  RecentRecords recent(3, 1 << 20);
  EXPECT_EQ(recent.Range(1, 9, 9), std::nullopt);
  for (int i = 1; i <= 5; ++i) {
    recent.Add(std::make_shared<const storage::Record>(MakeRecord(i)));
  }
  EXPECT_EQ(recent.Find(2), nullptr);
  EXPECT_EQ(recent.Find(6), nullptr);
  EXPECT_EQ(*recent.Find(3), MakeRecord(3));
  EXPECT_EQ(recent.Range(2, 9, 9), std::nullopt);
  EXPECT_EQ(recent.Range(3, 9, 2)->size(), 2u);
  EXPECT_EQ(recent.Range(4, 4, 9)->at(0), MakeRecord(4));
  recent.Forget(5);
  EXPECT_EQ(recent.Range(4, 9, 9), std::nullopt);
  EXPECT_EQ(recent.Range(5, 9, 9)->size(), 1u);
}

TEST(RecentRecordsTest, HoldsSoManyBytesButAlwaysTheNewest) {
  const auto add = [](int revision, RecentRecords* recent) {
    storage::Record record = MakeRecord(revision);
    record.deltas.assign(1000, 'd');
    recent->Add(std::make_shared<const storage::Record>(std::move(record)));
  };
  RecentRecords recent(100, 2500);
  for (int i = 1; i <= 5; ++i) add(i, &recent);
  EXPECT_EQ(recent.Find(3), nullptr);
  EXPECT_NE(recent.Find(4), nullptr);
  recent.Forget(5);
  for (int i = 6; i <= 7; ++i) add(i, &recent);
  EXPECT_EQ(recent.Find(5), nullptr);
  EXPECT_NE(recent.Find(6), nullptr) << "what was forgotten is not counted any more";
  RecentRecords small(100, 1);
  add(1, &small);
  EXPECT_NE(small.Find(1), nullptr);
  add(2, &small);
  EXPECT_EQ(small.Find(1), nullptr);
  EXPECT_NE(small.Find(2), nullptr);
}

Pending Nothing() {
  return {testing_support::AskGroup("g"), [](const auto&) {}};
}

TEST(SubmissionQueueTest, OrdersKnowHowManyRequestsWereBeforeThem) {
  SubmissionQueue queue(10);
  ASSERT_TRUE(queue.Push(Nothing()).ok());
  ASSERT_TRUE(queue.Push(Nothing()).ok());
  ASSERT_TRUE(queue.Push(Order(FlushOrder{})).ok());
  ASSERT_TRUE(queue.Push(Nothing()).ok());
  const SubmissionQueue::Taken taken = queue.Take(1);
  EXPECT_EQ(taken.requests.size(), 1u);
  ASSERT_EQ(taken.orders.size(), 1u);
  EXPECT_EQ(taken.orders[0].after, 2u);
  EXPECT_EQ(queue.taken(), 1u);
  EXPECT_EQ(queue.pushed(), 3u);
}

TEST(SubmissionQueueTest, WhatComesBackIsNotRefusedForWantOfRoom) {
  SubmissionQueue queue(1);
  ASSERT_TRUE(queue.Push(Nothing()).ok());
  EXPECT_EQ(ReasonOf(queue.Push(Nothing())), ErrorReason::kQuotaExceeded);
  EXPECT_TRUE(queue.Return(Nothing()).ok());
  EXPECT_EQ(queue.size(), 2u);
}

TEST(SubmissionQueueTest, AClosedQueueStillGivesWhatItHolds) {
  SubmissionQueue queue(10);
  ASSERT_TRUE(queue.Push(Nothing()).ok());
  queue.Close();
  EXPECT_EQ(ReasonOf(queue.Push(Nothing())), ErrorReason::kServerDraining);
  EXPECT_EQ(ReasonOf(queue.Return(Nothing())), ErrorReason::kServerDraining);
  EXPECT_EQ(ReasonOf(queue.Push(Order(FlushOrder{}))), ErrorReason::kServerDraining);
  queue.Abandon();
  const SubmissionQueue::Taken taken = queue.Take(10);
  EXPECT_EQ(taken.requests.size(), 1u);
  EXPECT_TRUE(taken.closed);
  EXPECT_TRUE(taken.abandoned);
  EXPECT_FALSE(queue.WaitFinished(absl::ZeroDuration()));
  queue.Finish();
  EXPECT_TRUE(queue.WaitFinished(absl::InfiniteDuration()));
}

TEST(SubmissionQueueTest, TooManyOrdersAreRefused) {
  SubmissionQueue queue(1);
  for (std::size_t i = 0; i < SubmissionQueue::kOrdersMax; ++i) {
    ASSERT_TRUE(queue.Push(Order(FlushOrder{})).ok());
  }
  EXPECT_EQ(ReasonOf(queue.Push(Order(FlushOrder{}))), ErrorReason::kQuotaExceeded);
}

TEST(HelperThreadTest, RefusesTooManyAndCancelsWhatWaitsAtTheEnd) {
  testing_support::Barrier barrier;
  std::vector<absl::Status> seen;  // by the helper thread, then by Stop
  HelperThread helper(1);
  const auto task = [&](const absl::Status& go) {
    seen.push_back(go);
    if (go.ok()) barrier.Pass();
  };
  ASSERT_TRUE(helper.Post(task).ok());
  barrier.AwaitArrivals(1);
  ASSERT_TRUE(helper.Post(task).ok());
  EXPECT_EQ(ReasonOf(helper.Post(task)), ErrorReason::kQuotaExceeded);
  barrier.Open();
  helper.Stop();
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_TRUE(seen[0].ok());
  EXPECT_EQ(ReasonOf(helper.Post(task)), ErrorReason::kServerDraining);
}

}  // namespace
}  // namespace netstackd::executor
