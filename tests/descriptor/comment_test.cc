// Every declaration says what it means; every rpc lists its errors, as the table has them.
#include <optional>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/error.h"
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

// A comment says something if it has a sentence.
bool Says(const std::string& comment) {
  return comment.size() >= 6 && comment.find('.') != std::string::npos;
}

template <typename D>
void ExpectComment(const D* declaration, const std::string& name) {
  EXPECT_TRUE(Says(CommentOf(declaration))) << name << " has no comment";
}

TEST(CommentTest, EveryMessageAndFieldHasOne) {
  for (const Descriptor* message : Schema::Built().messages()) {
    ExpectComment(message, message->full_name());
    for (int i = 0; i < message->field_count(); ++i) {
      ExpectComment(message->field(i), message->field(i)->full_name());
    }
    for (int i = 0; i < message->real_oneof_decl_count(); ++i) {
      ExpectComment(message->oneof_decl(i), message->oneof_decl(i)->full_name());
    }
  }
}

TEST(CommentTest, EveryEnumAndValueHasOne) {
  for (const EnumDescriptor* enumeration : Schema::Built().enums()) {
    ExpectComment(enumeration, enumeration->full_name());
    for (int i = 0; i < enumeration->value_count(); ++i) {
      ExpectComment(enumeration->value(i), enumeration->value(i)->full_name());
    }
  }
}

TEST(CommentTest, EveryServiceAndRpcHasOne) {
  std::set<std::string> services;
  for (const MethodDescriptor* method : Schema::Built().methods()) {
    ExpectComment(method, method->full_name());
    ExpectComment(method->service(), method->service()->full_name());
    services.insert(method->service()->name());
  }
  EXPECT_THAT(services, ::testing::IsSupersetOf({"IpmpService", "ConfigService", "AdminService"}));
}

struct ErrorRow {
  std::string code;
  std::string reason;
};

// What stands below the line "Errors...:" of a comment. `references` gets the rpcs that a row
// "and those of X, Y" names; nullopt if a line is neither a row nor the rest of one.
std::optional<std::vector<ErrorRow>> ErrorsIn(const std::string& comment,
                                              std::vector<std::string>& references) {
  static const std::regex kRow(" {3}([A-Z_]+) +([A-Z_]+) +[^ ].*");
  static const std::regex kName("[A-Z][a-z]+[A-Z][A-Za-z]*");
  std::vector<ErrorRow> rows;
  bool reading = false;
  bool referring = false;
  for (const std::string& line : std::vector<std::string>(absl::StrSplit(comment, '\n'))) {
    std::smatch match;
    if (std::regex_match(line, std::regex(" ?Errors.*:"))) {
      reading = true;
      continue;
    }
    if (!reading || line.empty()) {
      continue;
    }
    if (std::regex_match(line, match, kRow)) {
      rows.push_back({match[1], match[2]});
      referring = false;
      continue;
    }
    const bool starts = line.starts_with("   and those of ");
    referring = referring || starts;
    if (!starts && !line.starts_with("      ")) {
      return std::nullopt;
    }
    if (referring) {
      references.insert(references.end(),
                        std::sregex_token_iterator(line.begin(), line.end(), kName),
                        std::sregex_token_iterator());
    }
  }
  return rows;
}

void ExpectErrorsKnown(const std::string& comment, const std::string& where) {
  std::set<std::string> rpcs;
  for (const MethodDescriptor* method : Schema::Built().methods()) {
    rpcs.insert(method->name());
  }
  std::vector<std::string> references;
  const auto rows = ErrorsIn(comment, references);
  ASSERT_TRUE(rows.has_value()) << where << ": a line of its errors cannot be read:\n" << comment;
  std::set<std::string> seen;
  for (const ErrorRow& row : *rows) {
    const auto reason = ReasonByName(row.reason);
    ASSERT_TRUE(reason.has_value()) << where << ": " << row.reason << " is not in the table";
    EXPECT_EQ(row.code, absl::StatusCodeToString(RowOf(*reason).code)) << where << row.reason;
    EXPECT_TRUE(seen.insert(row.reason).second) << where << ": " << row.reason << " twice";
  }
  for (const std::string& name : references) {
    EXPECT_TRUE(rpcs.contains(name)) << where << ": no rpc " << name;
  }
}

TEST(RpcErrorsTest, AreInTheTableWithTheSameCode) {
  for (const MethodDescriptor* method : Schema::Built().methods()) {
    ExpectErrorsKnown(CommentOf(method), method->full_name());
  }
}

TEST(RpcErrorsTest, SharedOnesAreInTheTableWithTheSameCode) {
  const Descriptor* options = nullptr;
  const Descriptor* page = nullptr;
  const FileDescriptor* common = nullptr;
  for (const Descriptor* message : Schema::Built().messages()) {
    if (message->full_name() == "netstackd.v1.WriteOptions") options = message;
    if (message->full_name() == "netstackd.v1.Page") page = message;
  }
  ASSERT_NE(options, nullptr);
  ASSERT_NE(page, nullptr);
  common = options->file();
  google::protobuf::SourceLocation location;
  ASSERT_TRUE(common->GetSourceLocation({google::protobuf::FileDescriptorProto::kSyntaxFieldNumber},
                                        &location));
  for (const std::string& comment :
       {location.leading_comments, CommentOf(options), CommentOf(page)}) {
    EXPECT_THAT(comment, ::testing::HasSubstr("Errors of every "));
    ExpectErrorsKnown(comment, common->name());
  }
}

TEST(RpcErrorsTest, ALineThatIsNoRowIsNoticed) {
  std::vector<std::string> references;
  EXPECT_FALSE(ErrorsIn(" Errors:\n   NOT_FOUND gone\n", references).has_value());
  const auto rows = ErrorsIn(
      " Does it.\n\n Errors:\n   NOT_FOUND GROUP_NOT_FOUND no such\n      group\n"
      "   and those of JoinGroup, if that\n      is so, and LeaveGroup\n",
      references);
  ASSERT_TRUE(rows.has_value());
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ(rows->front().reason, "GROUP_NOT_FOUND");
  EXPECT_THAT(references, ::testing::ElementsAre("JoinGroup", "LeaveGroup"));
}

}  // namespace
}  // namespace netstackd::descriptor
