#include "server/codec/api_diff.h"

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "netstackd/v1/group.pb.h"
#include "netstackd/v1/interface.pb.h"

namespace netstackd::codec {
namespace {

template <typename T>
T Text(const std::string& text) {
  T message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

std::vector<std::string> Lines(const std::vector<Difference>& differences) {
  std::vector<std::string> lines;
  for (const Difference& one : differences) {
    lines.push_back(one.path + ": " + one.before + " -> " + one.after);
  }
  return lines;
}

const auto kNothing = [](const std::string&) { return false; };

TEST(DiffTest, TellsEveryKindOfFieldAsProtoJson) {
  const auto before = Text<v1::Group>(
      "name: 'a' spec { failback: true failure_detection { targets: '1.1.1.1' } } "
      "meta { generation: 1 labels { key: 'k' value: 'say \"hi\"' } } status { state: STATE_OK }");
  const auto after = Text<v1::Group>(
      "name: 'b' spec { ipv4: true failback_hold { seconds: 1 nanos: 500000000 } "
      "failure_detection { targets: '1.1.1.1' targets: '1.1.1.2' } } meta { generation: 2 } "
      "status { state: STATE_FAILED active: 'net\\001' interface_count: 3 }");
  EXPECT_THAT(Lines(Diff(before, after, kNothing)),
              ::testing::UnorderedElementsAre(
                  R"(name: "a" -> "b")", R"(meta.generation: "1" -> "2")",
                  R"(meta.labels: {"k":"say \"hi\""} -> {})", "spec.ipv4: false -> true",
                  R"(spec.failure_detection.targets: ["1.1.1.1"] -> ["1.1.1.1","1.1.1.2"])",
                  "spec.failback: true -> ", R"(spec.failback_hold:  -> "1.500s")",
                  R"(status.state: "STATE_OK" -> "STATE_FAILED")",
                  R"(status.active: [] -> ["net\u0001"])", "status.interface_count: 0 -> 3"));
}

TEST(DiffTest, EqualMessagesDifferInNothing) {
  const auto group = Text<v1::Group>("name: 'a' spec { ipv4: true announce { count: 3 } }");
  EXPECT_TRUE(Diff(group, group, kNothing).empty());
}

TEST(DiffTest, WhatIsSkippedIsSkippedWithAllBelowIt) {
  const auto before = Text<v1::Group>("spec { announce { count: 3 } failback: true }");
  const auto after = Text<v1::Group>("spec { announce { count: 4 } failback: false }");
  const auto skip = [](const std::string& path) { return path == "spec.announce"; };
  EXPECT_THAT(Lines(Diff(before, after, skip)),
              ::testing::ElementsAre("spec.failback: true -> false"));
}

TEST(DiffTest, MessageOnOneSideIsOneDifference) {
  const auto before = Text<v1::Interface>("status { ipv4 { mtu: 1500 capabilities { } } }");
  EXPECT_THAT(Lines(Diff(before, v1::Interface(), kNothing)),
              ::testing::ElementsAre(R"(status: {"ipv4":{"mtu":1500,"capabilities":{}}} -> )"));
}

}  // namespace
}  // namespace netstackd::codec
