#include "netstackd/client.h"

#include <chrono>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "client/sdk/channel_stub.h"

namespace netstackd {
namespace {

std::string EndpointOf(const ConnectOptions& options) {
  if (!options.endpoint.empty()) return options.endpoint;
  const char* named = std::getenv("NETSTACKD_SERVER");
  return named != nullptr && *named != '\0' ? named : kDefaultEndpoint;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Client>> Client::Connect(const ConnectOptions& options) {
  const std::string endpoint = EndpointOf(options);
  NSD_ASSIGN_OR_RETURN(const std::string target, sdk::TargetOf(endpoint));
  if (options.deadline <= absl::ZeroDuration()) {
    return absl::InvalidArgumentError("the deadline is not positive");
  }
  const auto channel = sdk::MakeChannel(target, options.user_agent);
  if (options.wait > absl::ZeroDuration() &&
      !channel->WaitForConnected(std::chrono::system_clock::now() +
                                 absl::ToChronoNanoseconds(options.wait))) {
    return absl::UnavailableError(absl::StrCat("nobody answers at ", endpoint, " within ",
                                               absl::FormatDuration(options.wait)));
  }
  return std::make_unique<Client>(MakeRetryingStub(sdk::MakeChannelStub(channel), options.retry),
                                  options.deadline);
}

Client::Client(std::unique_ptr<Stub> stub, absl::Duration deadline)
    : stub_(std::move(stub)),
      ipmp_(stub_.get(), deadline),
      config_(stub_.get(), deadline),
      admin_(stub_.get(), deadline),
      watch_(stub_.get()) {}

}  // namespace netstackd
