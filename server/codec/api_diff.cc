#include "server/codec/api_diff.h"

#include <cstdio>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/util/time_util.h"
#include "server/codec/api_scalars.h"

namespace netstackd::codec {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::util::TimeUtil;

std::string Quoted(const std::string& text) {
  std::string json = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      json.push_back('\\');
      json.push_back(c);
    } else if (byte < 0x20 || byte == 0x7f) {
      char buffer[8];
      std::snprintf(buffer, sizeof buffer, "\\u%04x", byte);
      json += buffer;
    } else {
      json.push_back(c);
    }
  }
  json.push_back('"');
  return json;
}

// `index` -1: the field is singular.
std::string ScalarJson(const Message& message, const FieldDescriptor* field, int index) {
  const auto* r = message.GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return JsonOf(index < 0 ? r->GetMessage(message, field)
                              : r->GetRepeatedMessage(message, field, index));
    case FieldDescriptor::CPPTYPE_ENUM:
    case FieldDescriptor::CPPTYPE_INT64:  // strings in proto JSON
    case FieldDescriptor::CPPTYPE_UINT64:
    case FieldDescriptor::CPPTYPE_STRING:
      return Quoted(ScalarText(message, field, index));
    case FieldDescriptor::CPPTYPE_BOOL:
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      break;
  }
  return ScalarText(message, field, index);
}

// Entries in the order of their keys.
std::string MapJson(const Message& message, const FieldDescriptor* field) {
  std::map<std::string, std::string> entries;
  for (int i = 0; i < message.GetReflection()->FieldSize(message, field); ++i) {
    const Message& entry = message.GetReflection()->GetRepeatedMessage(message, field, i);
    const auto* type = field->message_type();
    std::string key = ScalarJson(entry, type->map_key(), -1);
    if (key.front() != '"') key = Quoted(key);
    entries[key] = ScalarJson(entry, type->map_value(), -1);
  }
  std::string json;
  for (const auto& [key, value] : entries) {
    absl::StrAppend(&json, json.empty() ? "{" : ",", key, ":", value);
  }
  return json.empty() ? "{}" : json + "}";
}

class Differ {
 public:
  explicit Differ(const std::function<bool(const std::string&)>& skip) : skip_(skip) {}

  void Visit(const Message& before, const Message& after, const std::string& prefix) {
    const auto* descriptor = before.GetDescriptor();
    for (int i = 0; i < descriptor->field_count(); ++i) {
      const FieldDescriptor* field = descriptor->field(i);
      const std::string path = prefix + field->name();
      if (skip_(path)) continue;
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field->is_repeated() &&
          !IsTimeMessage(field->message_type()) &&
          before.GetReflection()->HasField(before, field) &&
          after.GetReflection()->HasField(after, field)) {
        Visit(before.GetReflection()->GetMessage(before, field),
              after.GetReflection()->GetMessage(after, field), path + ".");
        continue;
      }
      Difference difference{path, JsonOf(before, field), JsonOf(after, field)};
      if (difference.before != difference.after) found.push_back(std::move(difference));
    }
  }

  std::vector<Difference> found;

 private:
  const std::function<bool(const std::string&)>& skip_;
};

}  // namespace

std::vector<Difference> Diff(const Message& before, const Message& after,
                             const std::function<bool(const std::string& path)>& skip) {
  Differ differ(skip);
  differ.Visit(before, after, "");
  return std::move(differ.found);
}

std::string JsonOf(const Message& message, const FieldDescriptor* field) {
  if (field->is_map()) return MapJson(message, field);
  if (!field->is_repeated()) {
    if (field->has_presence() && !message.GetReflection()->HasField(message, field)) return {};
    return ScalarJson(message, field, -1);
  }
  std::string json = "[";
  for (int i = 0; i < message.GetReflection()->FieldSize(message, field); ++i) {
    absl::StrAppend(&json, i == 0 ? "" : ",", ScalarJson(message, field, i));
  }
  return json + "]";
}

std::string JsonOf(const Message& message) {
  if (message.GetDescriptor() == google::protobuf::Duration::descriptor()) {
    return Quoted(TimeUtil::ToString(static_cast<const google::protobuf::Duration&>(message)));
  }
  if (message.GetDescriptor() == google::protobuf::Timestamp::descriptor()) {
    return Quoted(TimeUtil::ToString(static_cast<const google::protobuf::Timestamp&>(message)));
  }
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  std::string json;
  for (const FieldDescriptor* field : fields) {
    absl::StrAppend(&json, json.empty() ? "{" : ",", "\"", field->json_name(),
                    "\":", JsonOf(message, field));
  }
  return json.empty() ? "{}" : json + "}";
}

}  // namespace netstackd::codec
