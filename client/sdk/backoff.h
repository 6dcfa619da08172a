// How long to wait before trying again.
#ifndef NETSTACKD_CLIENT_SDK_BACKOFF_H_
#define NETSTACKD_CLIENT_SDK_BACKOFF_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "netstackd/stub.h"

namespace netstackd {

// Grows until Reset.
class Backoff {
 public:
  Backoff(const RetryPolicy& policy, const RetryEnvironment& environment);

  void Reset() { next_ = policy_.backoff_first; }
  // The next wait: jittered, and not shorter than what the server asks for in `why`.
  absl::Duration Next(const absl::Status& why);
  void Sleep(absl::Duration wait) const;

 private:
  const RetryPolicy policy_;
  const RetryEnvironment environment_;
  absl::Duration next_;
};

}  // namespace netstackd

#endif  // NETSTACKD_CLIENT_SDK_BACKOFF_H_
