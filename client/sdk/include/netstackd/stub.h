// What carries calls to the server. Client -> retry -> stub: all speak this interface, so a test
// can stand in for the server at either place.
#ifndef NETSTACKD_STUB_H_
#define NETSTACKD_STUB_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "google/protobuf/message.h"

namespace netstackd {

// Ends what waits for it, from any thread and for good.
class Stopper {
 public:
  void Stop() {
    MutexLock lock(&mu_);
    stopped_ = true;
    if (end_) end_();
  }
  bool stopped() const {
    MutexLock lock(&mu_);
    return stopped_;
  }
  // `end` is called by Stop, or at once if that was called before; it must not block. Null: nothing
  // waits any more, and the function of before is not called once this has returned.
  void Bind(std::function<void()> end) {
    MutexLock lock(&mu_);
    end_ = std::move(end);
    if (stopped_ && end_) end_();
  }

 private:
  mutable Mutex mu_;
  bool stopped_ ABSL_GUARDED_BY(mu_) = false;
  std::function<void()> end_ ABSL_GUARDED_BY(mu_);
};

// A call with messages both ways. Not thread-safe: nothing goes on while no call of this is made.
class Duplex {
 public:
  virtual ~Duplex() = default;  // cancels what has not ended

  // Waits until `message` is on its way; false: the call has ended, End tells why.
  virtual bool Write(const google::protobuf::Message& message) = 0;
  // Waits until `enough` is true, which is asked after every message that came; false: the call
  // has ended before.
  virtual bool WaitUntil(const std::function<bool()>& enough) = 0;
  // Says that no more is written, waits for the end and returns how it was.
  virtual absl::Status End() = 0;
};

// Carries one call at a time to the end of it.
//
// Threads  any; calls may run at the same time.
// Errors   as netstackd/errors.h says; the response is then unspecified.
// Bounds   no call takes longer than `timeout`, measured from now; an infinite one is none.
class Stub {
 public:
  virtual ~Stub() = default;

  // `method` is a path such as "/netstackd.v1.IpmpService/GetGroup".
  virtual absl::Status Call(const std::string& method, const google::protobuf::Message& request,
                            absl::Duration timeout, google::protobuf::Message* response) = 0;

  // Reads a stream to its end: every message is put into `message`, then `visit` is called. An
  // error of `visit` ends the stream and is returned.
  virtual absl::Status Stream(const std::string& method, const google::protobuf::Message& request,
                              absl::Duration timeout, google::protobuf::Message* message,
                              const std::function<absl::Status()>& visit) = 0;

  // The same for a stream that has no end of its own: DEADLINE_EXCEEDED if nothing comes for
  // `silence_max`, CANCELLED if `stopper` is stopped.
  virtual absl::Status Follow(const std::string& method, const google::protobuf::Message& request,
                              absl::Duration silence_max, Stopper* stopper,
                              google::protobuf::Message* message,
                              const std::function<absl::Status()>& visit) = 0;

  // Begins a call with messages both ways: whatever comes is put into `message`, then `visit` is
  // called, on the thread that calls the Duplex. All of them outlive it.
  virtual std::unique_ptr<Duplex> Open(const std::string& method, absl::Duration timeout,
                                       google::protobuf::Message* message,
                                       std::function<void()> visit) = 0;
};

// How long and how often to try again.
struct RetryPolicy {
  int attempts_max = 4;  // the first one included
  absl::Duration backoff_first = absl::Milliseconds(100);
  absl::Duration backoff_max = absl::Seconds(2);
  double backoff_factor = 2.0;
  double jitter = 0.2;  // a wait is 1 - jitter to 1 + jitter times the backoff
};

// What the retry layer needs of the world; a test has its own.
struct RetryEnvironment {
  const Clock* clock = &Clock::Real();
  std::function<void(absl::Duration)> sleep;  // empty: the calling thread sleeps
  std::function<double()> random;             // [0, 1); empty: of the system
};

// A stub that repeats unary calls which failed with UNAVAILABLE, byte for byte the same request:
// a mutation carries its request id, so that it is done once. Waits at least as long as the server
// asked for (RetryInfo) and never beyond the timeout: it then returns the last error at once.
// Streams are not repeated.
std::unique_ptr<Stub> MakeRetryingStub(std::unique_ptr<Stub> inner, RetryPolicy policy,
                                       RetryEnvironment environment = {});

}  // namespace netstackd

#endif  // NETSTACKD_STUB_H_
