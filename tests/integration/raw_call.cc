#include "tests/integration/raw_call.h"

#include <chrono>
#include <vector>

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

}  // namespace

grpc::Status RawCall(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                     const std::string& request, std::string* answer) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
  context.set_wait_for_ready(true);
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
  while (true) {
    grpc::ByteBuffer part;
    call->Read(&part, nullptr);
    if (!Next(&queue)) break;
    *answer = BytesOf(part);
  }
  grpc::Status status;
  call->Finish(&status, nullptr);
  Next(&queue);
  return status;
}

}  // namespace netstackd::integration
