#include "server/transport/call_server.h"

#include <utility>

#include "grpcpp/impl/rpc_service_method.h"
#include "grpcpp/impl/service_type.h"

namespace netstackd::transport {
namespace {

// How many calls of one method may come before the polling thread looks; more wait inside gRPC.
constexpr int kAwaited = 2;

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
  thread_ = std::thread([this] { Poll(); });
  return true;
}

void CallServer::Stop(absl::Time deadline) {
  if (queue_ == nullptr) return;
  {
    MutexLock lock(&mu_);
    stopping_ = true;
  }
  if (server_ != nullptr) {
    server_->Shutdown(absl::ToChronoTime(deadline));
    MutexLock lock(&mu_);
    while (there_ > 0) all_gone_.Wait(&mu_);
  }
  queue_->Shutdown();
  if (thread_.joinable()) thread_.join();
  if (server_ == nullptr) Poll();  // gRPC wants its queue to be emptied
  server_.reset();
  queue_.reset();
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

void CallServer::Begin(const Method& method) {
  handled_.fetch_add(1, std::memory_order_relaxed);
  Await(method);
}

void CallServer::End(bool handled) {
  if (handled) handled_.fetch_sub(1, std::memory_order_relaxed);
  MutexLock lock(&mu_);
  if (--there_ == 0) all_gone_.NotifyAll();
}

void CallServer::Poll() {
  void* tag = nullptr;
  bool ok = false;
  while (queue_->Next(&tag, &ok)) static_cast<Event*>(tag)->Done(ok);
}

}  // namespace netstackd::transport
