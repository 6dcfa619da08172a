#include "server/rpc/methods.h"

#include <map>

#include "base/check.h"
#include "netstackd/v1/admin.pb.h"
#include "netstackd/v1/config.pb.h"
#include "netstackd/v1/ipmp_service.pb.h"
#include "netstackd/v1/watch.pb.h"

namespace netstackd::rpc {

std::vector<const google::protobuf::ServiceDescriptor*> Services() {
  std::vector<const google::protobuf::ServiceDescriptor*> services;
  for (const auto* file :
       {v1::BringUpRequest::descriptor()->file(), v1::TransactRequest::descriptor()->file(),
        v1::BackupRequest::descriptor()->file(), v1::WatchRequest::descriptor()->file()}) {
    for (int i = 0; i < file->service_count(); ++i) services.push_back(file->service(i));
  }
  return services;
}

std::string FullName(const google::protobuf::MethodDescriptor& method) {
  return "/" + method.service()->full_name() + "/" + method.name();
}

const std::string& MethodOf(const google::protobuf::Descriptor& request) {
  using Table = std::map<const google::protobuf::Descriptor*, std::string>;
  static const Table* const kTable = [] {
    auto* table = new Table;
    for (const auto* service : Services()) {
      for (int i = 0; i < service->method_count(); ++i) {
        const auto& method = *service->method(i);
        if (method.client_streaming()) continue;
        const bool fresh = table->try_emplace(method.input_type(), FullName(method)).second;
        NSD_CHECK(fresh);
      }
    }
    return table;
  }();
  const auto found = kTable->find(&request);
  NSD_CHECK(found != kTable->end());
  return found->second;
}

}  // namespace netstackd::rpc
