#include "server/codec/api_names.h"

#include "gtest/gtest.h"

namespace netstackd::codec {
namespace {

TEST(ParseNameTest, KnowsFiveForms) {
  const struct {
    const char* text;
    NameKind kind;
  } kCases[] = {
      {"zones/global", kZoneName},
      {"zones/web-1.x_y/groups/ipmp0", kGroupName},
      {"zones/global/interfaces/net0", kInterfaceName},
      {"zones/global/groups/ipmp0/addresses/192.0.2.10", kGroupAddressName},
      {"zones/global/interfaces/net0/addresses/2001-db8--1", kInterfaceAddressName},
  };
  for (const auto& one : kCases) {
    const auto parsed = ParseName(one.text);
    ASSERT_TRUE(parsed.has_value()) << one.text;
    EXPECT_EQ(parsed->kind, one.kind) << one.text;
    EXPECT_EQ(core::ToString(parsed->name), one.text);
  }
}

TEST(ParseNameTest, RefusesEverythingElse) {
  for (const char* text : {"",
                           "zones",
                           "zones/",
                           "zones//groups/a",
                           "/zones/global",
                           "zones/global/",
                           "zones/global/groups",
                           "zones/global/groups/",
                           "zones/global/groups/0a",
                           "zones/global/groups/a/",
                           "zones/global/groups/a/addresses/1.2.3.4/x",
                           "zones/global/addresses/1.2.3.4",
                           "zones/global/modules/m",
                           "zones/.global",
                           "zones/global/groups/a b",
                           "zones/global/groups/a\n",
                           "zones/global/groups/a12345678901234567890123456789012",
                           "zones/global/groups/a/addresses/1.2.3",
                           "zones/global/groups/a/addresses/01.2.3.4",
                           "zones/global/groups/a/addresses/2001:db8::1",
                           "zones/global/groups/a/addresses/2001-DB8--1",
                           "zones/global/groups/a/addresses/2001-db8-0--1"}) {
    EXPECT_FALSE(ParseName(text).has_value()) << text;
  }
  EXPECT_FALSE(ParseName("zones/" + std::string(64, 'z')).has_value());
  EXPECT_TRUE(ParseName("zones/" + std::string(63, 'z')).has_value());
}

TEST(ParseCidrTest, KeepsHostBitsAndSaysHowItIsWritten) {
  EXPECT_EQ(ToString(*ParseCidr("192.0.2.10/24")), "192.0.2.10/24");
  EXPECT_EQ(ToString(*ParseCidr("2001:DB8:0::1/64")), "2001:db8::1/64");
  EXPECT_EQ(ParseCidr("::1/128")->prefix_length, 128);
  for (const char* text : {"192.0.2.10", "192.0.2.10/", "192.0.2.10/33", "192.0.2.10/-1",
                           "192.0.2.10/2 4", "/24", "::1/129", "a/8", "192.0.2.10/24/8"}) {
    EXPECT_FALSE(ParseCidr(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace netstackd::codec
