#include "tests/bench/connections.h"

#include <grpcpp/grpcpp.h>

#include "absl/time/time.h"
#include "base/clock.h"

namespace netstackd::bench {
namespace {

constexpr absl::Duration kConnectMax = absl::Seconds(20);

}  // namespace

absl::StatusOr<std::vector<std::unique_ptr<grpc::GenericStub>>> Connect(const std::string& target,
                                                                        int callers,
                                                                        int of_connection) {
  std::vector<std::unique_ptr<grpc::GenericStub>> stubs;
  for (int i = 0; i < callers; i += of_connection) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    auto channel = grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), arguments);
    const absl::Time end = Clock::Real().Now() + kConnectMax;
    if (!channel->WaitForConnected(absl::ToChronoTime(end))) {
      return absl::UnavailableError("nobody answers at " + target);
    }
    stubs.push_back(std::make_unique<grpc::GenericStub>(channel));
  }
  return stubs;
}

}  // namespace netstackd::bench
