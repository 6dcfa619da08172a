#include "client/sdk/channel_stub.h"

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "client/sdk/error_mapping.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "grpcpp/security/credentials.h"

namespace netstackd::sdk {
namespace {

using google::protobuf::Message;

absl::Status FromGrpc(const grpc::Status& status) {
  return StatusFromWire(static_cast<int>(status.error_code()), status.error_message(),
                        status.error_details());
}

void SetDeadline(absl::Duration timeout, grpc::ClientContext* context) {
  if (timeout == absl::InfiniteDuration()) return;
  context->set_deadline(std::chrono::system_clock::now() + absl::ToChronoNanoseconds(timeout));
}

// Waits for the one operation that is under way. False if it did not succeed.
bool Await(grpc::CompletionQueue* queue) {
  void* tag = nullptr;
  bool ok = false;
  return queue->Next(&tag, &ok) && ok;
}

// The same, but cancels the call if nothing happens for `most`; `*silent` is then set.
bool AwaitFor(absl::Duration most, grpc::ClientContext* context, grpc::CompletionQueue* queue,
              bool* silent) {
  void* tag = nullptr;
  bool ok = false;
  const auto deadline = std::chrono::system_clock::now() + absl::ToChronoNanoseconds(most);
  if (queue->AsyncNext(&tag, &ok, deadline) == grpc::CompletionQueue::GOT_EVENT) return ok;
  *silent = true;
  context->TryCancel();
  Await(queue);
  return false;
}

// Every call has a completion queue of its own, so that the calling thread does all the work and
// no thread of ours is needed.
//
// One read is always under way, beside at most one other operation.
class ChannelDuplex final : public Duplex {
 public:
  ChannelDuplex(grpc::TemplatedGenericStub<Message, Message>* stub, const std::string& method,
                absl::Duration timeout, Message* message, std::function<void()> visit)
      : message_(message), visit_(std::move(visit)) {
    SetDeadline(timeout, &context_);
    call_ = stub->PrepareCall(&context_, method, &queue_);
    call_->StartCall(&other_);
    open_ = AwaitOther();
    if (open_) Read();
  }

  ~ChannelDuplex() override {
    if (!ended_) {
      context_.TryCancel();
      (void)End();
    }
    queue_.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (queue_.Next(&tag, &ok)) {
    }
  }

  bool Write(const Message& message) override {
    if (!open_) return false;
    call_->Write(message, &other_);
    return AwaitOther() && open_;
  }

  bool WaitUntil(const std::function<bool()>& enough) override {
    while (!enough()) {
      if (!open_) return false;
      Next();
    }
    return true;
  }

  absl::Status End() override {
    if (ended_) return end_;
    ended_ = true;
    if (open_) {
      call_->WritesDone(&other_);
      AwaitOther();
    }
    while (open_) Next();
    grpc::Status status;
    call_->Finish(&status, &other_);
    AwaitOther();
    end_ = FromGrpc(status);
    return end_;
  }

 private:
  void Read() { call_->Read(message_, &read_); }

  // Waits for the next operation to complete; the tag of what was no read, or null.
  void* Next() {
    void* tag = nullptr;
    bool ok = false;
    if (!queue_.Next(&tag, &ok)) return nullptr;
    if (tag == &other_) {
      other_ok_ = ok;
      return tag;
    }
    open_ = ok;
    if (ok) {
      visit_();
      Read();
    }
    return nullptr;
  }

  bool AwaitOther() {
    while (Next() == nullptr) {
    }
    return other_ok_;
  }

  Message* const message_;
  const std::function<void()> visit_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::ClientAsyncReaderWriter<Message, Message>> call_;
  char read_ = 0;  // these two: tags
  char other_ = 0;
  bool other_ok_ = false;
  bool open_ = false;
  bool ended_ = false;
  absl::Status end_;
};

// Until the stream ends, or `visit` refuses: then it is cancelled, and what `visit` said returned.
absl::Status ReadAll(bool open, grpc::ClientAsyncReaderWriter<Message, Message>* call,
                     Message* message, const std::function<absl::Status()>& visit,
                     grpc::ClientContext* context, const std::function<bool()>& await) {
  while (open) {
    call->Read(message, nullptr);
    open = await();
    if (!open) break;
    const absl::Status visited = visit();
    if (visited.ok()) continue;
    context->TryCancel();
    return visited;
  }
  return absl::OkStatus();
}

// Here too the calling thread does all the work.
class ChannelStub final : public Stub {
 public:
  explicit ChannelStub(std::shared_ptr<grpc::Channel> channel) : stub_(std::move(channel)) {}

