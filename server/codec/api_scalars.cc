#include "server/codec/api_scalars.h"

#include "absl/strings/str_cat.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/util/time_util.h"

namespace netstackd::codec {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::util::TimeUtil;

bool IsTimeMessage(const google::protobuf::Descriptor* type) {
  return type == google::protobuf::Duration::descriptor() ||
         type == google::protobuf::Timestamp::descriptor();
}

std::string ScalarText(const Message& message, const FieldDescriptor* field, int index) {
  const auto* r = message.GetReflection();
  const bool one = index < 0;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return (one ? r->GetBool(message, field) : r->GetRepeatedBool(message, field, index))
                 ? "true"
                 : "false";
    case FieldDescriptor::CPPTYPE_INT32:
      return std::to_string(one ? r->GetInt32(message, field)
                                : r->GetRepeatedInt32(message, field, index));
    case FieldDescriptor::CPPTYPE_UINT32:
      return std::to_string(one ? r->GetUInt32(message, field)
                                : r->GetRepeatedUInt32(message, field, index));
    case FieldDescriptor::CPPTYPE_INT64:
      return std::to_string(one ? r->GetInt64(message, field)
                                : r->GetRepeatedInt64(message, field, index));
    case FieldDescriptor::CPPTYPE_UINT64:
      return std::to_string(one ? r->GetUInt64(message, field)
                                : r->GetRepeatedUInt64(message, field, index));
    case FieldDescriptor::CPPTYPE_ENUM: {
      const int number =
          one ? r->GetEnumValue(message, field) : r->GetRepeatedEnumValue(message, field, index);
      const auto* value = field->enum_type()->FindValueByNumber(number);
      return value == nullptr ? std::to_string(number) : value->name();
    }
    case FieldDescriptor::CPPTYPE_STRING:
      return one ? r->GetString(message, field) : r->GetRepeatedString(message, field, index);
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      const Message& value =
          one ? r->GetMessage(message, field) : r->GetRepeatedMessage(message, field, index);
      if (field->message_type() == google::protobuf::Duration::descriptor()) {
        return TimeUtil::ToString(static_cast<const google::protobuf::Duration&>(value));
      }
      return TimeUtil::ToString(static_cast<const google::protobuf::Timestamp&>(value));
    }
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return absl::StrCat(one ? r->GetDouble(message, field)
                              : r->GetRepeatedDouble(message, field, index));
    case FieldDescriptor::CPPTYPE_FLOAT:
      return absl::StrCat(one ? r->GetFloat(message, field)
                              : r->GetRepeatedFloat(message, field, index));
  }
  return {};
}

}  // namespace netstackd::codec
