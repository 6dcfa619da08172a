// Changes on their way to the executor.
#ifndef NETSTACKD_SERVER_RPC_GATHERER_H_
#define NETSTACKD_SERVER_RPC_GATHERER_H_

#include <vector>

#include "server/executor/executor.h"
#include "server/transport/call_server.h"

namespace netstackd::rpc {

// Callers who got their answers together come back together: what the polling thread finds in one
// go is handed over at once, and becomes one batch, in place of one for the first and another for
// the rest. Nobody waits for it: when there is nothing more to read it goes.
//
// Threads  The polling thread.
// Bounds   kTogetherMax changes.
class Gatherer {
 public:
  static constexpr std::size_t kTogetherMax = 32;

  Gatherer(executor::Executor* executor, transport::CallServer* calls);
  Gatherer(const Gatherer&) = delete;
  Gatherer& operator=(const Gatherer&) = delete;

  // As Executor::Submit, but what that returns goes to `done`.
  void Add(executor::Request request, executor::Done done);

 private:
  void HandOver();

  executor::Executor* const executor_;
  transport::CallServer* const calls_;
  std::vector<executor::Executor::Submission> gathered_;
};

}  // namespace netstackd::rpc

#endif  // NETSTACKD_SERVER_RPC_GATHERER_H_
