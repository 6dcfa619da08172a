#include "client/cli/json.h"

#include <gtest/gtest.h>

#include "netstackd/v1/group.pb.h"
#include "netstackd/v1/interface.pb.h"

namespace netstackd::cli {
namespace {

v1::Group Sample() {
  v1::Group group;
  group.set_name("zones/global/groups/ipmp0");
  group.mutable_meta()->set_create_revision(4711);
  group.mutable_meta()->mutable_create_time()->set_seconds(1'700'000'000);
  group.mutable_meta()->mutable_create_time()->set_nanos(250'000'000);
  (*group.mutable_meta()->mutable_labels())["b"] = "2";
  (*group.mutable_meta()->mutable_labels())["a"] = "yes";
  group.mutable_spec()->set_ipv4(true);
  group.mutable_spec()->mutable_failback_hold()->set_nanos(100'000'000);
  group.mutable_status()->set_state(v1::Group::STATE_DEGRADED);
  group.mutable_status()->add_active("net0");
  return group;
}

TEST(ToJsonTest, EnumsNumbersTimesAndDurationsAreForScripts) {
  const Json json = ToJson(Sample());
  EXPECT_EQ(json["meta"]["create_revision"], 4711);  // a number
  EXPECT_EQ(json["meta"]["create_time"], "2023-11-14T22:13:20.25Z");
  EXPECT_EQ(json["spec"]["failback_hold"], "0.1s");
  EXPECT_EQ(json["status"]["state"], "degraded");
  EXPECT_EQ(json["meta"]["labels"].dump(), R"({"a":"yes","b":"2"})");
}

TEST(ToJsonTest, WhatIsEmptyIsAbsentAndWhatIsFalseIsNot) {
  const Json json = ToJson(Sample());
  EXPECT_FALSE(json["spec"].contains("interface_name"));
  EXPECT_FALSE(json["spec"].contains("failback"));  // optional and not set
  EXPECT_FALSE(json["status"].contains("inactive"));
  EXPECT_FALSE(json["status"].contains("mac_type"));
  EXPECT_EQ(json["spec"]["ipv6"], false);
  EXPECT_EQ(json["status"]["interface_count"], 0);
}

TEST(ToJsonTest, AnEnumValueOfANewerServerIsStillShown) {
  v1::Group group;
  group.mutable_status()->set_state(static_cast<v1::Group::State>(77));
  EXPECT_NE(ToJson(group)["status"]["state"].get<std::string>().find("77"), std::string::npos);
  EXPECT_EQ(EnumText(*v1::Group::State_descriptor(), 77), "77");
}

TEST(EnumTextTest, EveryValueCanBeReadBack) {
  const auto& type = *v1::Interface::Link_descriptor();
  for (int i = 1; i < type.value_count(); ++i) {
    EXPECT_EQ(EnumByText(type, EnumText(*type.value(i))), type.value(i));
  }
  EXPECT_EQ(EnumByText(type, "sideways"), nullptr);
  EXPECT_EQ(EnumByText(type, ""), nullptr);
  EXPECT_EQ(EnumTexts(type), "up, down, unknown");
}

TEST(DurationTextTest, HasNoMoreDigitsThanNeeded) {
  EXPECT_EQ(DurationText(absl::Seconds(10)), "10s");
  EXPECT_EQ(DurationText(absl::Milliseconds(1500)), "1.5s");
  EXPECT_EQ(DurationText(absl::Nanoseconds(1)), "0.000000001s");
  EXPECT_EQ(DurationText(-absl::Milliseconds(500)), "-0.5s");
  EXPECT_EQ(DurationText(absl::ZeroDuration()), "0s");
}

TEST(ToYamlTest, QuotesWhatYamlWouldTakeForSomethingElse) {
  EXPECT_EQ(ToYaml(Json{{"a", "yes"},
                        {"b", "12"},
                        {"c", 12},
                        {"d", true},
                        {"e", "net0"},
                        {"f", Json::array({"x", "1.5"})},
                        {"g", "2:0:0:0:0:1"}}),
            "a: \"yes\"\n"
            "b: \"12\"\n"
            "c: 12\n"
            "d: true\n"
            "e: net0\n"
            "f:\n"
            "  - x\n"
            "  - \"1.5\"\n"
            "g: \"2:0:0:0:0:1\"\n");
}

}  // namespace
}  // namespace netstackd::cli
