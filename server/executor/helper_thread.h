// The one thread for what takes long and is not the writer's: history reads and backups.
#ifndef NETSTACKD_SERVER_EXECUTOR_HELPER_THREAD_H_
#define NETSTACKD_SERVER_EXECUTOR_HELPER_THREAD_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>

#include "absl/status/status.h"
#include "base/mutex.h"

namespace netstackd::executor {

// Threads  Anyone posts. A task runs on the helper thread, one at a time, in the order of posting.
// Bounds   `max` tasks wait. Stop waits for the task that runs and cancels the rest.
class HelperThread {
 public:
  // Called once: with OK to do its work, or with SERVER_DRAINING to say so to its caller.
  using Task = std::function<void(const absl::Status& go)>;

  explicit HelperThread(std::size_t max);
  ~HelperThread() { Stop(); }

  // Errors: QUOTA_EXCEEDED, SERVER_DRAINING; the task is then never called.
  absl::Status Post(Task task);
  // Not from a task.
  void Stop();

 private:
  void Run();

  const std::size_t max_;
  Mutex mu_;  // leaf lock
  CondVar work_;
  std::deque<Task> tasks_ ABSL_GUARDED_BY(mu_);
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  std::thread thread_;  // joined by the first Stop
};

}  // namespace netstackd::executor

#endif  // NETSTACKD_SERVER_EXECUTOR_HELPER_THREAD_H_
