#include "client/cli/json.h"

#include <yaml-cpp/yaml.h>

#include <map>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"

namespace netstackd::cli {
namespace {

using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// MacType -> "MAC_TYPE_"
std::string PrefixOf(const EnumDescriptor& type) {
  std::string prefix;
  for (const char c : type.name()) {
    if (absl::ascii_isupper(static_cast<unsigned char>(c)) && !prefix.empty()) prefix += '_';
    prefix += absl::ascii_toupper(static_cast<unsigned char>(c));
  }
  return prefix + "_";
}

Json MessageJson(const Message& message) {
  if (const auto* time = dynamic_cast<const google::protobuf::Timestamp*>(&message)) {
    const absl::Time at = absl::FromUnixSeconds(time->seconds()) + absl::Nanoseconds(time->nanos());
    return absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", at, absl::UTCTimeZone());
  }
  if (const auto* duration = dynamic_cast<const google::protobuf::Duration*>(&message)) {
    return DurationText(absl::Seconds(duration->seconds()) + absl::Nanoseconds(duration->nanos()));
  }
  return ToJson(message);
}

// One value, or element `index` of a repeated field.
Json ValueJson(const Message& message, const FieldDescriptor& field, int index) {
  const Reflection& r = *message.GetReflection();
  const bool many = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return many ? r.GetRepeatedInt32(message, &field, index) : r.GetInt32(message, &field);
    case FieldDescriptor::CPPTYPE_INT64:
      return many ? r.GetRepeatedInt64(message, &field, index) : r.GetInt64(message, &field);
    case FieldDescriptor::CPPTYPE_UINT32:
      return many ? r.GetRepeatedUInt32(message, &field, index) : r.GetUInt32(message, &field);
    case FieldDescriptor::CPPTYPE_UINT64:
      return many ? r.GetRepeatedUInt64(message, &field, index) : r.GetUInt64(message, &field);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return many ? r.GetRepeatedDouble(message, &field, index) : r.GetDouble(message, &field);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return many ? r.GetRepeatedFloat(message, &field, index) : r.GetFloat(message, &field);
    case FieldDescriptor::CPPTYPE_BOOL:
      return many ? r.GetRepeatedBool(message, &field, index) : r.GetBool(message, &field);
    case FieldDescriptor::CPPTYPE_STRING:
      return many ? r.GetRepeatedString(message, &field, index) : r.GetString(message, &field);
    case FieldDescriptor::CPPTYPE_ENUM:
      return EnumText(many ? *r.GetRepeatedEnum(message, &field, index)
                           : *r.GetEnum(message, &field));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return MessageJson(many ? r.GetRepeatedMessage(message, &field, index)
                              : r.GetMessage(message, &field));
  }
  return nullptr;
}

Json RepeatedJson(const Message& message, const FieldDescriptor& field) {
  const Reflection& r = *message.GetReflection();
  const int size = r.FieldSize(message, &field);
  if (!field.is_map()) {
    Json list = Json::array();
    for (int i = 0; i < size; ++i) list.push_back(ValueJson(message, field, i));
    return list;
  }
  std::map<std::string, Json> sorted;  // the order of a map on the wire means nothing
  for (int i = 0; i < size; ++i) {
    const Message& entry = r.GetRepeatedMessage(message, &field, i);
    const Json key = ValueJson(entry, *entry.GetDescriptor()->map_key(), -1);
    sorted[key.is_string() ? key.get<std::string>() : key.dump()] =
        ValueJson(entry, *entry.GetDescriptor()->map_value(), -1);
  }
  Json object = Json::object();
  for (auto& [key, value] : sorted) object[key] = std::move(value);
  return object;
}

// A text that YAML would read as something else if it stood there without quotes.
bool NeedsQuotes(const std::string& text) {
  if (text.empty()) return true;
  if (text.find_first_of("0123456789") != std::string::npos &&
      text.find_first_not_of("0123456789.+-eExX_:TZ") == std::string::npos) {
    return true;
  }
  for (const char* word : {"true", "false", "yes", "no", "on", "off", "null", "~", "y", "n"}) {
    if (absl::AsciiStrToLower(text) == word) return true;
  }
  return false;
}

void EmitYaml(const Json& value, YAML::Emitter* out) {
  if (value.is_object()) {
    *out << YAML::BeginMap;
    for (const auto& [key, member] : value.items()) {
      *out << YAML::Key << key << YAML::Value;
      EmitYaml(member, out);
    }
    *out << YAML::EndMap;
  } else if (value.is_array()) {
    *out << YAML::BeginSeq;
    for (const Json& element : value) EmitYaml(element, out);
    *out << YAML::EndSeq;
  } else if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    if (NeedsQuotes(text)) *out << YAML::DoubleQuoted;
    *out << text;
  } else {
    *out << value.dump();
  }
}

}  // namespace

std::string EnumText(const EnumValueDescriptor& value) {
  const std::string prefix = PrefixOf(*value.type());
  std::string name = value.name();
  if (name.rfind(prefix, 0) == 0) name.erase(0, prefix.size());
  name = absl::AsciiStrToLower(name);
  return name == "unspecified" ? "" : name;
}

std::string EnumText(const EnumDescriptor& type, int number) {
  const EnumValueDescriptor* value = type.FindValueByNumber(number);
  return value == nullptr ? std::to_string(number) : EnumText(*value);
}

const EnumValueDescriptor* EnumByText(const EnumDescriptor& type, const std::string& text) {
  for (int i = 0; i < type.value_count(); ++i) {
    if (!text.empty() && EnumText(*type.value(i)) == text) return type.value(i);
  }
  return nullptr;
}

std::string EnumTexts(const EnumDescriptor& type) {
  std::vector<std::string> texts;
  for (int i = 0; i < type.value_count(); ++i) {
    std::string text = EnumText(*type.value(i));
    if (!text.empty()) texts.push_back(std::move(text));
  }
  return absl::StrJoin(texts, ", ");
}

Json ToJson(const Message& message) {
  Json out = Json::object();
  const auto& type = *message.GetDescriptor();
  const Reflection& r = *message.GetReflection();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    Json value;
    if (field.is_repeated()) {
      if (r.FieldSize(message, &field) == 0) continue;
      value = RepeatedJson(message, field);
    } else {
      if (field.has_presence() && !r.HasField(message, &field)) continue;
      value = ValueJson(message, field, -1);
      if (value == "" && !field.has_presence()) continue;
      if (value == "" && field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) continue;
    }
    out[field.name()] = std::move(value);
  }
  return out;
}

std::string DurationText(absl::Duration duration) {
  const bool negative = duration < absl::ZeroDuration();
  const absl::Duration size = absl::AbsDuration(duration);
  std::string fraction = std::to_string((size % absl::Seconds(1)) / absl::Nanoseconds(1));
  fraction.insert(0, 9 - fraction.size(), '0');
  fraction.erase(fraction.find_last_not_of('0') + 1);
  return absl::StrCat(negative ? "-" : "", size / absl::Seconds(1), fraction.empty() ? "" : ".",
                      fraction, "s");
}

std::string ToYaml(const Json& document) {
  YAML::Emitter out;
  EmitYaml(document, &out);
  return absl::StrCat(out.c_str(), "\n");
}

}  // namespace netstackd::cli
