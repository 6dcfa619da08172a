#include "server/rpc/server.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "base/check.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/mutex.h"
#include "base/status_macros.h"
#include "grpcpp/server_builder.h"
#include "server/rpc/admin_service.h"
#include "server/rpc/config_service.h"
#include "server/rpc/health_service.h"
#include "server/rpc/ipmp_service.h"
#include "server/rpc/limits.h"
#include "server/rpc/methods.h"
#include "server/rpc/name_history.h"
#include "server/rpc/reflection_service.h"
#include "server/rpc/status_mapping.h"
#include "server/rpc/watch_service.h"
#include "server/rpc/worker.h"
#include "server/transport/call_server.h"
#include "server/watch/hub.h"

namespace netstackd::rpc {
namespace {

constexpr char kReady[] = "ready";

void SetLimits(grpc::ServerBuilder* builder) {
  builder->SetMaxReceiveMessageSize(kMessageBytesMax);
  builder->SetMaxSendMessageSize(kMessageBytesMax);
  // A compressed message is inflated before its size is checked.
  builder->SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  builder->SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
  builder->SetDefaultCompressionAlgorithm(GRPC_COMPRESS_NONE);
  builder->AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMetadataBytesMax);
  builder->AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kStreamsMax);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                              kPingIntervalMinMs);
  // Two servers on one port would share the calls.
  builder->AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
}

grpc::Status Unreadable(const std::string& type) {
  return ToGrpc(MakeError(ErrorReason::kInvalidRequest, "the request is no " + type));
}

}  // namespace

// Members are destroyed from the last to the first: once no call is left the worker ends, which
// uses the server and the services, then these, then the hub, which calls take part in to the end.
class Server::Impl {
 public:
  Impl(const ServerOptions& options, executor::Executor* executor)
      : executor_(executor),
        gate_(options.access),
        names_(executor, &worker_),
        hub_(options.watch, executor),
        probes_(std::make_shared<ProbeFeed>(executor, &worker_)),
        ipmp_(MakeBackend(), probes_.get()),
        config_(MakeBackend()),
        watch_(MakeBackend(), &hub_),
        admin_(MakeBackend(), {options.version, options.scratch_dir, options.executor}),
        worker_([this] { Tick(); }) {}

  absl::Status Listen(const std::vector<Listener>& listeners) {
    grpc::ServerBuilder builder;
    SetLimits(&builder);
    std::vector<int> ports(listeners.size(), 0);
    for (std::size_t i = 0; i < listeners.size(); ++i) {
      builder.AddListeningPort(listeners[i].Target(), grpc::InsecureServerCredentials(), &ports[i]);
    }
    RegisterAll(&calls_.methods());
    const bool started = calls_.Start(&builder);
    for (std::size_t i = 0; i < listeners.size(); ++i) {
      if (started && ports[i] != 0) {
        addresses_.push_back(listeners[i].Address(ports[i]));
      } else if (started || ports[i] == 0) {
        return MakeError(ErrorReason::kStorageUnavailable,
                         "cannot listen on " + listeners[i].text +
                             "; is the address in use, or the directory not writable?",
                         {{"address", listeners[i].text}});
      }
    }
    if (!started) return MakeError(ErrorReason::kStorageUnavailable, "cannot start to listen");
    MutexLock lock(&serving_mu_);
    SetServing(true);
    return absl::OkStatus();
  }

  const std::vector<std::string>& addresses() const { return addresses_; }

  void Close() {
    gate_.Close();
    probes_->Close();
    streams_.DrainAll();
    MutexLock lock(&serving_mu_);
    if (serving_) SetServing(false);
  }

  void Stop(absl::Duration deadline) {
    const Clock& clock = Clock::Real();
    const absl::Duration end = clock.Steady() + deadline;
    Close();
    if (stopped_.exchange(true)) return;
    executor_->Stop(deadline);
    hub_.Drain();
    health_.EndWatches();
    const absl::Duration left = std::max(absl::ZeroDuration(), end - clock.Steady());
    calls_.Stop(clock.Now() + left);
  }

 private:
  Backend MakeBackend() { return {executor_, &gate_, &worker_, &names_, &streams_, &changes_}; }

  // Every method of every service, or the table is not what the protos say.
  void RegisterAll(transport::MethodTable* methods) {
    ipmp_.Register(methods);
    config_.Register(methods);
    admin_.Register(methods);
    watch_.Register(methods);
    std::size_t wanted = 0;
    for (const auto* service : Services()) {
      wanted += static_cast<std::size_t>(service->method_count());
    }
    NSD_CHECK(methods->methods().size() == wanted);
    health_.Register(methods);
    RegisterReflection(methods, &streams_);
  }

  void SetServing(bool serving) ABSL_EXCLUSIVE_LOCKS_REQUIRED(serving_mu_) {
    serving_ = serving;
    health_.Set("", serving);
    for (const auto* service : Services()) health_.Set(service->full_name(), serving);
    health_.Set(kReady, serving && executor_->GetStatus().writable);
  }

  // On the worker: the store may have become read-only, or writable again.
  void Tick() {
    MutexLock lock(&serving_mu_);
    if (serving_) health_.Set(kReady, executor_->GetStatus().writable);
  }

  executor::Executor* const executor_;
  Gate gate_;
  NameHistory names_;
  OpenStreams streams_;
  std::atomic<bool> stopped_{false};
  std::vector<std::string> addresses_;  // set before anybody calls
  watch::Hub hub_;
  const std::shared_ptr<ProbeFeed> probes_;
  IpmpService ipmp_;
  ConfigService config_;
  WatchService watch_;
  AdminService admin_;
  HealthService health_;
  Mutex serving_mu_;
  bool serving_ ABSL_GUARDED_BY(serving_mu_) = false;
  transport::CallServer calls_{&Unreadable};
  Gatherer changes_{executor_, &calls_};
  Worker worker_;
};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() { Stop(absl::ZeroDuration()); }

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const ServerOptions& options,
                                                      executor::Executor* executor) {
  auto impl = std::make_unique<Impl>(options, executor);
  NSD_RETURN_IF_ERROR(impl->Listen(options.listeners));
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

const std::vector<std::string>& Server::addresses() const { return impl_->addresses(); }

void Server::Close() { impl_->Close(); }

void Server::Stop(absl::Duration deadline) { impl_->Stop(deadline); }

}  // namespace netstackd::rpc
