// Messages as the bytes that gRPC carries.
#ifndef NETSTACKD_SERVER_TRANSPORT_MESSAGES_H_
#define NETSTACKD_SERVER_TRANSPORT_MESSAGES_H_

#include <string>

#include "google/protobuf/message_lite.h"
#include "grpcpp/support/byte_buffer.h"

namespace netstackd::transport {

grpc::ByteBuffer Encode(const google::protobuf::MessageLite& message);
// False if these bytes are no such message.
bool Decode(const grpc::ByteBuffer& bytes, google::protobuf::MessageLite* message);

}  // namespace netstackd::transport

#endif  // NETSTACKD_SERVER_TRANSPORT_MESSAGES_H_
