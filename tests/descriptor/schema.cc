#include "tests/descriptor/schema.h"

#include <fstream>
#include <sstream>

#include "base/check.h"

namespace netstackd::descriptor {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::FileDescriptorProto;
using google::protobuf::FileDescriptorSet;

bool IsOurs(const FileDescriptor* file) { return file->package().starts_with("netstackd."); }

}  // namespace

std::string ReadText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

FileDescriptorSet ReadWireSet(const std::string& path) {
  FileDescriptorSet set;
  NSD_CHECK(set.ParseFromString(ReadText(path)));
  NSD_CHECK(set.file_size() > 0);
  return set;
}

Schema::Schema(const FileDescriptorSet& set)
    : pool_(std::make_unique<google::protobuf::DescriptorPool>()) {
  for (const FileDescriptorProto& proto : set.file()) {
    const FileDescriptor* file = pool_->BuildFile(proto);
    NSD_CHECK(file != nullptr);
    if (!IsOurs(file)) {
      continue;
    }
    files_.push_back(file);
    for (int i = 0; i < file->message_type_count(); ++i) {
      AddMessage(file->message_type(i));
    }
    for (int i = 0; i < file->enum_type_count(); ++i) {
      enums_.push_back(file->enum_type(i));
    }
    for (int i = 0; i < file->service_count(); ++i) {
      for (int j = 0; j < file->service(i)->method_count(); ++j) {
        methods_.push_back(file->service(i)->method(j));
      }
    }
  }
}

const Schema& Schema::Built() {
  static const Schema* const schema = new Schema(ReadWireSet(NETSTACKD_PROTOSET));
  return *schema;
}

void Schema::AddMessage(const Descriptor* message) {
  if (message->options().map_entry()) {
    return;
  }
  messages_.push_back(message);
  for (int i = 0; i < message->nested_type_count(); ++i) {
    AddMessage(message->nested_type(i));
  }
  for (int i = 0; i < message->enum_type_count(); ++i) {
    enums_.push_back(message->enum_type(i));
  }
}

bool IsPublic(const FileDescriptor* file) { return file->package() == "netstackd.v1"; }

}  // namespace netstackd::descriptor
