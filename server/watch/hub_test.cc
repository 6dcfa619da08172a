// The hub with its thread: readers come and go, take and do not take, while several write.
#include "server/watch/hub.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "server/executor/testing/executor_test_base.h"
#include "server/watch/testing/watch_model.h"

namespace netstackd::watch {
namespace {

using executor::testing_support::AskGroup;
using executor::testing_support::AskLabel;
using testing_support::AllOf;
using testing_support::WatchModel;

// A reader whose messages another thread takes.
class Reader final : public Sink {
 public:
  explicit Reader(Hub* hub) : hub_(hub), id_(hub->NewId()) {}
  void Open(WatchRequest request) { hub_->Open(id_, std::move(request), this); }
  void Leave() { hub_->Close(id_); }

  void Send(Message message) override {
    std::string bytes;
    for (const auto& piece : message) bytes += *piece;
    MutexLock lock(&mu_);
    EXPECT_FALSE(waiting_.has_value());
    waiting_ = std::move(bytes);
    changed_.NotifyAll();
  }
  void Abort() override {
    {
      MutexLock lock(&mu_);
      waiting_.reset();
    }
    hub_->Sent(id_, false);
  }
  void End(const absl::Status& status) override {
    MutexLock lock(&mu_);
    EXPECT_FALSE(ended_.has_value());
    ended_ = status;
    changed_.NotifyAll();
  }

  // Takes messages until the reader has come to `revision`; false if the watch ends before.
  bool TakeTo(Revision revision) {
    while (!model.synced || model.position < revision) {
      std::string bytes;
      {
        MutexLock lock(&mu_);
        while (!waiting_ && !ended_) changed_.Wait(&mu_);
        if (ended_) return false;
        bytes = *std::move(waiting_);
        waiting_.reset();
      }
      v1::WatchResponse response;
      EXPECT_TRUE(response.ParseFromString(bytes));
      model.Apply(response);
      hub_->Sent(id_, true);
    }
    return true;
  }
  // As a transport whose caller is gone: what is under way is not taken.
  absl::Status AwaitEnd() {
    while (true) {
      MutexLock lock(&mu_);
      while (!ended_ && !waiting_) changed_.Wait(&mu_);
      if (ended_) return *ended_;
      waiting_.reset();
      hub_->Sent(id_, false);
    }
  }

  WatchModel model;  // of the thread that takes

 private:
  Hub* const hub_;
  const WatchId id_;
  Mutex mu_;
  CondVar changed_;
  std::optional<std::string> waiting_ ABSL_GUARDED_BY(mu_);
  std::optional<absl::Status> ended_ ABSL_GUARDED_BY(mu_);
};

class HubTest : public executor::testing_support::ExecutorTestBase {
 protected:
  HubTest() {
    Start();
    Options options;
    options.clock = &clock_;
    hub_ = std::make_unique<Hub>(options, executor_.get());
  }
  ~HubTest() override { hub_.reset(); }

  std::unique_ptr<Hub> hub_;
};

TEST_F(HubTest, ManyWritersManyReaders) {
  constexpr int kWriters = 3;
  constexpr int kChanges = 60;
  constexpr Revision kLast = kWriters * (kChanges + 1);
  std::vector<std::unique_ptr<Reader>> readers;
  for (int i = 0; i < 6; ++i) {
    readers.push_back(std::make_unique<Reader>(hub_.get()));
    readers.back()->Open({});
  }
  Reader& silent = *readers[0];
  std::vector<std::thread> threads;
  for (int w = 0; w < kWriters; ++w) {
    threads.emplace_back([this, w] {
      const std::string group = "g" + std::to_string(w);
      Must(AskGroup(group));
      for (int i = 0; i < kChanges; ++i) Must(AskLabel(group, std::to_string(i)));
    });
  }
  for (std::size_t i = 1; i < 4; ++i) {
    threads.emplace_back([&readers, i] { EXPECT_TRUE(readers[i]->TakeTo(kLast)); });
  }
  for (std::size_t i = 4; i < 6; ++i) {
    threads.emplace_back([&readers, i] {
      EXPECT_TRUE(readers[i]->TakeTo(20));
      readers[i]->Leave();
      EXPECT_EQ(ReasonOf(readers[i]->AwaitEnd()), ErrorReason::kOperationCancelled);
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto state = executor_->Read([](const core::State& all, Revision) { return AllOf(all); });
  for (std::size_t i = 1; i < 4; ++i) {
    EXPECT_EQ(readers[i]->model.known(), state);
    EXPECT_TRUE(
        std::is_sorted(readers[i]->model.revisions.begin(), readers[i]->model.revisions.end()));
  }
  silent.Leave();
  EXPECT_EQ(ReasonOf(silent.AwaitEnd()), ErrorReason::kOperationCancelled);
  hub_.reset();  // ends everybody
  EXPECT_EQ(ReasonOf(readers[1]->AwaitEnd()), ErrorReason::kServerDraining);
}

TEST_F(HubTest, ReadersThatComeWhileOthersWriteMissNothing) {
  std::thread writer([this] {
    Must(AskGroup("g"));
    for (int i = 0; i < 150; ++i) Must(AskLabel("g", std::to_string(i)));
  });
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([this] {
      WatchModel model;
      while (model.position < 151) {
        Reader reader(hub_.get());
        WatchRequest request;
        request.store_id = model.store_id;
        request.after_revision = model.position;
        const std::size_t had = model.revisions.size();
        reader.model = model;
        reader.Open(request);
        EXPECT_TRUE(reader.TakeTo(model.position + 1));
        model = reader.model;
        EXPECT_GE(model.revisions.size(), had);
        reader.Leave();
        (void)reader.AwaitEnd();
      }
      for (std::size_t at = 1; at < model.revisions.size(); ++at) {
        EXPECT_EQ(model.revisions[at], model.revisions[at - 1] + 1);
      }
    });
  }
  writer.join();
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace netstackd::watch
