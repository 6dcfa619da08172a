#include "server/transport/call_server.h"

#include <algorithm>
#include <chrono>

#include "base/clock.h"
#include "grpcpp/impl/rpc_service_method.h"
#include "grpcpp/impl/service_type.h"

namespace netstackd::transport {
namespace {

// How many calls of one method may come before the polling thread looks; more wait inside gRPC.
constexpr int kAwaited = 2;
// Callers who all got their answers at once come back one after the other: the first is not alone.
constexpr int kLonelyCalls = 16;

}  // namespace

// What generated code is for services known when it is compiled: ours are in a table.
class CallServer::Service final : public grpc::Service {
 public:
  explicit Service(const MethodTable& table) {
    using grpc::internal::RpcMethod;
    for (const Method& method : table.methods()) {
      const auto type = method.unary ? RpcMethod::NORMAL_RPC : RpcMethod::BIDI_STREAMING;
      AddMethod(new grpc::internal::RpcServiceMethod(method.path.c_str(), type, nullptr));
      MarkMethodRaw(method.index);
    }
  }

  void Request(UnaryCall* call, grpc::ServerCompletionQueue* queue) {
    RequestAsyncUnary(call->method_.index, &call->context_, &call->request_, &call->writer_, queue,
                      queue, static_cast<Event*>(call));
  }
  void Request(StreamCall* call, grpc::ServerCompletionQueue* queue) {
    RequestAsyncBidiStreaming(call->method_.index, &call->context_, &call->stream_, queue, queue,
                              static_cast<Event*>(call));
  }
};

CallServer::CallServer(Unreadable unreadable) : unreadable_(unreadable) {}

CallServer::~CallServer() { Stop(absl::InfinitePast()); }

bool CallServer::Start(grpc::ServerBuilder* builder) {
  service_ = std::make_unique<Service>(methods_);
  builder->RegisterService(service_.get());
  queue_ = builder->AddCompletionQueue();
  server_ = builder->BuildAndStart();
  if (server_ == nullptr) return false;
  for (const Method& method : methods_.methods()) {
    for (int i = 0; i < kAwaited; ++i) Await(method);
  }
  for (int i = 0; i < 2; ++i) {
    threads_[static_cast<std::size_t>(i)] = std::thread([this, i] { Run(i); });
  }
  return true;
}

void CallServer::Stop(absl::Time deadline) {
  if (queue_ == nullptr) return;
  AwaitNone(deadline);
  if (server_ != nullptr) {
    // At once: who is still connected may not look at his connection, and would be waited for.
    server_->Shutdown(std::chrono::system_clock::now());
    MutexLock lock(&mu_);
    while (there_ > 0) all_gone_.Wait(&mu_);
  }
  queue_->Shutdown();
  if (server_ == nullptr) Poll(0);  // gRPC wants its queue to be emptied
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
  server_.reset();
  queue_.reset();
}

void CallServer::AwaitNone(absl::Time deadline) {
  const absl::Duration until = Clock::Real().Steady() + (deadline - Clock::Real().Now());
  MutexLock lock(&mu_);
  stopping_ = true;
  while (running_ > 0) {
    const absl::Duration left = until - Clock::Real().Steady();
    if (left <= absl::ZeroDuration()) return;
    all_gone_.WaitFor(&mu_, std::min(left, absl::Hours(1)));  // infinity is no time
  }
}

void CallServer::Await(const Method& method) {
  {
    MutexLock lock(&mu_);
    if (stopping_) return;
    ++there_;
  }
  if (method.unary) {
    service_->Request(new UnaryCall(this, method), queue_.get());
  } else {
    service_->Request(new StreamCall(this, method), queue_.get());
  }
}

void CallServer::Came(const Method& method) {
  {
    MutexLock lock(&mu_);
    ++running_;
  }
  Await(method);
}

void CallServer::Begin() {
  const bool company = unanswered_.fetch_add(1, std::memory_order_relaxed) > 0;
  company_ = company ? kLonelyCalls : std::max(0, company_ - 1);
}

// Before it leaves: who has it may call again at once.
void CallServer::Answer() { unanswered_.fetch_sub(1, std::memory_order_relaxed); }

void CallServer::End(bool came) {
  MutexLock lock(&mu_);
  --there_;
  if (came) --running_;
  if (there_ == 0 || (stopping_ && running_ == 0)) all_gone_.NotifyAll();
}

void CallServer::Away(const std::function<void()>& work) {
  role_.GoAway();
  work();
}

void CallServer::Run(int thread) {
  while (role_.Await(thread)) {
    if (!Poll(thread)) return role_.End();
  }
}

bool CallServer::Poll(int thread) {
  void* tag = nullptr;
  bool ok = false;
  while (true) {
    // Without waiting if there is something to do before.
    const gpr_timespec until =
        asked_ ? gpr_time_0(GPR_CLOCK_MONOTONIC) : gpr_inf_future(GPR_CLOCK_MONOTONIC);
    switch (queue_->AsyncNext(&tag, &ok, until)) {
      case grpc::CompletionQueue::GOT_EVENT:
        static_cast<Event*>(tag)->Done(ok);
        break;
      case grpc::CompletionQueue::TIMEOUT:
        asked_ = false;
        idle_();
        if (!role_.ComeBack(thread)) return true;
        break;
      case grpc::CompletionQueue::SHUTDOWN:
        return false;
    }
  }
}

}  // namespace netstackd::transport
