// One value of a message as text, whatever its field is.
#ifndef NETSTACKD_SERVER_CODEC_API_SCALARS_H_
#define NETSTACKD_SERVER_CODEC_API_SCALARS_H_

#include <string>

#include "google/protobuf/message.h"

namespace netstackd::codec {

// google.protobuf.Duration and Timestamp, which count as values.
bool IsTimeMessage(const google::protobuf::Descriptor* type);

// Numbers in decimal, enumeration values by name (by number if they have none), bytes as they are,
// durations and times as in proto JSON without the quotes. `index` -1: the field is singular.
// The field is no message other than a time.
std::string ScalarText(const google::protobuf::Message& message,
                       const google::protobuf::FieldDescriptor* field, int index);

}  // namespace netstackd::codec

#endif  // NETSTACKD_SERVER_CODEC_API_SCALARS_H_
