// Where threads that talk to a server wait while there is none.
#ifndef NETSTACKD_TESTS_CRASH_GATE_H_
#define NETSTACKD_TESTS_CRASH_GATE_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/time/time.h"
#include "base/mutex.h"
#include "netstackd/stub.h"

namespace netstackd::crash {

// One life of a server, as those see it who talk to it.
struct Connections {
  std::vector<std::shared_ptr<Stub>> stubs;
  std::int64_t keep_from = 1;  // older transactions may be compacted
  bool last = false;           // finish what is open, and begin nothing new
};

// Threads  one conductor opens and closes, `workers` threads come back after every life. What a
//          worker did before it came is visible to the conductor, and the other way round.
class Gate {
 public:
  explicit Gate(int workers) : workers_(workers) {}

  // Worker: its life is over, or it has not had one. Waits for the next; null: there is none.
  std::shared_ptr<const Connections> Enter() ABSL_LOCKS_EXCLUDED(mu_);
  // Worker: something was answered.
  void Progress() ABSL_LOCKS_EXCLUDED(mu_);

  // Conductor: lets everybody in, who must be back.
  void Open(Connections connections) ABSL_LOCKS_EXCLUDED(mu_);
  // Conductor: waits for `answers` calls of Progress since Open, for everybody to be back, or for
  // `within`.
  void Await(std::int64_t answers, absl::Duration within) ABSL_LOCKS_EXCLUDED(mu_);
  // Conductor: waits until everybody is back.
  void AwaitAll() ABSL_LOCKS_EXCLUDED(mu_);
  // Conductor: lets everybody go for good.
  void End() ABSL_LOCKS_EXCLUDED(mu_);

 private:
  bool AllBack() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    return called_ == 0 && waiting_ == workers_;
  }

  const int workers_;
  mutable Mutex mu_;
  CondVar changed_;
  std::shared_ptr<const Connections> open_ ABSL_GUARDED_BY(mu_);
  std::int64_t life_ ABSL_GUARDED_BY(mu_) = 0;
  int waiting_ ABSL_GUARDED_BY(mu_) = 0;
  int called_ ABSL_GUARDED_BY(mu_) = 0;  // let in, and not yet awake
  std::int64_t answers_ ABSL_GUARDED_BY(mu_) = 0;
  bool ended_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace netstackd::crash

#endif  // NETSTACKD_TESTS_CRASH_GATE_H_
