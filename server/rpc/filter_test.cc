#include "server/rpc/filter.h"

#include "base/error.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "netstackd/v1/config.pb.h"
#include "netstackd/v1/group.pb.h"

namespace netstackd::rpc {
namespace {

constexpr char kGroup[] = R"(
    name: "zones/global/groups/ipmp0"
    meta { generation: 7 labels { key: "rack" value: "a1" } labels { key: "x.y/z" value: "" } }
    spec { ipv4: true failback: false failback_hold { seconds: 90 }
           failure_detection { targets: "192.0.2.1" targets: "2001:db8::1" } }
    status { state: STATE_DEGRADED active: "net0" active: "net1" interface_count: 3
             ipv4 { mtu: 1500 arp_entries { ip_address: "198.51.100.1" }
                              arp_entries { ip_address: "198.51.100.2" proxy: true } } })";

bool Matches(const std::string& text) {
  v1::Group group;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(kGroup, &group));
  const auto filter = Filter::Parse(text, v1::Group::descriptor());
  EXPECT_TRUE(filter.ok()) << text << ": " << filter.status();
  return filter.ok() && filter->Matches(group);
}

TEST(FilterTest, WhatMatches) {
  for (const char* text : {"",
                           "  ",
                           "spec.ipv4 = true",
                           "spec.ipv4=true",
                           "spec.ipv6 != true",
                           "name = \"zones/global/groups/ipmp0\"",
                           "name = zones/global/groups/ipmp0",
                           "name : 'groups/ip'",
                           "meta.generation = 7",
                           "meta.generation = 007",
                           "status.interface_count != 4",
                           "status.state = STATE_DEGRADED",
                           "labels.rack = a1",
                           "labels.rack : a",
                           "labels.x.y/z = ''",
                           "labels.x.y/z : *",
                           "meta.labels : rack",
                           "meta.labels:*",
                           "labels : rack",
                           "NOT labels : shelf",
                           "labels.shelf != a1",
                           "status.active : net0",
                           "status.active = net1",
                           "spec.failback_hold = 90s",
                           "spec.failback_hold = 90.000s",
                           "spec.failback_hold : *",
                           "spec.failback : *",
                           "status.ipv4:*",
                           "NOT status.ipv6:*",
                           "status.ipv4.arp_entries.ip_address = 198.51.100.2",
                           "status.ipv4.arp_entries.proxy = true",
                           "spec.failure_detection.targets : 2001:db8::1",
                           "spec.ipv4 = true AND status.ipv4.mtu = 1500 AND NOT spec.ipv6 = true",
                           "spec.ipv6 = true OR (spec.ipv4 = true AND labels.rack = 'a1')",
                           "NOT NOT spec.ipv4 = true",
                           "NOT (spec.ipv6 = true OR spec.ipv4 = false)",
                           "((spec.ipv4 = true))",
                           "name : '\\'' OR name : \"ipmp\""}) {
    EXPECT_TRUE(Matches(text)) << text;
  }
}

TEST(FilterTest, WhatDoesNotMatch) {
  for (const char* text :
       {"spec.ipv4 = false", "name = ipmp0", "labels.rack = a", "labels.shelf : *",
        "labels : shelf", "status.active : net", "status.active = net2", "spec.failback_hold = 91s",
        "spec.announce : *", "spec.announce.count = 0", "status.ipv6.mtu = 1500",
        "spec.ipv4 = true AND spec.ipv6 = true",
        "status.ipv4.arp_entries.ip_address = 198.51.100.3", "NOT spec.ipv4 = true"}) {
    EXPECT_FALSE(Matches(text)) << text;
  }
}

TEST(FilterTest, WhatCannotBeReadSaysWhere) {
  const struct {
    const char* text;
    const char* position;
  } kCases[] = {
      {"colour = red", "0"},
      {"spec.colour = red", "0"},
      {"spec.ipv4.deeper = red", "0"},
      {"spec = x", "7"},
      {"meta.labels = x", "14"},
      {"spec.ipv4 = maybe", "12"},
      {"meta.generation = seven", "18"},
      {"status.state = STATE_PURPLE", "15"},
      {"spec.failback_hold = soon", "21"},
      {"spec.ipv4", "9"},
      {"spec.ipv4 < true", "10"},
      {"spec.ipv4 =", "11"},
      {"spec.ipv4 = true spec.ipv6 = true", "17"},
      {"spec.ipv4 = true AND", "20"},
      {"(spec.ipv4 = true", "17"},
      {"spec.ipv4 = true)", "16"},
      {"name = 'open", "12"},
      {"name = a AND name = b OR name = c", "24"},
      {"AND", "0"},
  };
  for (const auto& one : kCases) {
    const auto filter = Filter::Parse(one.text, v1::Group::descriptor());
    const auto details = DetailsOf(filter.status());
    ASSERT_TRUE(details.has_value()) << one.text;
    EXPECT_EQ(details->reason, ErrorReason::kInvalidFilter) << one.text;
    EXPECT_EQ(details->metadata.at("position"), one.position) << one.text;
  }
}

TEST(FilterTest, DepthIsBounded) {
  const auto parse = [](const std::string& text) {
    return Filter::Parse(text, v1::Group::descriptor()).ok();
  };
  EXPECT_TRUE(parse(std::string(20, '(') + "name = a" + std::string(20, ')')));
  EXPECT_FALSE(parse(std::string(1000, '(') + "name = a" + std::string(1000, ')')));
  std::string nots;
  for (int i = 0; i < 500; ++i) nots += "NOT ";
  EXPECT_FALSE(parse(nots + "name = a"));
}

TEST(FilterTest, TimesAreComparedAsTimes) {
  v1::Transaction transaction;
  transaction.mutable_commit_time()->set_seconds(1'700'000'000);
  const auto filter =
      Filter::Parse("commit_time = '2023-11-14T23:13:20+01:00'", v1::Transaction::descriptor());
  ASSERT_TRUE(filter.ok()) << filter.status();
  EXPECT_TRUE(filter->Matches(transaction));
}

}  // namespace
}  // namespace netstackd::rpc
