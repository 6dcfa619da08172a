#include "server/transport/stream_call.h"

#include "server/transport/call_server.h"
#include "server/transport/messages.h"
#include "server/transport/method_table.h"

namespace netstackd::transport {

StreamReactor::StreamReactor(StreamCall* call) : call_(call) { call->reactor_ = this; }

void StreamReactor::StartSendInitialMetadata() {
  call_->stream_.SendInitialMetadata(call_->Begin(&call_->metadata_));
}

void StreamReactor::StartRead(google::protobuf::MessageLite* request) {
  call_->reading_ = request;
  call_->stream_.Read(&call_->incoming_, call_->Begin(&call_->read_));
}

void StreamReactor::StartWrite(const google::protobuf::MessageLite& answer) {
  StartWrite(Encode(answer));
}

void StreamReactor::StartWrite(const grpc::ByteBuffer& encoded) {
  call_->stream_.Write(encoded, call_->Begin(&call_->write_));
}

void StreamReactor::Finish(const grpc::Status& status) {
  call_->Refuse(call_->unreadable_.value_or(status));
}

void StreamReactor::TryCancel() { call_->context_.TryCancel(); }

void StreamCall::Operation::Done(bool ok) {
  (call_->*handler_)(ok);
  call_->Release();
}

StreamCall::StreamCall(CallServer* server, const Method& method)
    : server_(server), method_(method) {
  context_.AsyncNotifyWhenDone(static_cast<Event*>(&end_));
}

void StreamCall::Refuse(const grpc::Status& status) {
  stream_.Finish(status, static_cast<Event*>(&finish_));
}

void StreamCall::Done(bool ok) {
  if (!ok) {  // nobody called; the end of the call does not come either
    CallServer* server = server_;
    delete this;
    return server->End(false);
  }
  server_->Came(method_);
  if (!method_.reads_request) return Handle();
  stream_.Read(&incoming_, Begin(&request_read_));
}

bool StreamCall::Parse(const grpc::ByteBuffer& bytes, google::protobuf::MessageLite* request) {
  if (Decode(bytes, request)) return true;
  Refuse(server_->unreadable_(request->GetTypeName()));
  return false;
}

void StreamCall::Handle() {
  method_.stream(this, incoming_);
  if (cancelled_ && reactor_ != nullptr) reactor_->OnCancel();
}

void StreamCall::RequestRead(bool ok) {
  if (ok) return Handle();
  Refuse(grpc::Status(grpc::StatusCode::CANCELLED, "there was no request"));
}

void StreamCall::MetadataSent(bool ok) { reactor_->OnSendInitialMetadataDone(ok); }

void StreamCall::ReadDone(bool ok) {
  server_->Begin();
  if (ok && !Decode(incoming_, reading_)) {
    unreadable_ = server_->unreadable_(reading_->GetTypeName());
    ok = false;
  }
  incoming_.Clear();
  reactor_->OnReadDone(ok);
  server_->Answer();
}

void StreamCall::WriteDone(bool ok) { reactor_->OnWriteDone(ok); }

void StreamCall::Finished(bool) {}

void StreamCall::Ended(bool) {
  if (!context_.IsCancelled()) return;
  cancelled_ = reactor_ == nullptr;
  if (reactor_ != nullptr) reactor_->OnCancel();
}

Event* StreamCall::Begin(Operation* operation) {
  open_.fetch_add(1, std::memory_order_relaxed);
  return operation;
}

void StreamCall::Release() {
  if (open_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  CallServer* server = server_;
  if (reactor_ != nullptr) reactor_->OnDone();
  delete this;
  server->End(true);
}

}  // namespace netstackd::transport
