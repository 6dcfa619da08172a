// One thread for what must not keep a thread of gRPC: reading files, decoding history.
#ifndef NETSTACKD_SERVER_RPC_WORKER_H_
#define NETSTACKD_SERVER_RPC_WORKER_H_

#include <deque>
#include <functional>
#include <thread>

#include "absl/status/status.h"
#include "base/mutex.h"

namespace netstackd::rpc {

// Threads  Post from any thread; tasks run one after the other, in order.
// Bounds   At most kTasksMax tasks wait.
class Worker {
 public:
  static constexpr std::size_t kTasksMax = 1000;

  // `tick` runs on the thread every kTick, between tasks; may be null.
  explicit Worker(std::function<void()> tick = nullptr);
  // Runs what was posted, then ends.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // Errors: QUOTA_EXCEEDED, and the task will not run.
  absl::Status Post(std::function<void()> task);
  // As Post, beyond the bound: for the next step of something that was let in.
  void Continue(std::function<void()> task);

 private:
  void Run();

  const std::function<void()> tick_;
  Mutex mu_;
  CondVar wake_;
  std::deque<std::function<void()>> tasks_ ABSL_GUARDED_BY(mu_);
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  std::thread thread_;
};

}  // namespace netstackd::rpc

#endif  // NETSTACKD_SERVER_RPC_WORKER_H_
