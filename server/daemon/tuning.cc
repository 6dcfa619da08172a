#include "server/daemon/tuning.h"

#include <sched.h>

#include "absl/synchronization/mutex.h"

namespace netstackd::daemon {

void TuneProcess() {
  // The library of the distribution looks for lock cycles at every lock that gRPC takes.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  // Whoever wakes somebody goes on: changes gather into groups, and one sync serves more of them.
  const sched_param none{};
  (void)sched_setscheduler(0, SCHED_BATCH, &none);
}

}  // namespace netstackd::daemon
