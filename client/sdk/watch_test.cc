// A watch of the library: it goes on by itself, and what was known stays.
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "client/sdk/testing/fake_stub.h"
#include "netstackd/client.h"

namespace netstackd {
namespace {

constexpr char kSnapshot[] =
    "snapshot { objects { resource { group { name: 'zones/global/groups/a' meta { uid: '1' } } } } "
    "objects { resource { address { name: 'zones/global/groups/a/addresses/192.0.2.1' meta { uid: "
    "'2' } } } } } synced { store_id: 's' revision: 5 }";

std::string Bytes(const std::string& text) {
  v1::WatchResponse message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message.SerializeAsString();
}

std::string Label(int revision, const std::string& value, bool more = false) {
  return Bytes("batches { revision: " + std::to_string(revision) + (more ? " more: true" : "") +
               " events { type: TYPE_UPDATED object { resource { group { name: "
               "'zones/global/groups/a' meta { uid: '1' labels { key: 'k' value: '" +
               value + "' } } } } } } }");
}

class WatchTest : public testing::Test {
 protected:
  WatchTest() : client_(server_.NewStub()) {
    options_.environment.sleep = [this](absl::Duration time) { slept_.push_back(time); };
    options_.environment.random = [] { return 0.5; };
  }

  absl::Status Watch() {
    return client_.watch().Watch(
        options_,
        {.message =
             [this](const v1::WatchResponse& message) {
               messages_.push_back(message);
               for (const auto& change : mirror_.Apply(message, now_)) changes_.push_back(change);
               return absl::OkStatus();
             },
         .broken = [this](const absl::Status& why) { broken_.push_back(why); }},
        &stopper_);
  }
  v1::WatchRequest Request(std::size_t call) const {
    v1::WatchRequest request;
    request.ParseFromString(server_.calls().at(call).request);
    return request;
  }

  sdk::FakeServer server_;
  Client client_;
  WatchOptions options_;
  Stopper stopper_;
  absl::Duration now_ = absl::Seconds(100);
  WatchMirror mirror_;
  std::vector<v1::WatchResponse> messages_;
  std::vector<WatchedChange> changes_;
  std::vector<absl::Status> broken_;
  std::vector<absl::Duration> slept_;
};

TEST_F(WatchTest, GoesOnBehindTheLastWholeRevision) {
  server_.OnFollow("Watch", {Bytes(kSnapshot), Label(6, "x"), Label(7, "half", true)},
                   absl::UnavailableError("gone"));
  server_.OnFollow("Watch", {Label(7, "whole", true), Label(7, "end")},
                   absl::DeadlineExceededError("silence"));
  EXPECT_TRUE(Watch().ok());
  EXPECT_EQ(Request(0).after_revision(), 0);
  EXPECT_EQ(Request(1).after_revision(), 6);
  EXPECT_EQ(Request(1).store_id(), "s");
  EXPECT_EQ(Request(2).after_revision(), 7);
  EXPECT_EQ(broken_.size(), 2u);
  // The half revision was not told; the whole one came in one piece.
  ASSERT_EQ(changes_.size(), 3u);
  EXPECT_EQ(messages_.back().batches(0).events_size(), 2);
  EXPECT_EQ(mirror_.revision(), 7);
  EXPECT_EQ(mirror_.objects().at("1").group().meta().labels().at("k"), "end");
}

TEST_F(WatchTest, ABreakEmptiesNothing) {
  server_.OnFollow("Watch", {Bytes(kSnapshot)}, absl::UnavailableError("gone"));
  server_.OnFollow("Watch", {Bytes("reset { reason: REASON_STORE_CHANGED }")},
                   absl::UnavailableError("gone"));
  EXPECT_TRUE(Watch().ok());
  EXPECT_EQ(mirror_.objects().size(), 2u);
  EXPECT_TRUE(mirror_.synced());
  EXPECT_EQ(mirror_.Age(now_ + absl::Seconds(3)), absl::Seconds(3));
  EXPECT_EQ(Request(2).after_revision(), 0);  // behind a reset everything begins anew
}

TEST_F(WatchTest, ASnapshotThatBreaksOffBeginsAnew) {
  server_.OnFollow("Watch",
                   {Bytes("snapshot { objects { resource { group { meta { uid: '9' } } } } }")},
                   absl::UnavailableError("gone"));
  server_.OnFollow("Watch", {Bytes(kSnapshot)}, absl::UnavailableError("gone"));
  EXPECT_TRUE(Watch().ok());
  EXPECT_EQ(mirror_.objects().size(), 2u);
  EXPECT_FALSE(mirror_.objects().contains("9"));
}

TEST_F(WatchTest, WaitsLongerUntilSomethingComes) {
  for (int i = 0; i < 3; ++i) server_.OnFollow("Watch", {}, absl::UnavailableError("gone"));
  server_.OnFollow("Watch", {Bytes(kSnapshot)},
                   MakeError(ErrorReason::kWatcherTooSlow, "too slow"));
  EXPECT_TRUE(Watch().ok());
  EXPECT_EQ(slept_,
            (std::vector<absl::Duration>{absl::Milliseconds(100), absl::Milliseconds(200),
                                         absl::Milliseconds(400), absl::Milliseconds(100)}));
}

TEST_F(WatchTest, EndsWhereAnotherCallWouldNotHelp) {
  server_.OnFollow("Watch", {}, MakeError(ErrorReason::kRevisionInFuture, "never had it"));
  EXPECT_EQ(ReasonOf(Watch()), ErrorReason::kRevisionInFuture);
  EXPECT_TRUE(broken_.empty());
}

TEST_F(WatchTest, SilenceOfThreeBookmarksIsTheEndOfAStream) {
  options_.bookmark_interval = absl::Seconds(4);
  EXPECT_TRUE(Watch().ok());
  EXPECT_EQ(server_.calls().at(0).timeout, absl::Seconds(12));
}

TEST_F(WatchTest, ARenameReachesTheNamesBelow) {
  server_.OnFollow(
      "Watch",
      {Bytes(kSnapshot), Bytes("batches { revision: 6 events { type: TYPE_UPDATED old_name: "
                               "'zones/global/groups/a' object { resource { group { name: "
                               "'zones/global/groups/b' meta { uid: '1' } } } } } }")},
      absl::UnavailableError("gone"));
  EXPECT_TRUE(Watch().ok());
  EXPECT_EQ(mirror_.objects().at("2").address().name(),
            "zones/global/groups/b/addresses/192.0.2.1");
  EXPECT_EQ(NameOf(*changes_.at(0).before), "zones/global/groups/a");
}

}  // namespace
}  // namespace netstackd
