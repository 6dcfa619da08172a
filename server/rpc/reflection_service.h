// What this server offers, for tools that have no protos.
#ifndef NETSTACKD_SERVER_RPC_REFLECTION_SERVICE_H_
#define NETSTACKD_SERVER_RPC_REFLECTION_SERVICE_H_

#include "google/protobuf/descriptor.h"
#include "grpc/reflection/v1alpha/reflection.pb.h"
#include "server/rpc/open_streams.h"
#include "server/transport/method_table.h"

namespace netstackd::rpc {

// grpc.reflection.v1alpha.ServerReflection over the services of `methods`. Everybody may ask.
void RegisterReflection(transport::MethodTable* methods, OpenStreams* streams);

// The answer to one question about `methods` and the descriptors that are linked in.
grpc::reflection::v1alpha::ServerReflectionResponse Reflect(
    const transport::MethodTable& methods,
    const grpc::reflection::v1alpha::ServerReflectionRequest& request);

}  // namespace netstackd::rpc

#endif  // NETSTACKD_SERVER_RPC_REFLECTION_SERVICE_H_
