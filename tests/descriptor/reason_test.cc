// The table of reasons, the enum on the wire and the documentation name the same reasons.
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"
#include "netstackd/v1/error_reason.pb.h"
#include "tests/descriptor/schema.h"

namespace netstackd::descriptor {
namespace {

constexpr char kPrefix[] = "ERROR_REASON_";

TEST(ReasonTest, EveryRowHasAnEnumValue) {
  for (const ReasonRow& row : AllReasons()) {
    v1::ErrorReason value = v1::ERROR_REASON_UNSPECIFIED;
    EXPECT_TRUE(v1::ErrorReason_Parse(absl::StrCat(kPrefix, row.name), &value)) << row.name;
    EXPECT_NE(value, v1::ERROR_REASON_UNSPECIFIED) << row.name;
  }
}

TEST(ReasonTest, EveryEnumValueHasARow) {
  const auto* values = v1::ErrorReason_descriptor();
  EXPECT_EQ(static_cast<std::size_t>(values->value_count()), AllReasons().size() + 1);
  for (int i = 0; i < values->value_count(); ++i) {
    const std::string name = values->value(i)->name().substr(std::string(kPrefix).size());
    EXPECT_EQ(ReasonByName(name).has_value(), values->value(i)->number() != 0) << name;
  }
}

TEST(ReasonTest, FitsIntoErrorInfo) {
  for (const ReasonRow& row : AllReasons()) {
    EXPECT_LE(std::string(row.name).size(), 63u) << row.name;
    EXPECT_THAT(row.name, ::testing::MatchesRegex("[A-Z][A-Z0-9_]*"));
  }
  google::rpc::ErrorInfo info;
  info.set_reason("GROUP_EXISTS");
  EXPECT_EQ(info.GetDescriptor()->full_name(), "google.rpc.ErrorInfo");
}

TEST(ReasonTest, EveryRowIsInTheDocumentation) {
  const std::string docs = ReadText(NETSTACKD_ERRORS_MD);
  for (const ReasonRow& row : AllReasons()) {
    EXPECT_THAT(docs, ::testing::HasSubstr(
                          absl::StrCat("\n| ", row.name, " | ", absl::StatusCodeToString(row.code),
                                       " | ", NameOf(row.recovery), " | ", row.meaning, " |\n")));
  }
}

TEST(ReasonTest, EveryRpcIsInTheDocumentation) {
  const std::string docs = ReadText(NETSTACKD_ERRORS_MD);
  for (const auto* method : Schema::Built().methods()) {
    EXPECT_THAT(docs, ::testing::HasSubstr(absl::StrCat("\n### ", method->service()->name(), ".",
                                                        method->name(), "\n")));
  }
}

}  // namespace
}  // namespace netstackd::descriptor
