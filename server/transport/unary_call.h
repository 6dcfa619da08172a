// One call with one request and one answer.
#ifndef NETSTACKD_SERVER_TRANSPORT_UNARY_CALL_H_
#define NETSTACKD_SERVER_TRANSPORT_UNARY_CALL_H_

#include <array>
#include <string>

#include "google/protobuf/arena.h"
#include "google/protobuf/message_lite.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/async_unary_call.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/transport/event.h"

namespace netstackd::transport {

class CallServer;
struct Method;

// Ownership  Deletes itself when gRPC is done with it. Request and answer lie in its arena.
// Threads    Made, handled and deleted on the polling thread. Whoever answers is alone with the
//            call: until it is finished, exactly once, from any thread.
class UnaryCall final : public Event {
 public:
  const grpc::ServerContext& context() const { return context_; }
  // Ends the call with the answer its method was given, or with an error.
  void Finish(const grpc::Status& status);
  // Ends the call with an answer that is encoded already.
  void FinishEncoded(const std::string& answer);

 private:
  friend class CallServer;
  friend class MethodTable;

  UnaryCall(CallServer* server, const Method& method);
  ~UnaryCall() = default;

  // False, and the call is finished: these bytes are no such message.
  bool Parse(google::protobuf::MessageLite* request);
  google::protobuf::Arena* arena() { return &arena_; }
  void Done(bool ok) override;

  CallServer* const server_;
  const Method& method_;
  bool handled_ = false;
  grpc::ServerContext context_;
  grpc::ServerAsyncResponseWriter<grpc::ByteBuffer> writer_{&context_};
  grpc::ByteBuffer request_;
  google::protobuf::MessageLite* answer_ = nullptr;  // in the arena
  alignas(16) std::array<char, 4096> first_block_;
  google::protobuf::Arena arena_;
};

}  // namespace netstackd::transport

#endif  // NETSTACKD_SERVER_TRANSPORT_UNARY_CALL_H_
