// A fan-out without its thread, on a real executor with a clock that stands still.
#ifndef NETSTACKD_SERVER_WATCH_TESTING_FANOUT_TEST_BASE_H_
#define NETSTACKD_SERVER_WATCH_TESTING_FANOUT_TEST_BASE_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/executor/testing/executor_test_base.h"
#include "server/watch/fanout.h"
#include "server/watch/testing/watch_model.h"

namespace netstackd::watch::testing_support {

using executor::testing_support::AddressOf;
using executor::testing_support::Ask;
using executor::testing_support::AskGroup;
using executor::testing_support::AskInterface;
using executor::testing_support::AskLabel;
using executor::testing_support::GroupName;
using executor::testing_support::InterfaceName;

// A reader that takes what it is sent at once, or lets it lie.
class Reader final : public Sink {
 public:
  Reader(WatchId id, std::shared_ptr<Inbox> inbox) : id_(id), inbox_(std::move(inbox)) {}

  void Send(Message message) override {
    EXPECT_FALSE(under_way) << "two messages at a time";
    EXPECT_FALSE(ended) << "a message behind the end";
    std::string bytes;
    for (const auto& piece : message) bytes += *piece;
    EXPECT_LE(bytes.size(), std::size_t{1} << 20);
    v1::WatchResponse response;
    EXPECT_TRUE(response.ParseFromString(bytes));
    under_way = true;
    ++messages;
    pieces.insert(pieces.end(), message.begin(), message.end());
    waiting_ = std::move(response);
    if (takes) Take();
  }
  void Abort() override {
    aborted = true;
    under_way = false;
    inbox_->Put(Sent{id_, false});
  }
  void End(const absl::Status& status) override {
    EXPECT_FALSE(ended) << "ended twice";
    EXPECT_FALSE(under_way) << "ended with a message under way";
    ended = status;
  }

  // Takes the message under way.
  void Take() {
    if (!under_way) return;
    under_way = false;
    model.Apply(waiting_);
    inbox_->Put(Sent{id_, true});
  }
  ErrorReason reason() const {
    EXPECT_TRUE(ended.has_value());
    return ended ? ReasonOf(*ended).value_or(ErrorReason::kInvariantViolated)
                 : ErrorReason::kInvariantViolated;
  }
  std::string metadata(const std::string& key) const {
    const auto details = ended ? DetailsOf(*ended) : std::nullopt;
    return details && details->metadata.contains(key) ? details->metadata.at(key) : "";
  }
  WatchId id() const { return id_; }

  bool takes = true;
  bool under_way = false;
  bool aborted = false;
  int messages = 0;
  std::vector<std::shared_ptr<const std::string>> pieces;
  std::optional<absl::Status> ended;
  WatchModel model;

 private:
  const WatchId id_;
  const std::shared_ptr<Inbox> inbox_;
  v1::WatchResponse waiting_;
};

class FanoutTestBase : public executor::testing_support::ExecutorTestBase {
 protected:
  FanoutTestBase() { watch_options_.clock = &clock_; }

  // Begins anew on the executor; readers of before are gone.
  void StartFanout() {
    readers_.clear();
    fanout_.reset();
    inbox_ = std::make_shared<Inbox>(watch_options_.changes_max);
    fanout_ = std::make_unique<Fanout>(watch_options_, executor_.get(), inbox_);
  }
  void StartBoth() {
    fanout_.reset();
    Start();
    StartFanout();
  }

  Reader& Open(WatchRequest request = {}) {
    readers_.push_back(std::make_unique<Reader>(++last_id_, inbox_));
    Reader& reader = *readers_.back();
    inbox_->Put(Opened{reader.id(), std::move(request), &reader});
    return reader;
  }
  // A reader that goes on where another has stopped.
  Reader& Resume(const WatchModel& before, WatchRequest request = {}) {
    request.store_id = before.store_id;
    request.after_revision = before.position;
    Reader& reader = Open(std::move(request));
    reader.model.objects = before.objects;
    reader.model.position = before.position;
    reader.model.store_id = before.store_id;
    reader.model.synced = true;
    return reader;
  }

  // Steps until there is nothing to do.
  void Settle() {
    while (true) {
      const absl::Duration wait = fanout_->Step();
      if (wait > absl::ZeroDuration() && inbox_->Idle()) return;
    }
  }
  // The same, and waits for what other threads do, until `done`.
  template <typename Done>
  void SettleUntil(const Done& done) {
    for (int i = 0; i < 10'000 && !done(); ++i) {
      if (fanout_->Step() > absl::ZeroDuration()) inbox_->Wait(absl::Milliseconds(10));
    }
    EXPECT_TRUE(done());
  }
  // Until the reader has come to the newest revision.
  void CatchUp(const Reader& reader) {
    SettleUntil([&] { return reader.ended || reader.model.position >= revision(); });
  }
  Known State() const {
    return executor_->Read([](const core::State& state, Revision) { return AllOf(state); });
  }

  executor::Request AskAddress(const std::string& group, const std::string& ip) {
    core::CreateAddress create;
    create.prefix_length = 24;
    return Ask(AddressOf(GroupName(group), ip), create);
  }
  executor::Request AskLink(const std::string& interface, core::LinkState link) {
    core::ReportInterface report;
    report.link = link;
    return Ask(InterfaceName(interface), report);
  }
  executor::Request AskRename(const std::string& from, const std::string& to) {
    return Ask(GroupName(from), core::RenameGroup{to});
  }
  // A group with two interfaces and an address: 4 revisions.
  void MakeWorld() {
    Must(AskGroup("ipmp0"));
    Must(AskInterface("eth1", "ipmp0"));
    Must(AskInterface("eth2", "ipmp0"));
    Must(AskAddress("ipmp0", "192.0.2.10"));
  }
  // Revisions of every sort, one after the other, each followed by `after`.
  template <typename F>
  void MakeHistory(int rounds, const F& after) {
    for (int i = 0; i < rounds; ++i) {
      const std::string ip = "192.0.2." + std::to_string(20 + i % 200);
      const std::vector<executor::Request> asked = {
          AskAddress("ipmp0", ip), AskLink("eth1", core::LinkState::kDown),
          AskLink("eth1", core::LinkState::kUp), AskLabel("ipmp0", std::to_string(i)),
          Ask(AddressOf(GroupName("ipmp0"), ip), core::DeleteAddress{})};
      for (const executor::Request& request : asked) {
        Must(request);
        after();
      }
    }
  }

  Options watch_options_;
  std::shared_ptr<Inbox> inbox_;
  std::vector<std::unique_ptr<Reader>> readers_;
  std::unique_ptr<Fanout> fanout_;
  WatchId last_id_ = 0;
};

}  // namespace netstackd::watch::testing_support

#endif  // NETSTACKD_SERVER_WATCH_TESTING_FANOUT_TEST_BASE_H_
