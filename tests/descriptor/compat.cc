#include "tests/descriptor/compat.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/check.h"
#include "google/protobuf/text_format.h"

namespace netstackd::descriptor {
namespace {

using google::protobuf::DescriptorProto;
using google::protobuf::EnumDescriptorProto;
using google::protobuf::FieldDescriptorProto;
using google::protobuf::FileDescriptorProto;
using google::protobuf::FileDescriptorSet;
using google::protobuf::ServiceDescriptorProto;

// What is relied on: where it stands -> what it is.
using Facts = std::map<std::string, std::string>;

std::string Describe(const DescriptorProto& message, const FieldDescriptorProto& field) {
  std::string type = FieldDescriptorProto::Type_Name(field.type());
  if (field.has_type_name()) {
    type = field.type_name();
  }
  std::string text =
      absl::StrCat(field.label() == FieldDescriptorProto::LABEL_REPEATED ? "repeated " : "",
                   field.proto3_optional() ? "optional " : "", type, " ", field.name());
  if (field.has_oneof_index() && !field.proto3_optional()) {
    absl::StrAppend(&text, " of oneof ", message.oneof_decl(field.oneof_index()).name());
  }
  return text;
}

void AddEnum(const std::string& scope, const EnumDescriptorProto& proto, Facts& facts) {
  const std::string name = absl::StrCat(scope, ".", proto.name());
  facts[absl::StrCat("enum ", name)] = "an enum";
  for (const auto& value : proto.value()) {
    facts[absl::StrCat("value ", value.number(), " of ", name)] = value.name();
  }
  for (const auto& range : proto.reserved_range()) {  // its end is included
    for (int number = range.start(); number <= range.end(); ++number) {
      facts[absl::StrCat("reserved value ", number, " of ", name)] = "reserved";
    }
  }
  for (const std::string& reserved : proto.reserved_name()) {
    facts[absl::StrCat("reserved name ", reserved, " of ", name)] = "reserved";
  }
}

void AddMessage(const std::string& scope, const DescriptorProto& proto, Facts& facts) {
  const std::string name = absl::StrCat(scope, ".", proto.name());
  facts[absl::StrCat("message ", name)] = "a message";
  for (const FieldDescriptorProto& field : proto.field()) {
    facts[absl::StrCat("field ", field.number(), " of ", name)] = Describe(proto, field);
  }
  for (const auto& range : proto.reserved_range()) {  // its end is not included
    for (int number = range.start(); number < range.end(); ++number) {
      facts[absl::StrCat("reserved field ", number, " of ", name)] = "reserved";
    }
  }
  for (const std::string& reserved : proto.reserved_name()) {
    facts[absl::StrCat("reserved name ", reserved, " of ", name)] = "reserved";
  }
  for (const DescriptorProto& nested : proto.nested_type()) {
    AddMessage(name, nested, facts);
  }
  for (const EnumDescriptorProto& nested : proto.enum_type()) {
    AddEnum(name, nested, facts);
  }
}

void AddService(const std::string& scope, const ServiceDescriptorProto& proto, Facts& facts) {
  const std::string name = absl::StrCat(scope, ".", proto.name());
  facts[absl::StrCat("service ", name)] = "a service";
  for (const auto& method : proto.method()) {
    facts[absl::StrCat("rpc ", name, ".", method.name())] =
        absl::StrCat("(", method.client_streaming() ? "stream " : "", method.input_type(), ") -> (",
                     method.server_streaming() ? "stream " : "", method.output_type(), ")");
  }
}

Facts FactsOf(const FileDescriptorSet& set) {
  const FileDescriptorSet ours = Strip(set);
  Facts facts;
  for (const FileDescriptorProto& file : ours.file()) {
    for (const DescriptorProto& message : file.message_type()) {
      AddMessage(file.package(), message, facts);
    }
    for (const EnumDescriptorProto& enumeration : file.enum_type()) {
      AddEnum(file.package(), enumeration, facts);
    }
    for (const ServiceDescriptorProto& service : file.service()) {
      AddService(file.package(), service, facts);
    }
  }
  return facts;
}

}  // namespace

FileDescriptorSet Strip(const FileDescriptorSet& set) {
  FileDescriptorSet stripped;
  for (const FileDescriptorProto& file : set.file()) {
    if (!file.package().starts_with("netstackd.")) {
      continue;
    }
    FileDescriptorProto& copy = *stripped.add_file();
    copy = file;
    copy.clear_source_code_info();
  }
  return stripped;
}

std::string FormatLock(const FileDescriptorSet& set) {
  std::string text;
  NSD_CHECK(google::protobuf::TextFormat::PrintToString(Strip(set), &text));
  return text;
}

FileDescriptorSet ParseLock(const std::string& text) {
  FileDescriptorSet set;
  NSD_CHECK(google::protobuf::TextFormat::ParseFromString(text, &set));
  return set;
}

Differences Compare(const FileDescriptorSet& locked, const FileDescriptorSet& now) {
  const Facts before = FactsOf(locked);
  const Facts after = FactsOf(now);
  Differences differences;
  for (const auto& [where, what] : before) {
    const auto found = after.find(where);
    if (found == after.end()) {
      differences.breaking.push_back(absl::StrCat(where, ": was ", what, ", is gone"));
    } else if (found->second != what) {
      differences.breaking.push_back(absl::StrCat(where, ": was ", what, ", is ", found->second));
    }
  }
  for (const auto& [where, what] : after) {
    if (!before.contains(where)) {
      differences.added.push_back(absl::StrCat(where, ": ", what));
    }
  }
  return differences;
}

}  // namespace netstackd::descriptor
