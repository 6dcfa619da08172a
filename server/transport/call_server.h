// How calls come to us: one queue of gRPC, and one thread that looks after it.
#ifndef NETSTACKD_SERVER_TRANSPORT_CALL_SERVER_H_
#define NETSTACKD_SERVER_TRANSPORT_CALL_SERVER_H_

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "absl/time/time.h"
#include "base/mutex.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "server/transport/method_table.h"

namespace netstackd::transport {

// A second thread that polls would cost more than it brings: the threads would take connections
// from each other (ADR one-thread-polls). What needs time belongs on another thread.
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

  // Adds the methods to what `builder` has, and serves. False: gRPC does not listen.
  bool Start(grpc::ServerBuilder* builder);
  // New calls are refused; those that run have until `deadline`, then they are cancelled.
  void Stop(absl::Time deadline);

 private:
  friend class UnaryCall;
  friend class StreamCall;
  class Service;

  // Waits for one more call of `method`.
  void Await(const Method& method);
  // A call came: another may.
  void Begin(const Method& method);
  // A call, or what waited for one, was deleted.
  void End(bool handled);
  int handled() const { return handled_.load(std::memory_order_relaxed); }
  void Poll();

  const Unreadable unreadable_;
  MethodTable methods_;
  std::unique_ptr<Service> service_;
  std::unique_ptr<grpc::ServerCompletionQueue> queue_;
  std::unique_ptr<grpc::Server> server_;
  std::atomic<int> handled_{0};
  Mutex mu_;  // leaf lock
  CondVar all_gone_;
  int there_ ABSL_GUARDED_BY(mu_) = 0;  // calls, and what waits for one
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  std::thread thread_;
};

}  // namespace netstackd::transport

#endif  // NETSTACKD_SERVER_TRANSPORT_CALL_SERVER_H_
