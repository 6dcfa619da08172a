#include "server/rpc/server.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "base/clock.h"
#include "base/error.h"
#include "base/mutex.h"
#include "base/status_macros.h"
#include "grpc/health/v1/health.pb.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "server/rpc/admin_service.h"
#include "server/rpc/config_service.h"
#include "server/rpc/ipmp_service.h"
#include "server/rpc/limits.h"
#include "server/rpc/methods.h"
#include "server/rpc/watch_service.h"
#include "server/rpc/worker.h"
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

}  // namespace

// Members are destroyed from the last to the first: once no call is left the worker ends, which
// uses the server and the services, then these, then the hub, which calls take part in to the end.
class Server::Impl {
 public:
  Impl(const ServerOptions& options, executor::Executor* executor)
      : executor_(executor),
        gate_(options.access),
        hub_(options.watch, executor),
        probes_(std::make_shared<ProbeFeed>(executor, &worker_)),
        ipmp_(MakeBackend(), probes_.get()),
        config_(MakeBackend()),
        watch_(MakeBackend(), &hub_),
        admin_(MakeBackend(), {options.version, options.scratch_dir, options.executor}),
        worker_([this] { Tick(); }) {}

  absl::Status Listen(const std::vector<Listener>& listeners) {
    // Health is served by gRPC without descriptors; with ours linked in, reflection can list it.
    (void)grpc::health::v1::HealthCheckRequest::descriptor();
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    grpc::ServerBuilder builder;
    SetLimits(&builder);
    std::vector<int> ports(listeners.size(), 0);
    for (std::size_t i = 0; i < listeners.size(); ++i) {
      builder.AddListeningPort(listeners[i].Target(), grpc::InsecureServerCredentials(), &ports[i]);
    }
    builder.RegisterService(&ipmp_);
    builder.RegisterService(&config_);
    builder.RegisterService(&admin_);
    builder.RegisterService(&watch_);
    server_ = builder.BuildAndStart();
    for (std::size_t i = 0; i < listeners.size(); ++i) {
      if (server_ != nullptr && ports[i] != 0) {
        addresses_.push_back(listeners[i].Address(ports[i]));
      } else if (server_ != nullptr || ports[i] == 0) {
        return MakeError(ErrorReason::kStorageUnavailable,
                         "cannot listen on " + listeners[i].text +
                             "; is the address in use, or the directory not writable?",
                         {{"address", listeners[i].text}});
      }
    }
    if (server_ == nullptr) {
      return MakeError(ErrorReason::kStorageUnavailable, "cannot start to listen");
    }
    MutexLock lock(&health_mu_);
    SetServing(true);
    return absl::OkStatus();
  }

  const std::vector<std::string>& addresses() const { return addresses_; }

  void Close() {
    gate_.Close();
    probes_->Close();
    streams_.DrainAll();
    MutexLock lock(&health_mu_);
    if (serving_) SetServing(false);
  }

  void Stop(absl::Duration deadline) {
    const Clock& clock = Clock::Real();
    const absl::Duration end = clock.Steady() + deadline;
    Close();
    if (stopped_.exchange(true)) return;
    executor_->Stop(deadline);
    hub_.Drain();
    if (server_ == nullptr) return;
    const absl::Duration left = std::max(absl::ZeroDuration(), end - clock.Steady());
    server_->Shutdown(absl::ToChronoTime(clock.Now() + left));
    server_->Wait();
  }

 private:
  Backend MakeBackend() { return {executor_, &gate_, &worker_, &streams_}; }

  void SetServing(bool serving) ABSL_EXCLUSIVE_LOCKS_REQUIRED(health_mu_) {
    serving_ = serving;
    auto* health = server_ == nullptr ? nullptr : server_->GetHealthCheckService();
    if (health == nullptr) return;
    health->SetServingStatus("", serving);
    for (const auto* service : Services()) {
      health->SetServingStatus(service->full_name(), serving);
    }
    health->SetServingStatus(kReady, serving && executor_->GetStatus().writable);
  }

  // On the worker: the store may have become read-only, or writable again.
  void Tick() {
    MutexLock lock(&health_mu_);
    auto* health = serving_ ? server_->GetHealthCheckService() : nullptr;
    if (health != nullptr) health->SetServingStatus(kReady, executor_->GetStatus().writable);
  }

  executor::Executor* const executor_;
  Gate gate_;
  OpenStreams streams_;
  std::atomic<bool> stopped_{false};
  std::vector<std::string> addresses_;  // set before anybody calls
  watch::Hub hub_;
  const std::shared_ptr<ProbeFeed> probes_;
  IpmpService ipmp_;
  ConfigService config_;
  WatchService watch_;
  AdminService admin_;
  std::unique_ptr<grpc::Server> server_;
  Mutex health_mu_;
  bool serving_ ABSL_GUARDED_BY(health_mu_) = false;
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
