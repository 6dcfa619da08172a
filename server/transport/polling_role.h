// Which of two threads looks after the calls.
#ifndef NETSTACKD_SERVER_TRANSPORT_POLLING_ROLE_H_
#define NETSTACKD_SERVER_TRANSPORT_POLLING_ROLE_H_

#include "absl/time/time.h"
#include "base/mutex.h"

namespace netstackd::transport {

// One thread has the role. It may go away for a moment, to write a change to the disk; if it does
// not come back soon the other one takes over, so that a disk that stands keeps nobody waiting who
// does not need it. As long as nobody goes away the other one sleeps.
//
// Thread-safe.
class PollingRole {
 public:
  // Longer than a flush takes, shorter than anybody notices.
  static constexpr absl::Duration kAwayMax = absl::Milliseconds(50);

  // Until `thread` has the role; false: it is over.
  bool Await(int thread);
  // Of the thread that has it.
  void GoAway();
  // Whether `thread` still has it: the other one may have taken it meanwhile.
  bool ComeBack(int thread);
  // Nobody needs the role any more.
  void End();

 private:
  Mutex mu_;  // leaf lock
  CondVar changed_;
  int holder_ ABSL_GUARDED_BY(mu_) = 0;
  bool away_ ABSL_GUARDED_BY(mu_) = false;
  absl::Duration since_ ABSL_GUARDED_BY(mu_);   // Clock::Steady, of the newest GoAway
  bool sleeping_ ABSL_GUARDED_BY(mu_) = false;  // the other one does not look by itself
  bool ended_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace netstackd::transport

#endif  // NETSTACKD_SERVER_TRANSPORT_POLLING_ROLE_H_
