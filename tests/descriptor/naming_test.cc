// Names and shapes that every .proto file of ours keeps to.
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/descriptor/schema.h"

namespace netstackd::descriptor {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;

// "UsesrcRole" -> "USESRC_ROLE".
std::string UpperSnake(const std::string& camel) {
  std::string text;
  for (std::size_t i = 0; i < camel.size(); ++i) {
    if (i > 0 && absl::ascii_isupper(static_cast<unsigned char>(camel[i]))) {
      text += '_';
    }
    text += absl::ascii_toupper(static_cast<unsigned char>(camel[i]));
  }
  return text;
}

TEST(NamingTest, EveryFileOfTheFoldersIsBuilt) {
  std::set<std::string> built;
  for (const FileDescriptor* file : Schema::Built().files()) {
    built.insert(file->name());
  }
  const std::filesystem::path root = NETSTACKD_PROTO_DIR;
  std::set<std::string> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root / "netstackd")) {
    if (entry.path().extension() == ".proto") {
      found.insert(std::filesystem::relative(entry.path(), root).string());
    }
  }
  EXPECT_EQ(found, built) << "proto/CMakeLists.txt lists what is built";
}

TEST(NamingTest, PackageIsTheFolder) {
  for (const FileDescriptor* file : Schema::Built().files()) {
    const std::string folder = std::filesystem::path(file->name()).parent_path().string();
    EXPECT_EQ(absl::StrReplaceAll(folder, {{"/", "."}}), file->package()) << file->name();
    EXPECT_EQ(file->syntax(), FileDescriptor::SYNTAX_PROTO3) << file->name();
  }
}

TEST(NamingTest, MessagesAreCamelAndFieldsAreSnake) {
  const std::regex camel("[A-Z][A-Za-z0-9]*");
  const std::regex snake("[a-z][a-z0-9]*(_[a-z0-9]+)*");
  for (const Descriptor* message : Schema::Built().messages()) {
    EXPECT_TRUE(std::regex_match(message->name(), camel)) << message->full_name();
    for (int i = 0; i < message->field_count(); ++i) {
      EXPECT_TRUE(std::regex_match(message->field(i)->name(), snake))
          << message->field(i)->full_name();
    }
  }
}

TEST(NamingTest, NoPublicFieldIsAMacroOfWindows) {
  for (const Descriptor* message : Schema::Built().messages()) {
    if (IsPublic(message->file())) {
      EXPECT_EQ(message->FindFieldByName("interface"), nullptr) << message->full_name();
    }
  }
}

TEST(NamingTest, EnumValuesBeginWithTheEnumAndZeroIsUnspecified) {
  for (const EnumDescriptor* enumeration : Schema::Built().enums()) {
    const std::string prefix = absl::StrCat(UpperSnake(enumeration->name()), "_");
    for (int i = 0; i < enumeration->value_count(); ++i) {
      EXPECT_TRUE(enumeration->value(i)->name().starts_with(prefix))
          << enumeration->value(i)->full_name() << " wants " << prefix;
    }
    const auto* zero = enumeration->FindValueByNumber(0);
    ASSERT_NE(zero, nullptr) << enumeration->full_name();
    EXPECT_EQ(zero->name(), absl::StrCat(prefix, "UNSPECIFIED"));
  }
}

TEST(NamingTest, EveryRpcHasItsOwnRequestAndResponse) {
  for (const MethodDescriptor* method : Schema::Built().methods()) {
    EXPECT_TRUE(method->service()->name().ends_with("Service")) << method->full_name();
    // A stream of changes is one of the requests that are also sent one by one.
    const std::string asked = method->name() == "TransactStream" ? "Transact" : method->name();
    EXPECT_EQ(method->input_type()->name(), absl::StrCat(asked, "Request"));
    EXPECT_EQ(method->output_type()->name(), absl::StrCat(method->name(), "Response"));
  }
}

TEST(NamingTest, RpcNamesAreUniqueOverAllServices) {
  std::map<std::string, int> uses;
  for (const MethodDescriptor* method : Schema::Built().methods()) {
    EXPECT_EQ(++uses[method->name()], 1) << method->full_name();
  }
}

// A field with presence tells "unset" from "zero"; times and durations have types of their own.
TEST(NamingTest, NoTimeIsANumber) {
  const std::regex time(".*_(time|timeout|ms|seconds|duration)");
  for (const Descriptor* message : Schema::Built().messages()) {
    if (!IsPublic(message->file())) {
      continue;
    }
    for (int i = 0; i < message->field_count(); ++i) {
      const FieldDescriptor* field = message->field(i);
      if (std::regex_match(field->name(), time)) {
        EXPECT_EQ(field->cpp_type(), FieldDescriptor::CPPTYPE_MESSAGE) << field->full_name();
      }
    }
  }
}

}  // namespace
}  // namespace netstackd::descriptor
