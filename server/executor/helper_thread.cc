#include "server/executor/helper_thread.h"

#include <string>
#include <utility>

#include "base/error.h"
#include "server/executor/endings.h"

namespace netstackd::executor {
namespace {}  // namespace

HelperThread::HelperThread(std::size_t max) : max_(max), thread_([this] { Run(); }) {}

absl::Status HelperThread::Post(Task task) {
  MutexLock lock(&mu_);
  if (stopping_) return ServerStops();
  if (tasks_.size() >= max_) {
    return MakeError(ErrorReason::kQuotaExceeded,
                     "too many reads of the kept history wait; try again",
                     {{"limit", "helper_tasks_max"}, {"max", std::to_string(max_)}});
  }
  tasks_.push_back(std::move(task));
  work_.NotifyOne();
  return absl::OkStatus();
}

void HelperThread::Run() {
  while (true) {
    Task task;
    {
      MutexLock lock(&mu_);
      while (tasks_.empty() && !stopping_) work_.Wait(&mu_);
      if (stopping_) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task(absl::OkStatus());
  }
}

void HelperThread::Stop() {
  {
    MutexLock lock(&mu_);
    stopping_ = true;
    work_.NotifyOne();
  }
  if (thread_.joinable()) thread_.join();
  std::deque<Task> left;
  {
    MutexLock lock(&mu_);
    left.swap(tasks_);
  }
  for (Task& task : left) task(ServerStops());
}

}  // namespace netstackd::executor
