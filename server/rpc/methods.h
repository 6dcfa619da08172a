// The methods of this server by their descriptors.
#ifndef NETSTACKD_SERVER_RPC_METHODS_H_
#define NETSTACKD_SERVER_RPC_METHODS_H_

#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"

namespace netstackd::rpc {

// IpmpService, ConfigService, AdminService, WatchService.
std::vector<const google::protobuf::ServiceDescriptor*> Services();

// "/netstackd.v1.IpmpService/CreateGroup".
std::string FullName(const google::protobuf::MethodDescriptor& method);

// Full name of the method that takes one `request`; every request type is that of one such method.
// A stream of requests has no name here.
const std::string& MethodOf(const google::protobuf::Descriptor& request);

}  // namespace netstackd::rpc

#endif  // NETSTACKD_SERVER_RPC_METHODS_H_
