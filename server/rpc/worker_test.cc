#include "server/rpc/worker.h"

#include <atomic>
#include <memory>
#include <vector>

#include "base/error.h"
#include "gtest/gtest.h"

namespace netstackd::rpc {
namespace {

TEST(WorkerTest, RunsInOrderAndToTheEnd) {
  std::vector<int> order;
  {
    Worker worker;
    for (int i = 0; i < 100; ++i)
      ASSERT_TRUE(worker.Post([&order, i] { order.push_back(i); }).ok());
    worker.Continue([&order] { order.push_back(100); });
  }
  ASSERT_EQ(order.size(), 101u);
  for (int i = 0; i <= 100; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
}

TEST(WorkerTest, RefusesWhatIsTooMuch) {
  Mutex mu;
  mu.Lock();
  std::atomic<int> ran{0};
  auto worker = std::make_unique<Worker>();
  int accepted = 0;
  absl::Status status;
  while (status.ok()) {
    status = worker->Post([&] {
      MutexLock lock(&mu);
      ++ran;
    });
    if (status.ok()) ++accepted;
  }
  EXPECT_EQ(ReasonOf(status), ErrorReason::kQuotaExceeded);
  // One may run already and have left the queue.
  EXPECT_GE(accepted, static_cast<int>(Worker::kTasksMax));
  EXPECT_LE(accepted, static_cast<int>(Worker::kTasksMax) + 1);
  worker->Continue([&] { ++ran; });
  mu.Unlock();
  worker.reset();
  EXPECT_EQ(ran, accepted + 1);
}

TEST(WorkerTest, TicksWhileIdle) {
  std::atomic<int> ticks{0};
  Mutex mu;
  CondVar ticked;
  {
    Worker worker([&] {
      MutexLock lock(&mu);
      ++ticks;
      ticked.NotifyAll();
    });
    MutexLock lock(&mu);
    while (ticks < 2) ticked.Wait(&mu);
  }
  EXPECT_GE(ticks, 2);
}

}  // namespace
}  // namespace netstackd::rpc
