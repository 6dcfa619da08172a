#include "server/transport/unary_call.h"

#include "grpcpp/support/slice.h"
#include "server/transport/call_server.h"
#include "server/transport/messages.h"
#include "server/transport/method_table.h"

namespace netstackd::transport {
namespace {

google::protobuf::ArenaOptions In(std::array<char, 4096>* block) {
  google::protobuf::ArenaOptions options;
  options.initial_block = block->data();
  options.initial_block_size = block->size();
  return options;
}

}  // namespace

UnaryCall::UnaryCall(CallServer* server, const Method& method)
    : server_(server), method_(method), arena_(In(&first_block_)) {}

void UnaryCall::Done(bool ok) {
  if (ok && !handled_) {
    handled_ = true;
    server_->Came(method_);
    server_->Begin();
    method_.unary(this);
    return;
  }
  CallServer* server = server_;
  const bool handled = handled_;
  delete this;
  server->End(handled);
}

bool UnaryCall::Parse(google::protobuf::MessageLite* request) {
  if (Decode(request_, request)) return true;
  Finish(server_->unreadable_(request->GetTypeName()));
  return false;
}

void UnaryCall::Finish(const grpc::Status& status) {
  server_->Answer();
  if (!status.ok()) return writer_.FinishWithError(status, static_cast<Event*>(this));
  writer_.Finish(Encode(*answer_), grpc::Status::OK, static_cast<Event*>(this));
}

void UnaryCall::FinishEncoded(const std::string& answer) {
  server_->Answer();
  const grpc::Slice slice(answer);
  writer_.Finish(grpc::ByteBuffer(&slice, 1), grpc::Status::OK, static_cast<Event*>(this));
}

}  // namespace netstackd::transport
