// What readers get: everything, once, in order.
#include "server/watch/fanout.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "server/watch/testing/fanout_test_base.h"

namespace netstackd::watch {
namespace {

using namespace testing_support;
using Strings = std::vector<std::string>;

// Names of what a reader knows, sorted.
Strings NamesOf(const WatchModel& model) {
  Strings names;
  for (const auto& row : model.objects) {
    const v1::Resource& one = row.second;
    names.push_back(one.has_group()          ? one.group().name()
                    : one.has_ip_interface() ? one.ip_interface().name()
                                             : one.address().name());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class FanoutTest : public FanoutTestBase {
 protected:
  FanoutTest() { StartBoth(); }
};

TEST_F(FanoutTest, ASnapshotIsTheState) {
  MakeWorld();
  Reader& reader = Open();
  Settle();
  EXPECT_TRUE(reader.model.synced);
  EXPECT_EQ(reader.model.position, revision());
  EXPECT_EQ(reader.model.known(), State());
  EXPECT_EQ(reader.model.objects.size(), 4u);
  EXPECT_EQ(reader.model.store_id, executor_->GetStatus().store_id);
}

TEST_F(FanoutTest, AnEmptyStoreIsASnapshotToo) {
  Reader& reader = Open();
  Settle();
  EXPECT_TRUE(reader.model.synced);
  EXPECT_EQ(reader.model.position, 0);
}

TEST_F(FanoutTest, EveryRevisionComesOnceAndInOrder) {
  MakeWorld();
  Reader& reader = Open();
  Settle();
  MakeHistory(10, [&] {
    Settle();
    EXPECT_EQ(reader.model.position, revision());
    EXPECT_EQ(reader.model.known(), State());
  });
  ASSERT_EQ(reader.model.revisions.size(), 50u);
  for (std::size_t i = 0; i < 50; ++i) {
    EXPECT_EQ(reader.model.revisions[i], static_cast<Revision>(5 + i));
  }
}

TEST_F(FanoutTest, ALateReaderSharesTheSnapshotOfItsRevision) {
  MakeWorld();
  Reader& first = Open();
  Settle();
  Reader& second = Open();
  Settle();
  EXPECT_EQ(second.model.known(), State());
  ASSERT_FALSE(first.pieces.empty());
  EXPECT_EQ(first.pieces.front().get(), second.pieces.front().get());
  Must(AskLabel("ipmp0", "new"));
  Settle();
  Reader& third = Open();
  Settle();
  EXPECT_NE(first.pieces.front().get(), third.pieces.front().get());
  EXPECT_EQ(third.model.known(), State());
}

TEST_F(FanoutTest, NewsAreEncodedOnceForAll) {
  MakeWorld();
  Reader& first = Open();
  Reader& second = Open();
  Settle();
  Must(AskLabel("ipmp0", "new"));
  Settle();
  EXPECT_EQ(first.pieces.back().get(), second.pieces.back().get());
}

TEST_F(FanoutTest, ASnapshotMadeInSlicesIsExact) {
  MakeWorld();
  for (int i = 20; i < 60; ++i) Must(AskAddress("ipmp0", "192.0.2." + std::to_string(i)));
  watch_options_.slice_objects = 3;
  StartFanout();
  Reader& reader = Open();
  int i = 0;
  while (!reader.model.synced && i < 1000) {
    if (i % 2 == 0) Must(AskLabel("ipmp0", std::to_string(i)));
    if (i == 8) Must(Ask(AddressOf(GroupName("ipmp0"), "192.0.2.30"), core::DeleteAddress{}));
    if (i == 9) Must(AskRename("ipmp0", "ipmp1"));
    if (i == 9) Must(AskRename("ipmp1", "ipmp0"));
    if (i == 12) Must(AskLink("eth1", core::LinkState::kDown));
    fanout_->Step();
    ++i;
  }
  Settle();
  EXPECT_GT(i, 12);
  EXPECT_EQ(reader.model.known(), State());
}

TEST_F(FanoutTest, ResumesAtEveryRevision) {
  MakeWorld();
  Reader* reader = &Open();
  Settle();
  std::vector<std::int64_t> seen;
  MakeHistory(20, [&] {
    Settle();
    for (const auto revision : reader->model.revisions) seen.push_back(revision);
    inbox_->Put(Gone{reader->id()});
    reader = &Resume(reader->model);
  });
  Settle();
  ASSERT_EQ(seen.size(), 100u);
  for (std::size_t i = 0; i < 100; ++i) EXPECT_EQ(seen[i], static_cast<std::int64_t>(5 + i));
  EXPECT_EQ(reader->model.known(), State());
}

// The same events whether they are told as they happen, from memory, or from the history.
TEST_F(FanoutTest, TellsTheSameFromMemoryAndFromHistory) {
  MakeWorld();
  Reader& live = Open();
  Settle();
  const WatchModel begin = live.model;
  MakeHistory(8, [] {});
  Must(AskRename("ipmp0", "ipmp9"));
  CatchUp(live);
  Reader& recent = Resume(begin);
  CatchUp(recent);
  StartFanout();
  Reader& old = Resume(begin);
  CatchUp(old);
  const auto text = [](const WatchModel& model) {
    Strings all;
    for (const auto& [revision, event] : model.events) {
      all.push_back(std::to_string(revision) + " " + event.ShortDebugString());
    }
    return all;
  };
  // `live` is gone with its fan-out; what it was told is in `recent`.
  EXPECT_EQ(old.model.known(), State());
  EXPECT_EQ(old.model.revisions.size(), 41u);
  StartFanout();
  Reader& again = Resume(begin);
  Reader& half = [&]() -> Reader& {
    WatchModel middle = begin;
    return Resume(middle);
  }();
  CatchUp(again);
  CatchUp(half);
  EXPECT_EQ(text(again.model), text(half.model));
}

TEST_F(FanoutTest, EventsFromHistoryAreThoseOfThen) {
  MakeWorld();
  Reader& live = Open();
  Settle();
  const WatchModel begin = live.model;
  MakeHistory(8, [] {});
  CatchUp(live);
  const WatchModel told = live.model;
  StartFanout();
  Reader& old = Resume(begin);
  CatchUp(old);
  ASSERT_EQ(old.model.events.size(), told.events.size());
  for (std::size_t i = 0; i < told.events.size(); ++i) {
    EXPECT_EQ(old.model.events[i].first, told.events[i].first);
    EXPECT_EQ(old.model.events[i].second.ShortDebugString(),
              told.events[i].second.ShortDebugString());
  }
}

TEST_F(FanoutTest, WhatIsTooOldForMemoryComesFromTheHistory) {
  watch_options_.recent_revisions_max = 5;
  StartFanout();
  MakeWorld();
  Reader& live = Open();
  Settle();
  const WatchModel begin = live.model;
  MakeHistory(10, [&] { Settle(); });
  Reader& old = Resume(begin);
  Must(AskLabel("ipmp0", "meanwhile"));
  CatchUp(old);
  CatchUp(live);
  EXPECT_EQ(old.model.revisions, live.model.revisions);
  EXPECT_EQ(old.model.known(), State());
}

TEST_F(FanoutTest, AChangeThatNobodyKeptIsReadAgain) {
  watch_options_.changes_max = 3;
  StartFanout();
  MakeWorld();
  Reader& reader = Open();
  Settle();
  MakeHistory(4, [] {});  // 20 revisions while the fan-out does nothing
  CatchUp(reader);
  EXPECT_EQ(reader.model.revisions.size(), 20u);
  EXPECT_EQ(reader.model.known(), State());
  Must(AskLabel("ipmp0", "after"));
  Settle();
  EXPECT_EQ(reader.model.revisions.size(), 21u);
}

TEST_F(FanoutTest, ObjectsEnterAndLeaveAFilter) {
  MakeWorld();
  WatchRequest request;
  request.selection.expression = "up";
  request.selection.addresses = request.selection.groups = false;
  request.selection.fits = [](const google::protobuf::Message& message) {
    return static_cast<const v1::Interface&>(message).status().link() == v1::Interface::LINK_UP;
  };
  Reader& reader = Open(request);
  Settle();
  EXPECT_EQ(NamesOf(reader.model), Strings{});
  Must(AskLink("eth1", core::LinkState::kUp));
  Settle();
  ASSERT_EQ(reader.model.events.size(), 1u);
  EXPECT_EQ(reader.model.events[0].second.type(), v1::Event::TYPE_CREATED);
  Must(AskLink("eth1", core::LinkState::kDown));
  Settle();
  ASSERT_EQ(reader.model.events.size(), 2u);
  EXPECT_EQ(reader.model.events[1].second.type(), v1::Event::TYPE_DELETED);
  EXPECT_EQ(reader.model.events[1].second.object().resource().ip_interface().status().link(),
            v1::Interface::LINK_UP);  // the last state that fitted
}

TEST_F(FanoutTest, APrefixStandsForAnObjectAndWhatIsBelow) {
  MakeWorld();
  Must(AskGroup("ipmp01"));
  WatchRequest request;
  request.selection.prefixes = {"zones/global/groups/ipmp0"};
  Reader& reader = Open(request);
  Settle();
  EXPECT_EQ(NamesOf(reader.model), (Strings{"zones/global/groups/ipmp0",
                                            "zones/global/groups/ipmp0/addresses/192.0.2.10"}));
  Must(AskRename("ipmp0", "other"));  // it leaves with everything below it
  Settle();
  EXPECT_EQ(NamesOf(reader.model), Strings{});
  Must(AskRename("other", "ipmp0"));
  Settle();
  EXPECT_EQ(reader.model.objects.size(), 2u);
}

TEST_F(FanoutTest, ARenameIsOneEventForWhoSeesIt) {
  MakeWorld();
  Reader& all = Open();
  WatchRequest request;
  request.selection.groups = false;
  Reader& others = Open(request);
  Settle();
  Must(AskRename("ipmp0", "ipmp1"));
  Settle();
  ASSERT_EQ(all.model.events.size(), 1u);
  EXPECT_EQ(all.model.events[0].second.old_name(), "zones/global/groups/ipmp0");
  EXPECT_EQ(all.model.known(), State());
  EXPECT_EQ(others.model.events.size(), 3u);  // two interfaces, one address
  for (const auto& [uid, text] : others.model.known()) EXPECT_EQ(text, State().at(uid));
}

TEST_F(FanoutTest, TransactionsAreAFeedOfTheirOwn) {
  MakeWorld();
  WatchRequest request;
  request.selection = {
      .groups = false, .interfaces = false, .addresses = false, .transactions = true};
  Reader& reader = Open(request);
  Settle();
  EXPECT_TRUE(reader.model.synced);
  executor::Request asked = AskLabel("ipmp0", "x");
  asked.comment = "why";
  Must(std::move(asked));
  Settle();
  ASSERT_EQ(reader.model.events.size(), 1u);
  const v1::Transaction& told = reader.model.events[0].second.object().transaction();
  EXPECT_EQ(told.revision(), 5);
  EXPECT_EQ(told.principal(), "uid:7");
  EXPECT_EQ(told.comment(), "why");
  EXPECT_EQ(told.changed_objects(), 1);
}

TEST_F(FanoutTest, WhoWantsItGetsTheStateBefore) {
  MakeWorld();
  WatchRequest request;
  request.selection.with_previous = true;
  Reader& reader = Open(request);
  Settle();
  Must(AskLabel("ipmp0", "x"));
  Settle();
  ASSERT_EQ(reader.model.events.size(), 1u);
  const v1::Event& event = reader.model.events[0].second;
  EXPECT_EQ(event.previous().resource().group().meta().labels().count("test"), 0u);
  EXPECT_EQ(event.object().resource().group().meta().labels().at("test"), "x");
  EXPECT_EQ(event.cause(), "Ask");
}

TEST_F(FanoutTest, WithoutASnapshotOnlyNewsCome) {
  MakeWorld();
  WatchRequest request;
  request.skip_snapshot = true;
  request.selection.addresses = request.selection.interfaces = false;
  Reader& reader = Open(request);
  Settle();
  EXPECT_TRUE(reader.model.synced);
  EXPECT_EQ(reader.model.position, 4);
  EXPECT_TRUE(reader.model.objects.empty());
  Must(AskGroup("g"));
  Settle();
  EXPECT_EQ(reader.model.objects.size(), 1u);
}

TEST_F(FanoutTest, BookmarksComeWhenNothingElseDoes) {
  MakeWorld();
  WatchRequest request;
  request.selection.expression = "never";
  request.selection.fits = [](const google::protobuf::Message&) { return false; };
  request.bookmark_interval = absl::Seconds(2);
  Reader& reader = Open(request);
  Settle();
  Must(AskLabel("ipmp0", "x"));
  Settle();
  EXPECT_EQ(reader.model.position, 4);
  clock_.Advance(absl::Milliseconds(1900));
  Settle();
  EXPECT_EQ(reader.model.bookmarks, 0);
  clock_.Advance(absl::Milliseconds(200));
  Settle();
  EXPECT_EQ(reader.model.bookmarks, 1);
  EXPECT_EQ(reader.model.position, 5);  // it moves on although it sees nothing
  clock_.Advance(absl::Seconds(2));
  Settle();
  EXPECT_EQ(reader.model.bookmarks, 2);
}

TEST_F(FanoutTest, ARevisionOfTheFutureIsRefused) {
  MakeWorld();
  Reader& first = Open();
  Settle();
  WatchModel ahead = first.model;
  ahead.position = 5;
  Reader& reader = Resume(ahead);
  Settle();
  EXPECT_EQ(reader.reason(), ErrorReason::kRevisionInFuture);
}

TEST_F(FanoutTest, AnotherStoreResets) {
  MakeWorld();
  WatchModel other;
  other.store_id = "0123456789abcdef0123456789abcdef";
  other.position = 77;
  Reader& reader = Resume(other);
  WatchRequest strict;
  strict.fail_when_compacted = true;
  Reader& failing = Resume(other, strict);
  Settle();
  EXPECT_EQ(reader.model.resets, std::vector<int>{v1::WatchResponse::Reset::REASON_STORE_CHANGED});
  EXPECT_EQ(reader.model.known(), State());
  EXPECT_EQ(failing.reason(), ErrorReason::kStoreChanged);
}

TEST_F(FanoutTest, CompactedHistoryResets) {
  MakeWorld();
  Reader& first = Open();
  Settle();
  const WatchModel begin = first.model;
  MakeHistory(2, [] {});
  clock_.Advance(absl::Minutes(11));
  executor_->Flush();
  ASSERT_TRUE(Compact(10).ok());
  StartFanout();
  Reader& reader = Resume(begin);
  WatchRequest strict;
  strict.fail_when_compacted = true;
  Reader& failing = Resume(begin, strict);
  WatchModel kept = begin;
  kept.position = 9;
  kept.objects.clear();
  WatchRequest nothing;
  nothing.selection = {
      .groups = false, .interfaces = false, .addresses = false, .transactions = true};
  Reader& fine = Resume(kept, nothing);
  CatchUp(reader);
  CatchUp(fine);
  EXPECT_EQ(reader.model.resets, std::vector<int>{v1::WatchResponse::Reset::REASON_COMPACTED});
  EXPECT_EQ(reader.model.known(), State());
  EXPECT_EQ(failing.reason(), ErrorReason::kWatchCompacted);
  EXPECT_TRUE(fine.model.resets.empty());
  EXPECT_EQ(fine.model.revisions.front(), 10);
}

}  // namespace
}  // namespace netstackd::watch
