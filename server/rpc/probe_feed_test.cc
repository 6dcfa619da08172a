// Who streams probes gets each once and in order, or is told that he was too slow.
#include "server/rpc/probe_feed.h"

#include <future>
#include <memory>
#include <utility>

#include "base/error.h"
#include "gtest/gtest.h"
#include "server/executor/executor.h"
#include "storage/memory/memory_journal.h"

namespace netstackd::rpc {
namespace {

constexpr int kMax = static_cast<int>(ProbeOutbox::kMessagesMax);

v1::StreamProbesResponse MessageOf(const std::string& interface, int sequence) {
  v1::StreamProbesResponse message;
  message.set_revision(sequence);
  auto* probe = message.add_probes();
  probe->set_ip_interface(interface);
  probe->mutable_probe()->set_sequence(static_cast<std::uint32_t>(sequence));
  return message;
}

// What can be taken at once, and how it ended if it has.
struct Taken {
  std::vector<int> sequences;
  bool ended = false;
  absl::Status end;
};

Taken TakeAll(ProbeOutbox* outbox) {
  Taken taken;
  v1::StreamProbesResponse message;
  while (outbox->Take(&message, &taken.end, &taken.ended)) {
    for (const auto& probe : message.probes()) {
      taken.sequences.push_back(static_cast<int>(probe.probe().sequence()));
    }
  }
  return taken;
}

TEST(ProbeOutboxTest, KeepsTheOrderAndLeavesOutOthers) {
  int woken = 0;
  ProbeOutbox outbox({"net0"}, [&woken] { ++woken; });
  outbox.Offer(MessageOf("net0", 1));
  outbox.Offer(MessageOf("net1", 2));
  outbox.Offer(MessageOf("net0", 3));
  const Taken taken = TakeAll(&outbox);
  EXPECT_EQ(taken.sequences, (std::vector<int>{1, 3}));
  EXPECT_FALSE(taken.ended);
  EXPECT_EQ(woken, 2);
}

TEST(ProbeOutboxTest, IsTooSlowAtOneMoreThanFits) {
  ProbeOutbox outbox({}, [] {});
  for (int i = 0; i < kMax; ++i) outbox.Offer(MessageOf("net0", i));
  v1::StreamProbesResponse message;
  absl::Status end;
  bool ended = false;
  EXPECT_TRUE(outbox.Take(&message, &end, &ended));  // they all fitted
  EXPECT_FALSE(ended);
  outbox.Offer(MessageOf("net0", kMax));
  outbox.Offer(MessageOf("net0", kMax + 1));
  const Taken taken = TakeAll(&outbox);
  EXPECT_TRUE(taken.sequences.empty());  // what is not whole is not given
  EXPECT_TRUE(taken.ended);
  EXPECT_EQ(ReasonOf(taken.end), ErrorReason::kWatcherTooSlow);
  outbox.Offer(MessageOf("net0", 0));
  EXPECT_TRUE(TakeAll(&outbox).sequences.empty());
}

core::Change<core::Interface> ReportOf(std::uint16_t sequence) {
  auto before = std::make_shared<core::Interface>();
  before->name = "net0";
  auto after = std::make_shared<core::Interface>(*before);
  after->detection.probing[0].emplace();
  after->detection.probing[0]->newest.resize(1);
  after->detection.probing[0]->newest[0].sequence = sequence;
  return {before, after};
}

std::shared_ptr<const executor::Change> PublishedReport(std::uint16_t sequence) {
  auto record = std::make_shared<storage::Record>();
  record->revision = sequence;
  return std::make_shared<const executor::Change>(
      executor::Change{.record = record, .deltas = {core::Delta(ReportOf(sequence))}});
}

class ProbeFeedTest : public ::testing::Test {
 protected:
  ProbeFeedTest() {
    auto started = executor::Executor::Start({}, &journal_);
    EXPECT_TRUE(started.ok()) << started.status();
    executor_ = std::move(*started);
    feed_ = std::make_shared<ProbeFeed>(executor_.get(), &worker_);
  }
  ~ProbeFeedTest() override { feed_->Close(); }

  // Everything that was published has reached the outboxes.
  void Settle() {
    std::promise<void> done;
    worker_.Continue([&done] { done.set_value(); });
    done.get_future().wait();
  }

  storage::MemoryJournal journal_;
  std::unique_ptr<executor::Executor> executor_;
  std::shared_ptr<ProbeFeed> feed_;
  Worker worker_;
};

TEST_F(ProbeFeedTest, GivesEverybodyWhatIsPublishedAfterHeCame) {
  const auto first = std::make_shared<ProbeOutbox>(absl::btree_set<std::string>{}, [] {});
  const auto second = std::make_shared<ProbeOutbox>(absl::btree_set<std::string>{}, [] {});
  feed_->Published({PublishedReport(1)});
  feed_->Add(first);
  feed_->Published({PublishedReport(2), PublishedReport(3)});
  Settle();
  EXPECT_EQ(TakeAll(first.get()).sequences, (std::vector<int>{2, 3}));
  feed_->Close();
  feed_->Add(second);
  for (const auto& outbox : {first, second}) {
    const Taken taken = TakeAll(outbox.get());
    EXPECT_TRUE(taken.ended);
    EXPECT_EQ(ReasonOf(taken.end), ErrorReason::kServerDraining);
  }
}

TEST_F(ProbeFeedTest, WhoHasGoneGetsNothing) {
  const auto outbox = std::make_shared<ProbeOutbox>(absl::btree_set<std::string>{}, [] {});
  feed_->Add(outbox);
  feed_->Remove(outbox);
  feed_->Published({PublishedReport(1)});
  Settle();
  EXPECT_TRUE(TakeAll(outbox.get()).sequences.empty());
}

}  // namespace
}  // namespace netstackd::rpc
