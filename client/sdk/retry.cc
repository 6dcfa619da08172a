#include <algorithm>
#include <memory>
#include <utility>

#include "client/sdk/backoff.h"
#include "netstackd/stub.h"

namespace netstackd {
namespace {

class RetryingStub final : public Stub {
 public:
  RetryingStub(std::unique_ptr<Stub> inner, RetryPolicy policy, RetryEnvironment environment)
      : inner_(std::move(inner)), policy_(policy), environment_(std::move(environment)) {}

  absl::Status Call(const std::string& method, const google::protobuf::Message& request,
                    absl::Duration timeout, google::protobuf::Message* response) override {
    const absl::Duration end = environment_.clock->Steady() + timeout;
    Backoff backoff(policy_, environment_);
    for (int attempt = 1;; ++attempt) {
      const absl::Duration left = end - environment_.clock->Steady();
      const absl::Status status = inner_->Call(method, request, left, response);
      if (status.code() != absl::StatusCode::kUnavailable || attempt >= policy_.attempts_max) {
        return status;
      }
      const absl::Duration wait = backoff.Next(status);
      if (environment_.clock->Steady() + wait >= end) return status;
      backoff.Sleep(wait);
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
  const std::unique_ptr<Stub> inner_;
  const RetryPolicy policy_;
  const RetryEnvironment environment_;
};

}  // namespace

std::unique_ptr<Stub> MakeRetryingStub(std::unique_ptr<Stub> inner, RetryPolicy policy,
                                       RetryEnvironment environment) {
  return std::make_unique<RetryingStub>(std::move(inner), policy, std::move(environment));
}

}  // namespace netstackd
