// The stub that talks gRPC.
#ifndef NETSTACKD_CLIENT_SDK_CHANNEL_STUB_H_
#define NETSTACKD_CLIENT_SDK_CHANNEL_STUB_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "grpcpp/channel.h"
#include "netstackd/stub.h"

namespace netstackd::sdk {

// What gRPC understands: "unix:/path" or "host:port".
// Errors: INVALID_ARGUMENT for anything but unix:/path, /path and host:port.
absl::StatusOr<std::string> TargetOf(const std::string& endpoint);

// A channel that connects when it is used and again 0.1 to 2 s after it was lost; no proxy, no
// retry and no compression of gRPC's own.
std::shared_ptr<grpc::Channel> MakeChannel(const std::string& target,
                                           const std::string& user_agent);

std::unique_ptr<Stub> MakeChannelStub(std::shared_ptr<grpc::Channel> channel);

}  // namespace netstackd::sdk

#endif  // NETSTACKD_CLIENT_SDK_CHANNEL_STUB_H_
