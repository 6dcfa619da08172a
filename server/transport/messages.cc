#include "server/transport/messages.h"

#include "base/check.h"
#include "google/protobuf/io/coded_stream.h"
#include "grpcpp/support/proto_buffer_reader.h"
#include "grpcpp/support/slice.h"

namespace netstackd::transport {

grpc::ByteBuffer Encode(const google::protobuf::MessageLite& message) {
  const std::size_t size = message.ByteSizeLong();
  grpc::Slice slice(size);
  auto* begin = const_cast<std::uint8_t*>(slice.begin());  // nobody else has it yet
  const std::uint8_t* end = message.SerializeWithCachedSizesToArray(begin);
  NSD_CHECK(end == begin + size);
  return grpc::ByteBuffer(&slice, 1);
}

bool Decode(const grpc::ByteBuffer& bytes, google::protobuf::MessageLite* message) {
  grpc::Slice slice;
  if (bytes.TrySingleSlice(&slice).ok()) {
    return message->ParseFromArray(slice.begin(), static_cast<int>(slice.size()));
  }
  grpc::ByteBuffer shared(bytes);
  grpc::ProtoBufferReader reader(&shared);
  return reader.status().ok() && message->ParseFromZeroCopyStream(&reader);
}

}  // namespace netstackd::transport
