#include "tests/integration/raw_call.h"

#include "grpcpp/generic/generic_stub.h"

namespace netstackd::integration {
namespace {

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

// One step of a call: false once the queue says that there is nothing more.
bool Next(grpc::CompletionQueue* queue) {
  void* tag = nullptr;
  bool ok = false;
  return queue->Next(&tag, &ok) && ok;
}

void Prepare(grpc::ClientContext* context) {
  context->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
  context->set_wait_for_ready(true);
}

grpc::Status Finish(grpc::GenericClientAsyncReaderWriter& call, grpc::CompletionQueue* queue) {
  grpc::Status status;
  call.Finish(&status, nullptr);
  Next(queue);
  return status;
}

}  // namespace

grpc::Status RawCall(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                     const std::string& request, std::string* answer) {
  grpc::ClientContext context;
  Prepare(&context);
  grpc::CompletionQueue queue;
  grpc::GenericStub stub(channel);
  const auto call = stub.PrepareCall(&context, method, &queue);
  call->StartCall(nullptr);
  bool going = Next(&queue);
  if (going) {
    const grpc::Slice slice(request);
    call->WriteLast(grpc::ByteBuffer(&slice, 1), grpc::WriteOptions(), nullptr);
    going = Next(&queue);
  }
  while (going) {
    grpc::ByteBuffer part;
    call->Read(&part, nullptr);
    if (!Next(&queue)) break;
    *answer = BytesOf(part);
  }
  return Finish(*call, &queue);
}

grpc::Status BriefCall(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                       const std::vector<std::string>& requests, std::size_t answers_max,
                       std::chrono::milliseconds patience, std::vector<std::string>* answers) {
  grpc::ClientContext context;
  Prepare(&context);
  grpc::CompletionQueue queue;
  grpc::GenericStub stub(channel);
  const auto call = stub.PrepareCall(&context, method, &queue);
  call->StartCall(nullptr);
  bool going = Next(&queue);
  for (std::size_t i = 0; going && i < requests.size(); ++i) {
    const grpc::Slice slice(requests[i]);
    call->Write(grpc::ByteBuffer(&slice, 1), nullptr);
    going = Next(&queue);
  }
  if (going) {
    call->WritesDone(nullptr);
    going = Next(&queue);
  }
  while (true) {
    grpc::ByteBuffer part;
    call->Read(&part, nullptr);
    void* tag = nullptr;
    bool ok = false;
    const auto until = std::chrono::system_clock::now() + patience;
    if (answers->size() == answers_max ||
        queue.AsyncNext(&tag, &ok, until) == grpc::CompletionQueue::TIMEOUT) {
      context.TryCancel();
      ok = Next(&queue);
    }
    if (!ok) break;
    answers->push_back(BytesOf(part));
  }
  return Finish(*call, &queue);
}

}  // namespace netstackd::integration
