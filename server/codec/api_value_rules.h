// Judges one value by one row of the table.
#ifndef NETSTACKD_SERVER_CODEC_API_VALUE_RULES_H_
#define NETSTACKD_SERVER_CODEC_API_VALUE_RULES_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "google/protobuf/message.h"
#include "server/codec/api_problems.h"
#include "server/codec/api_rules.h"

namespace netstackd::codec {

// Writes out where a value is; asked only if there is something to say about it.
using PathOf = absl::FunctionRef<std::string()>;

// `reflection` is that of the message.
//
// A field that is not repeated, or labels, or a mask. kMessage, kAny and kIgnored are not for here.
void CheckField(const google::protobuf::Reflection& reflection,
                const google::protobuf::Message& message,
                const google::protobuf::FieldDescriptor* field, const Rule& rule, PathOf path,
                Problems* problems);
// One element of a repeated field.
void CheckElement(const google::protobuf::Reflection& reflection,
                  const google::protobuf::Message& message,
                  const google::protobuf::FieldDescriptor* field, int index, const Rule& rule,
                  PathOf path, Problems* problems);

}  // namespace netstackd::codec

#endif  // NETSTACKD_SERVER_CODEC_API_VALUE_RULES_H_
