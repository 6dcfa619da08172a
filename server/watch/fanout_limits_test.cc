// What becomes of readers that cannot keep up, of too many of them, and of all when it ends.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "server/watch/testing/fanout_test_base.h"

namespace netstackd::watch {
namespace {

using namespace testing_support;

class FanoutLimitsTest : public FanoutTestBase {
 protected:
  FanoutLimitsTest() { StartBoth(); }
};

TEST_F(FanoutLimitsTest, ALargeRevisionComesInParts) {
  watch_options_.part_bytes_max = 2000;
  watch_options_.message_bytes_max = 8000;
  StartFanout();
  MakeWorld();
  Reader& reader = Open();
  Settle();
  executor::Request many = AskGroup("big");
  for (int i = 0; i < 100; ++i) {
    core::CreateAddress create;
    create.prefix_length = 24;
    many.transaction.commands.push_back(
        {AddressOf(GroupName("big"), "192.0.3." + std::to_string(i + 1)), "", create});
  }
  const int before = reader.messages;
  Must(std::move(many));
  Settle();
  EXPECT_GT(reader.messages, before + 1);
  EXPECT_EQ(reader.model.revisions, std::vector<std::int64_t>{5});
  EXPECT_EQ(reader.model.known(), State());
}

TEST_F(FanoutLimitsTest, WhoDoesNotReadIsToldWhereToGoOn) {
  watch_options_.pending_events_max = 20;
  StartFanout();
  MakeWorld();
  Reader& reader = Open();
  Reader& other = Open();
  Settle();
  Must(AskLabel("ipmp0", "first"));
  Settle();
  reader.takes = false;
  for (int i = 0; i < 30; ++i) {
    Must(AskLabel("ipmp0", std::to_string(i)));
    Settle();
  }
  EXPECT_FALSE(reader.ended.has_value());  // a message is under way
  EXPECT_EQ(other.model.position, revision());
  reader.Take();
  Settle();
  EXPECT_EQ(reader.reason(), ErrorReason::kWatcherTooSlow);
  EXPECT_EQ(reader.metadata("lastRevision"), std::to_string(reader.model.position));
  EXPECT_EQ(reader.model.position, 6);
  Reader& again = Resume(reader.model);
  CatchUp(again);
  EXPECT_EQ(again.model.revisions.size(), 29u);
  EXPECT_EQ(again.model.known(), State());
}

TEST_F(FanoutLimitsTest, BytesCountToo) {
  watch_options_.pending_bytes_max = 3000;
  StartFanout();
  MakeWorld();
  Reader& reader = Open();
  Settle();
  reader.takes = false;
  for (int i = 0; i < 30; ++i) Must(AskLabel("ipmp0", std::to_string(i)));
  Settle();
  Must(AskLabel("ipmp0", "more"));
  Settle();
  reader.Take();
  Settle();
  for (int i = 0; i < 30 && !reader.ended; ++i) {
    Must(AskLabel("ipmp0", std::to_string(i)));
    Settle();
  }
  reader.Take();
  Settle();
  EXPECT_EQ(reader.reason(), ErrorReason::kWatcherTooSlow);
}

TEST_F(FanoutLimitsTest, WhoWantsTheLatestOnlyIsNotEnded) {
  watch_options_.pending_events_max = 20;
  StartFanout();
  MakeWorld();
  WatchRequest request;
  request.selection.latest_only = true;
  Reader& reader = Open(request);
  Settle();
  Must(AskLabel("ipmp0", "first"));
  Settle();
  reader.takes = false;
  const auto settle = [&] { Settle(); };
  MakeHistory(10, settle);
  Must(AskAddress("ipmp0", "192.0.2.99"));
  Must(AskRename("ipmp0", "ipmp7"));
  Settle();
  reader.takes = true;
  reader.Take();
  Settle();
  EXPECT_FALSE(reader.ended.has_value());
  EXPECT_EQ(reader.model.position, revision());
  EXPECT_EQ(reader.model.known(), State());
  EXPECT_LT(reader.model.revisions.size(), 10u);
  Must(AskLabel("ipmp7", "last"));  // and goes on as before
  Settle();
  EXPECT_EQ(reader.model.revisions.back(), revision());
  EXPECT_EQ(reader.model.known(), State());
}

TEST_F(FanoutLimitsTest, AMessageThatIsNeverTakenIsGivenUp) {
  MakeWorld();
  Reader& reader = Open();
  reader.takes = false;
  Settle();
  EXPECT_TRUE(reader.under_way);
  clock_.Advance(absl::Seconds(59));
  Settle();
  EXPECT_FALSE(reader.aborted);
  clock_.Advance(absl::Seconds(2));
  Settle();
  EXPECT_TRUE(reader.aborted);
  EXPECT_EQ(reader.reason(), ErrorReason::kWatcherTooSlow);
  EXPECT_EQ(fanout_->watchers(), 0u);
}

TEST_F(FanoutLimitsTest, LimitsHaveNames) {
  watch_options_.watchers_max = 3;
  watch_options_.selections_max = 1;
  watch_options_.snapshots_max = 1;
  watch_options_.snapshots_cached = 0;
  StartFanout();
  MakeWorld();
  Reader& first = Open();
  first.takes = false;  // holds its snapshot
  Settle();
  Must(AskLabel("ipmp0", "x"));
  Settle();
  Reader& second = Open();
  WatchRequest request;
  request.selection.groups = false;
  Reader& third = Open(request);
  Settle();
  EXPECT_EQ(second.reason(), ErrorReason::kQuotaExceeded);
  EXPECT_EQ(second.metadata("limit"), "snapshots_max");
  EXPECT_EQ(third.metadata("limit"), "selections_max");
  WatchRequest news;
  news.skip_snapshot = true;
  Open(news);
  Open(news);
  Settle();
  Reader& fourth = Open(news);
  Settle();
  EXPECT_EQ(fourth.metadata("limit"), "watchers_max");
  EXPECT_EQ(fourth.metadata("max"), "3");
}

TEST_F(FanoutLimitsTest, AServerThatStopsEndsEveryWatch) {
  MakeWorld();
  Reader& idle = Open();
  Settle();
  Reader& stuck = Open();
  stuck.takes = false;
  Settle();
  inbox_->Put(Draining{});
  Settle();
  EXPECT_EQ(idle.reason(), ErrorReason::kServerDraining);
  EXPECT_FALSE(stuck.ended.has_value());
  Reader& late = Open();
  Settle();
  EXPECT_EQ(late.reason(), ErrorReason::kServerDraining);
  clock_.Advance(absl::Milliseconds(600));
  Settle();
  EXPECT_TRUE(stuck.aborted);
  EXPECT_EQ(stuck.reason(), ErrorReason::kServerDraining);
}

TEST_F(FanoutLimitsTest, TheCopyOfTheStateGoesWhenNobodyWatches) {
  MakeWorld();
  EXPECT_FALSE(fanout_->has_copy());
  Reader& reader = Open();
  Settle();
  EXPECT_TRUE(fanout_->has_copy());
  inbox_->Put(Gone{reader.id()});
  Settle();
  EXPECT_EQ(reader.reason(), ErrorReason::kOperationCancelled);
  clock_.Advance(absl::Seconds(29));
  Settle();
  EXPECT_TRUE(fanout_->has_copy());
  clock_.Advance(absl::Seconds(2));
  Settle();
  EXPECT_FALSE(fanout_->has_copy());
  Must(AskLabel("ipmp0", "alone"));
  EXPECT_TRUE(inbox_->Idle());  // nobody listens
  Reader& next = Open();
  Settle();
  EXPECT_EQ(next.model.known(), State());
}

}  // namespace
}  // namespace netstackd::watch
