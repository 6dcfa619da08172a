#include "client/cli/names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace netstackd::cli {
namespace {

TEST(FullNameTest, TakesEveryFormOfAGroup) {
  for (const char* text : {"ipmp0", "global/ipmp0", "group/ipmp0", "group/global/ipmp0",
                           "zones/global/groups/ipmp0"}) {
    const auto name = FullName(Kind::kGroup, text, "global");
    ASSERT_TRUE(name.ok()) << text;
    EXPECT_EQ(*name, "zones/global/groups/ipmp0") << text;
  }
  EXPECT_EQ(FullName(Kind::kInterface, "net0", "web").value(), "zones/web/interfaces/net0");
  EXPECT_EQ(FullName(Kind::kInterface, "db/net0", "web").value(), "zones/db/interfaces/net0");
}

TEST(FullNameTest, RefusesWhatIsNoName) {
  for (const char* text : {"", "/", "a/", "/a", "a/b/c", "zones/global", "zones/global/groups",
                           "zones/global/interfaces/net0", "interface/global/net0"}) {
    EXPECT_FALSE(FullName(Kind::kGroup, text, "global").ok()) << text;
  }
}

TEST(ParseAddressNameTest, TakesEveryForm) {
  for (const char* text :
       {"ipmp0/192.0.2.10", "global/ipmp0/192.0.2.10", "ipmp0/192.0.2.10/24",
        "address/ipmp0/192.0.2.10", "zones/global/groups/ipmp0/addresses/192.0.2.10"}) {
    const auto name = ParseAddressName(text, "global");
    ASSERT_TRUE(name.ok()) << text;
    EXPECT_EQ(name->Of(Kind::kGroup), "zones/global/groups/ipmp0/addresses/192.0.2.10") << text;
  }
}

TEST(ParseAddressNameTest, TheOwnerOfAShortNameMayBeAnInterface) {
  const auto name = ParseAddressName("net0/192.0.2.21", "global");
  ASSERT_TRUE(name.ok());
  EXPECT_EQ(name->Of(Kind::kInterface), "zones/global/interfaces/net0/addresses/192.0.2.21");
}

TEST(ParseAddressNameTest, ColonsBecomeDashesAndBack) {
  const auto name = ParseAddressName("ipmp0/2001:db8::10", "global");
  ASSERT_TRUE(name.ok());
  EXPECT_EQ(name->Of(Kind::kGroup), "zones/global/groups/ipmp0/addresses/2001-db8--10");
  EXPECT_EQ(ShortName(name->Of(Kind::kGroup)), "ipmp0/2001:db8::10");
  const auto full = ParseAddressName("zones/global/groups/ipmp0/addresses/2001-db8--10", "global");
  ASSERT_TRUE(full.ok());
  EXPECT_EQ(full->Of(Kind::kInterface), "zones/global/groups/ipmp0/addresses/2001-db8--10");
}

TEST(ParseAddressNameTest, RefusesWhatIsNoName) {
  for (const char* text : {"", "192.0.2.10", "ipmp0/", "a/b/c/d", "zones/global/groups/ipmp0",
                           "zones/global/zones/ipmp0/addresses/192.0.2.10"}) {
    EXPECT_FALSE(ParseAddressName(text, "global").ok()) << text;
  }
}

TEST(ShortNameTest, LeavesTheGlobalZoneOut) {
  EXPECT_EQ(ShortName("zones/global/groups/ipmp0"), "ipmp0");
  EXPECT_EQ(ShortName("zones/web/groups/ipmp0"), "web/ipmp0");
  EXPECT_EQ(ShortName("something else"), "something else");
}

TEST(DisplayNameTest, WhatItPrintsCanBeReadAgain) {
  for (const char* full : {"zones/global/groups/ipmp0", "zones/web/groups/ipmp0"}) {
    EXPECT_EQ(FullName(Kind::kGroup, DisplayName(full), "global").value(), full);
  }
  EXPECT_EQ(DisplayName("zones/web/interfaces/net0/addresses/2001-db8--1"),
            "address/web/net0/2001:db8::1");
}

TEST(OwnerOfTest, IsEmptyForAGroup) {
  EXPECT_EQ(OwnerOf("zones/global/groups/g/addresses/192.0.2.1"), "zones/global/groups/g");
  EXPECT_EQ(OwnerOf("zones/global/groups/g"), "");
}

}  // namespace
}  // namespace netstackd::cli
