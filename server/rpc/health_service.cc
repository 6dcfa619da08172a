#include "server/rpc/health_service.h"

#include <optional>
#include <utility>

namespace netstackd::rpc {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

// One watch: sends the newest status that was not sent, one message at a time.
//
// Ownership  Of the service until gRPC is done with it.
// Threads    Any; what is begun is decided under the lock, and begun without it.
class HealthService::Watcher final : public transport::StreamReactor {
 public:
  Watcher(transport::StreamCall* call, HealthService* service, std::string name, Status status)
      : transport::StreamReactor(call),
        service_(service),
        name_(std::move(name)),
        newest_(status) {}

  const std::string& name() const { return name_; }

  // Begins the next operation unless one is under way.
  void GoOn() {
    HealthCheckResponse response;
    {
      MutexLock lock(&mu_);
      if (writing_ || finished_ || (!ending_ && newest_ == sent_)) return;
      finished_ = ending_;
      writing_ = !ending_;
      sent_ = newest_;
      if (writing_) response.set_status(newest_);  // never UNKNOWN
    }
    if (response.status() != HealthCheckResponse::UNKNOWN) return StartWrite(response);
    Finish(grpc::Status(grpc::StatusCode::CANCELLED, "the watch ended"));
  }

  void Tell(Status status) {
    {
      MutexLock lock(&mu_);
      newest_ = status;
    }
    GoOn();
  }
  void End() {
    {
      MutexLock lock(&mu_);
      ending_ = true;
    }
    GoOn();
  }

 private:
  void OnWriteDone(bool ok) override {
    {
      MutexLock lock(&mu_);
      writing_ = false;
      ending_ = ending_ || !ok;
    }
    GoOn();
  }
  void OnCancel() override { End(); }
  void OnDone() override { service_->Remove(this); }

  HealthService* const service_;
  const std::string name_;
  Mutex mu_;
  Status newest_ ABSL_GUARDED_BY(mu_);
  std::optional<Status> sent_ ABSL_GUARDED_BY(mu_);
  bool writing_ ABSL_GUARDED_BY(mu_) = false;
  bool ending_ ABSL_GUARDED_BY(mu_) = false;
  bool finished_ ABSL_GUARDED_BY(mu_) = false;
};

void HealthService::Register(transport::MethodTable* methods) {
  methods->Add("/grpc.health.v1.Health/Check", this, &HealthService::Check);
  methods->Add("/grpc.health.v1.Health/Watch", this, &HealthService::Watch);
}

void HealthService::Set(const std::string& service, bool serving) {
  const Status status = serving ? HealthCheckResponse::SERVING : HealthCheckResponse::NOT_SERVING;
  std::set<std::shared_ptr<Watcher>> watchers;
  {
    MutexLock lock(&mu_);
    statuses_[service] = status;
    watchers = watchers_;
  }
  for (const auto& watcher : watchers) {
    if (watcher->name() == service) watcher->Tell(status);
  }
}

void HealthService::EndWatches() {
  std::set<std::shared_ptr<Watcher>> watchers;
  {
    MutexLock lock(&mu_);
    ended_ = true;
    watchers = watchers_;
  }
  for (const auto& watcher : watchers) watcher->End();
}

void HealthService::Check(transport::UnaryCall* call, const HealthCheckRequest* request,
                          HealthCheckResponse* response) {
  {
    MutexLock lock(&mu_);
    response->set_status(StatusOf(request->service()));
  }
  if (response->status() == HealthCheckResponse::SERVICE_UNKNOWN) {
    return call->Finish(
        grpc::Status(grpc::StatusCode::NOT_FOUND, "there is no service " + request->service()));
  }
  call->Finish(grpc::Status::OK);
}

void HealthService::Watch(transport::StreamCall* call, const HealthCheckRequest& request) {
  std::shared_ptr<Watcher> watcher;
  bool ended = false;
  {
    MutexLock lock(&mu_);
    watcher = std::make_shared<Watcher>(call, this, request.service(), StatusOf(request.service()));
    watchers_.insert(watcher);
    ended = ended_;
  }
  ended ? watcher->End() : watcher->GoOn();
}

HealthService::Status HealthService::StatusOf(const std::string& service) const {
  const auto found = statuses_.find(service);
  return found == statuses_.end() ? HealthCheckResponse::SERVICE_UNKNOWN : found->second;
}

void HealthService::Remove(Watcher* watcher) {
  std::shared_ptr<Watcher> last;  // destroyed without the lock
  MutexLock lock(&mu_);
  for (auto it = watchers_.begin(); it != watchers_.end(); ++it) {
    if (it->get() != watcher) continue;
    last = *it;
    watchers_.erase(it);
    return;
  }
}

}  // namespace netstackd::rpc
