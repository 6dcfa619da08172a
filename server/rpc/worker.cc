#include "server/rpc/worker.h"

#include <string>
#include <utility>

#include "absl/time/time.h"
#include "base/clock.h"
#include "base/error.h"

namespace netstackd::rpc {
namespace {

constexpr absl::Duration kTick = absl::Milliseconds(500);

}  // namespace

Worker::Worker(std::function<void()> tick) : tick_(std::move(tick)), thread_([this] { Run(); }) {}

Worker::~Worker() {
  {
    MutexLock lock(&mu_);
    stopping_ = true;
  }
  wake_.NotifyAll();
  thread_.join();
}

absl::Status Worker::Post(std::function<void()> task) {
  {
    MutexLock lock(&mu_);
    if (tasks_.size() >= kTasksMax) {
      return MakeError(ErrorReason::kQuotaExceeded, "too many reads of history and files wait",
                       {{"limit", "worker_tasks"}, {"max", std::to_string(kTasksMax)}});
    }
    tasks_.push_back(std::move(task));
  }
  wake_.NotifyAll();
  return absl::OkStatus();
}

void Worker::Continue(std::function<void()> task) {
  {
    MutexLock lock(&mu_);
    tasks_.push_back(std::move(task));
  }
  wake_.NotifyAll();
}

void Worker::Run() {
  const Clock& clock = Clock::Real();
  absl::Duration next_tick = clock.Steady() + kTick;
  while (true) {
    std::function<void()> task;
    {
      MutexLock lock(&mu_);
      while (tasks_.empty() && !stopping_ && clock.Steady() < next_tick) {
        wake_.WaitFor(&mu_, next_tick - clock.Steady());
      }
      if (tasks_.empty() && stopping_) return;
      if (!tasks_.empty()) {
        task = std::move(tasks_.front());
        tasks_.pop_front();
      }
    }
    if (task) task();
    if (clock.Steady() < next_tick) continue;
    if (tick_) tick_();
    next_tick = clock.Steady() + kTick;
  }
}

}  // namespace netstackd::rpc
