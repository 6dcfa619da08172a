// The .proto files as protoc read them, with their comments.
#ifndef NETSTACKD_TESTS_DESCRIPTOR_SCHEMA_H_
#define NETSTACKD_TESTS_DESCRIPTOR_SCHEMA_H_

#include <memory>
#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"

namespace netstackd::descriptor {

// Reads a FileDescriptorSet in wire format. Ends the program if that is not possible.
google::protobuf::FileDescriptorSet ReadWireSet(const std::string& path);
// Reads a whole file; nothing if it cannot be read.
std::string ReadText(const std::string& path);

// Our own files of a FileDescriptorSet: packages netstackd.v1 and netstackd.journal.v1.
//
// Ownership  Owns every descriptor it hands out.
// Threads    Immutable once made; any.
class Schema {
 public:
  // `set` has every import before its importer, and source information.
  explicit Schema(const google::protobuf::FileDescriptorSet& set);

  // What this build was made from; loaded once.
  static const Schema& Built();

  // In the order of the set, and within a file in the order of the text; nested ones too.
  const std::vector<const google::protobuf::FileDescriptor*>& files() const { return files_; }
  const std::vector<const google::protobuf::Descriptor*>& messages() const { return messages_; }
  const std::vector<const google::protobuf::EnumDescriptor*>& enums() const { return enums_; }
  const std::vector<const google::protobuf::MethodDescriptor*>& methods() const { return methods_; }

 private:
  void AddMessage(const google::protobuf::Descriptor* message);

  std::unique_ptr<google::protobuf::DescriptorPool> pool_;
  std::vector<const google::protobuf::FileDescriptor*> files_;
  std::vector<const google::protobuf::Descriptor*> messages_;
  std::vector<const google::protobuf::EnumDescriptor*> enums_;
  std::vector<const google::protobuf::MethodDescriptor*> methods_;
};

// Part of the public API, not a durable record.
bool IsPublic(const google::protobuf::FileDescriptor* file);

// The comment above a declaration, without the slashes; empty if there is none.
template <typename D>
std::string CommentOf(const D* declaration) {
  google::protobuf::SourceLocation location;
  if (!declaration->GetSourceLocation(&location)) {
    return "";
  }
  return location.leading_comments;
}

}  // namespace netstackd::descriptor

#endif  // NETSTACKD_TESTS_DESCRIPTOR_SCHEMA_H_
