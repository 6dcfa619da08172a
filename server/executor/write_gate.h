// Whether writes are accepted, and if not why; for everyone who asks.
#ifndef NETSTACKD_SERVER_EXECUTOR_WRITE_GATE_H_
#define NETSTACKD_SERVER_EXECUTOR_WRITE_GATE_H_

#include <optional>
#include <string>
#include <utility>

#include "base/mutex.h"

namespace netstackd::executor {

// Threads  The writer opens and closes; anyone reads.
class WriteGate {
 public:
  void Open() {
    MutexLock lock(&mu_);
    reason_.reset();
  }
  void Close(std::string reason) {
    MutexLock lock(&mu_);
    reason_ = std::move(reason);
  }
  // Why it is closed; nullopt if it is open.
  std::optional<std::string> reason() const {
    MutexLock lock(&mu_);
    return reason_;
  }
  bool open() const { return !reason(); }

 private:
  mutable Mutex mu_;  // leaf lock
  std::optional<std::string> reason_ ABSL_GUARDED_BY(mu_);
};

}  // namespace netstackd::executor

#endif  // NETSTACKD_SERVER_EXECUTOR_WRITE_GATE_H_
