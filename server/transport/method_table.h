// Which method is handled by what.
#ifndef NETSTACKD_SERVER_TRANSPORT_METHOD_TABLE_H_
#define NETSTACKD_SERVER_TRANSPORT_METHOD_TABLE_H_

#include <deque>
#include <functional>
#include <string>

#include "google/protobuf/arena.h"
#include "server/transport/stream_call.h"
#include "server/transport/unary_call.h"

namespace netstackd::transport {

struct Method {
  std::string path;  // "/netstackd.v1.IpmpService/CreateGroup"
  int index = 0;     // in the table
  // One of the two. Handlers run on the polling thread, which they must not keep.
  std::function<void(UnaryCall*)> unary;
  std::function<void(StreamCall*, const grpc::ByteBuffer& request)> stream;
  bool reads_request = false;  // a stream of answers to one request
};

// Not thread-safe; does not change once the server was started.
class MethodTable {
 public:
  // `handler(call, request, response)` finishes the call, now or later; both messages live until
  // then.
  template <typename Request, typename Response, typename Handler>
  void Add(const std::string& path, const Handler& handler) {
    New(path).unary = [handler](UnaryCall* call) {
      using google::protobuf::Arena;
      auto* request = Arena::CreateMessage<Request>(call->arena());
      if (!call->Parse(request)) return;
      auto* response = Arena::CreateMessage<Response>(call->arena());
      call->answer_ = response;
      handler(call, request, response);
    };
  }
  template <typename Service, typename Request, typename Response>
  void Add(const std::string& path, Service* service,
           void (Service::*handler)(UnaryCall*, const Request*, Response*)) {
    Add<Request, Response>(
        path, [service, handler](UnaryCall* call, const Request* request, Response* response) {
          (service->*handler)(call, request, response);
        });
  }
  // A stream of answers: `(service->*handler)(call, request)` makes a reactor for the call, or
  // refuses it.
  template <typename Service, typename Request>
  void Add(const std::string& path, Service* service,
           void (Service::*handler)(StreamCall*, const Request&)) {
    Method& method = New(path);
    method.stream = [service, handler](StreamCall* call, const grpc::ByteBuffer& bytes) {
      Request request;
      if (call->Parse(bytes, &request)) (service->*handler)(call, request);
    };
    method.reads_request = true;
  }
  // Streams in both directions: `handler(call)`, likewise.
  void Add(const std::string& path, const std::function<void(StreamCall*)>& handler) {
    New(path).stream = [handler](StreamCall* call, const grpc::ByteBuffer&) { handler(call); };
  }

  const std::deque<Method>& methods() const { return methods_; }

 private:
  Method& New(const std::string& path) {
    Method& method = methods_.emplace_back();
    method.path = path;
    method.index = static_cast<int>(methods_.size()) - 1;
    return method;
  }

  std::deque<Method> methods_;  // calls point into it
};

}  // namespace netstackd::transport

#endif  // NETSTACKD_SERVER_TRANSPORT_METHOD_TABLE_H_