  absl::Status Call(const std::string& method, const Message& request, absl::Duration timeout,
                    Message* response) override {
    grpc::ClientContext context;
    SetDeadline(timeout, &context);
    grpc::CompletionQueue queue;
    auto call = stub_.PrepareUnaryCall(&context, method, request, &queue);
    call->StartCall();
    grpc::Status status;
    call->Finish(response, &status, nullptr);
    Await(&queue);
    return FromGrpc(status);
  }

  absl::Status Stream(const std::string& method, const Message& request, absl::Duration timeout,
                      Message* message, const std::function<absl::Status()>& visit) override {
    grpc::ClientContext context;
    SetDeadline(timeout, &context);
    grpc::CompletionQueue queue;
    auto call = stub_.PrepareCall(&context, method, &queue);
    call->StartCall(nullptr);
    bool open = Await(&queue);
    if (open) {
      call->WriteLast(request, grpc::WriteOptions(), nullptr);
      open = Await(&queue);
    }
    const absl::Status visited =
        ReadAll(open, call.get(), message, visit, &context, [&] { return Await(&queue); });
    grpc::Status status;
    call->Finish(&status, nullptr);
    Await(&queue);
    return visited.ok() ? FromGrpc(status) : visited;
  }

  absl::Status Follow(const std::string& method, const Message& request, absl::Duration silence_max,
                      Stopper* stopper, Message* message,
                      const std::function<absl::Status()>& visit) override {
    grpc::ClientContext context;
    grpc::CompletionQueue queue;
    auto call = stub_.PrepareCall(&context, method, &queue);
    stopper->Bind([&context] { context.TryCancel(); });
    call->StartCall(nullptr);
    bool silent = false;
    bool open = AwaitFor(silence_max, &context, &queue, &silent);
    if (open) {
      call->WriteLast(request, grpc::WriteOptions(), nullptr);
      open = AwaitFor(silence_max, &context, &queue, &silent);
    }
    const absl::Status visited = ReadAll(open, call.get(), message, visit, &context, [&] {
      return AwaitFor(silence_max, &context, &queue, &silent);
    });
    grpc::Status status;
    call->Finish(&status, nullptr);
    Await(&queue);
    stopper->Bind(nullptr);
    if (!visited.ok()) return visited;
    if (silent) return absl::DeadlineExceededError("nothing came for too long; the stream is dead");
    return FromGrpc(status);
  }

  std::unique_ptr<Duplex> Open(const std::string& method, absl::Duration timeout, Message* message,
                               std::function<void()> visit) override {
    return std::make_unique<ChannelDuplex>(&stub_, method, timeout, message, std::move(visit));
  }

 private:
  grpc::TemplatedGenericStub<Message, Message> stub_;
};

}  // namespace

absl::StatusOr<std::string> TargetOf(const std::string& endpoint) {
  if (absl::StartsWith(endpoint, "/")) return absl::StrCat("unix:", endpoint);
  if (absl::StartsWith(endpoint, "unix:") && endpoint.size() > 5) return endpoint;
  const std::size_t colon = endpoint.rfind(':');
  const bool has_port = colon != std::string::npos && colon > 0 && colon + 1 < endpoint.size() &&
                        endpoint.find_first_not_of("0123456789", colon + 1) == std::string::npos;
  if (has_port && endpoint.find('/') == std::string::npos) return endpoint;
  return absl::InvalidArgumentError(
      absl::StrCat("'", endpoint, "' is no endpoint: use unix:/path or host:port"));
}

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& target,
                                           const std::string& user_agent) {
  grpc::ChannelArguments arguments;
  arguments.SetUserAgentPrefix(user_agent);
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 20'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2'000);
  // Two clients of one process do not share a connection that one of them may wait for.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), arguments);
}

std::unique_ptr<Stub> MakeChannelStub(std::shared_ptr<grpc::Channel> channel) {
  return std::make_unique<ChannelStub>(std::move(channel));
}

}  // namespace netstackd::sdk
