#include <algorithm>
#include <memory>
#include <random>
#include <utility>

#include "absl/time/clock.h"
#include "netstackd/errors.h"
#include "netstackd/stub.h"

namespace netstackd {
namespace {

// [0, 1). Thread-safe: every thread has its own generator.
double SystemRandom() {
  thread_local std::minstd_rand generator{std::random_device{}()};
  return std::uniform_real_distribution<double>(0.0, 1.0)(generator);
}

class RetryingStub final : public Stub {
 public:
  RetryingStub(std::unique_ptr<Stub> inner, RetryPolicy policy, RetryEnvironment environment)
      : inner_(std::move(inner)), policy_(policy), environment_(std::move(environment)) {
    if (!environment_.sleep) environment_.sleep = absl::SleepFor;
    if (!environment_.random) environment_.random = SystemRandom;
  }

  absl::Status Call(const std::string& method, const google::protobuf::Message& request,
                    absl::Duration timeout, google::protobuf::Message* response) override {
    const absl::Duration end = environment_.clock->Steady() + timeout;
    absl::Duration backoff = policy_.backoff_first;
    for (int attempt = 1;; ++attempt) {
      const absl::Duration left = end - environment_.clock->Steady();
      const absl::Status status = inner_->Call(method, request, left, response);
      if (status.code() != absl::StatusCode::kUnavailable || attempt >= policy_.attempts_max) {
        return status;
      }
      const absl::Duration wait =
          std::max(Jittered(backoff), RetryDelayOf(status).value_or(absl::ZeroDuration()));
      if (environment_.clock->Steady() + wait >= end) return status;
      environment_.sleep(wait);
      backoff = std::min(backoff * policy_.backoff_factor, policy_.backoff_max);
    }
  }

  absl::Status Stream(const std::string& method, const google::protobuf::Message& request,
                      absl::Duration timeout, google::protobuf::Message* message,
                      const std::function<absl::Status()>& visit) override {
    return inner_->Stream(method, request, timeout, message, visit);
  }

  absl::Status Follow(const std::string& method, const google::protobuf::Message& request,
                      absl::Duration silence_max, Stopper* stopper,
                      google::protobuf::Message* message,
                      const std::function<absl::Status()>& visit) override {
    return inner_->Follow(method, request, silence_max, stopper, message, visit);
  }

  std::unique_ptr<Duplex> Open(const std::string& method, absl::Duration timeout,
                               google::protobuf::Message* message,
                               std::function<void()> visit) override {
    return inner_->Open(method, timeout, message, std::move(visit));
  }

 private:
  absl::Duration Jittered(absl::Duration backoff) const {
    return backoff * (1.0 - policy_.jitter + 2.0 * policy_.jitter * environment_.random());
  }

  const std::unique_ptr<Stub> inner_;
  const RetryPolicy policy_;
  RetryEnvironment environment_;  // const after the constructor
};

}  // namespace

std::unique_ptr<Stub> MakeRetryingStub(std::unique_ptr<Stub> inner, RetryPolicy policy,
                                       RetryEnvironment environment) {
  return std::make_unique<RetryingStub>(std::move(inner), policy, std::move(environment));
}

}  // namespace netstackd
