// How calls come to us: one queue of gRPC, and one thread that looks after it.
#ifndef NETSTACKD_SERVER_TRANSPORT_CALL_SERVER_H_
#define NETSTACKD_SERVER_TRANSPORT_CALL_SERVER_H_

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/time/time.h"
#include "base/mutex.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "server/transport/method_table.h"
#include "server/transport/polling_role.h"

namespace netstackd::transport {

// A second thread that polls at the same time would cost more than it brings: the threads would
// take connections from each other (ADR one-thread-polls). What needs time belongs elsewhere.
//
// Ownership  Owns the server of gRPC and all calls. Handlers, and what they use, outlive Stop.
// Threads    Start and Stop on one thread each; the rest by calls.
// Order      Stop returns when every call was finished and every reactor is done.
class CallServer {
 public:
  // The answer to a request of `type` whose bytes are none.
  using Unreadable = grpc::Status (*)(const std::string& type);

  explicit CallServer(Unreadable unreadable);
  ~CallServer();
  CallServer(const CallServer&) = delete;
  CallServer& operator=(const CallServer&) = delete;

  MethodTable& methods() { return methods_; }
  // `work` is called on the polling thread, before it waits, if a handler asked for it since. Set
  // before Start.
  void SetIdle(std::function<void()> work) { idle_ = std::move(work); }
  // `work` may wait for the disk: if it takes long another thread becomes the polling thread, and
  // the calling one touches nothing of that thread's when `work` returns. Only as the last thing
  // the idle function does.
  void Away(const std::function<void()>& work);
  // On the polling thread.
  void AskForIdle() { asked_ = true; }
  // On the polling thread: one caller at a time calls for a while now. To keep the thread keeps
  // nobody else waiting.
  bool Lonely() const { return company_ == 0; }

  // Adds the methods to what `builder` has, and serves. False: gRPC does not listen.
  bool Start(grpc::ServerBuilder* builder);
  // No more calls are taken; connections are cut when those that run have ended, or at `deadline`.
  void Stop(absl::Time deadline);

 private:
  friend class UnaryCall;
  friend class StreamCall;
  class Service;

  // Waits for one more call of `method`.
  void Await(const Method& method);
  // From now on no more calls are taken; waits until none runs, at most until `deadline`.
  void AwaitNone(absl::Time deadline);
  // A call came: another may.
  void Came(const Method& method);
  // Of unary calls, and of the requests in streams: somebody waits for the polling thread.
  void Begin();
  // The answer to a unary call leaves.
  void Answer();
  // A call, or what waited for one, was deleted.
  void End(bool came);
  // The life of one of the two threads; and as long as it has the role, false at the very end.
  void Run(int thread);
  bool Poll(int thread);

  const Unreadable unreadable_;
  std::function<void()> idle_;
  bool asked_ = false;  // of the polling thread
  MethodTable methods_;
  std::unique_ptr<Service> service_;
  std::unique_ptr<grpc::ServerCompletionQueue> queue_;
  std::unique_ptr<grpc::Server> server_;
  std::atomic<int> unanswered_{0};
  int company_ = 0;  // of the polling thread: as many calls more make us believe in a lonely caller
  Mutex mu_;         // leaf lock
  CondVar all_gone_;
  int there_ ABSL_GUARDED_BY(mu_) = 0;    // calls, and what waits for one
  int running_ ABSL_GUARDED_BY(mu_) = 0;  // calls
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  PollingRole role_;
  std::array<std::thread, 2> threads_;
};

}  // namespace netstackd::transport

#endif  // NETSTACKD_SERVER_TRANSPORT_CALL_SERVER_H_
