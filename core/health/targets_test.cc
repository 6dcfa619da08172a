// mpathd.md 6: which targets are probed. Every state meets every event.
#include "core/health/targets.h"

#include <string>

#include "core/health/constants.h"
#include "core/health/probing.h"
#include "gtest/gtest.h"

namespace netstackd::core::health {
namespace {

absl::Time T(int seconds) { return absl::FromUnixSeconds(1'700'000'000 + seconds); }
IpAddress Ip(int last) { return *ParseIpAddress("192.0.2." + std::to_string(last)); }
std::vector<IpAddress> Ips(int first, int last) {
  std::vector<IpAddress> ips;
  for (int i = first; i <= last; ++i) ips.push_back(Ip(i));
  return ips;
}

// "1:A 2:U": last byte and state of each target, in list order.
std::string Show(const Probing& probing) {
  std::string text;
  for (const ProbeTarget& target : probing.targets) {
    text += (text.empty() ? "" : " ") + std::to_string(target.ip.bytes[3]) + ":" +
            std::string(1, "AUSD"[static_cast<int>(target.state)]);
  }
  return text;
}

Probing Routers(int count) {
  Probing probing;
  SetRouters(probing, Ips(1, count), false, T(0));
  return probing;
}

TEST(TargetsTest, FiveRoutersAreProbedTheOthersAreSpare) {
  EXPECT_EQ(Show(Routers(7)), "1:U 2:U 3:A 4:A 5:A 6:A 7:A");
  EXPECT_EQ(Routers(7).mode, TargetMode::kRoutes);
}

TEST(TargetsTest, ASpareRouterFillsUp) {
  Probing probing = Routers(7);
  SetRouters(probing, Ips(1, 5), false, T(1));
  EXPECT_EQ(Show(probing), "1:A 2:A 3:A 4:A 5:A");
}

TEST(TargetsTest, RoutersThatAreGoneGoButNotWhileTheGroupIsFailed) {
  Probing probing = Routers(3);
  SetRouters(probing, Ips(2, 2), true, T(1));
  EXPECT_EQ(Show(probing), "1:A 2:A 3:A");
  SetRouters(probing, Ips(2, 2), false, T(1));
  EXPECT_EQ(Show(probing), "2:A");
  SetRouters(probing, {}, false, T(1));
  EXPECT_EQ(Show(probing), "");
  EXPECT_EQ(probing.mode, TargetMode::kNone);
}

TEST(TargetsTest, RoutersWinOverHosts) {
  Probing probing;
  EXPECT_TRUE(AddHost(probing, Ip(9), T(0)));
  EXPECT_EQ(probing.mode, TargetMode::kMulticast);
  SetRouters(probing, {}, false, T(0));
  EXPECT_EQ(Show(probing), "9:A") << "no router, no change";
  SetRouters(probing, Ips(1, 1), false, T(0));
  EXPECT_EQ(Show(probing), "1:A");
  EXPECT_FALSE(AddHost(probing, Ip(9), T(0)));
  EXPECT_EQ(Show(probing), "1:A");
}

TEST(TargetsTest, FiveHostsAreEnough) {
  Probing probing;
  for (int i = 1; i <= 5; ++i) EXPECT_TRUE(AddHost(probing, Ip(i), T(0)));
  EXPECT_TRUE(AddHost(probing, Ip(3), T(0))) << "it is one already";
  EXPECT_FALSE(AddHost(probing, Ip(6), T(0)));
  EXPECT_EQ(Show(probing), "5:A 4:A 3:A 2:A 1:A") << "newest first";
}

TEST(TargetsTest, ADeadHostGoesForGoodAndTheGroupsFailureFlushesAll) {
  Probing probing;
  AddHost(probing, Ip(1), T(0));
  AddHost(probing, Ip(2), T(0));
  PutAside(probing, FindTarget(probing, Ip(1))->tag, TargetState::kDead, T(1));
  EXPECT_EQ(Show(probing), "2:A");
  FlushHosts(probing);
  EXPECT_EQ(Show(probing), "");
  Probing routers = Routers(2);
  FlushHosts(routers);
  EXPECT_EQ(Show(routers), "1:A 2:A");
}

// Every state of a router, after so many seconds, while five others are active (so that nothing
// spare is activated) or two.
struct Row {
  TargetState state;
  int seconds;
  const char* crowded;
  const char* alone;
};

TEST(TargetsTest, EveryStateLeavesAtItsTime) {
  const Row rows[] = {
      {TargetState::kActive, 0, "A", "A"}, {TargetState::kActive, 500, "A", "A"},
      {TargetState::kUnused, 0, "U", "A"}, {TargetState::kUnused, 500, "U", "A"},
      {TargetState::kSlow, 59, "S", "S"},  {TargetState::kSlow, 60, "U", "A"},
      {TargetState::kDead, 59, "D", "D"},  {TargetState::kDead, 60, "S", "S"},
      {TargetState::kDead, 119, "S", "S"}, {TargetState::kDead, 120, "U", "A"},
  };
  for (const Row& row : rows) {
    for (const bool crowded : {true, false}) {
      SCOPED_TRACE(static_cast<int>(row.state) * 1000 + row.seconds);
      Probing probing = Routers(crowded ? 6 : 3);
      for (ProbeTarget& target : probing.targets) target.state = TargetState::kActive;
      probing.targets[0].state = row.state;
      probing.targets[0].state_since = T(0);
      Recover(probing, T(row.seconds));
      EXPECT_EQ(Show(probing).substr(2, 1), crowded ? row.crowded : row.alone);
    }
  }
}

TEST(TargetsTest, WithTheLastActiveOneGoneUpToThreeOfTheBestAreProbed) {
  struct Case {
    const char* states;  // of routers 2.., besides the active router 1
    const char* after;
  };
  const Case cases[] = {
      {"U", "2:A"},
      {"S", "2:A"},
      {"D", "2:A"},
      {"DSU", "2:A 3:A 4:A"},
      {"DDSS", "2:A 3:D 4:A 5:A"},
      {"SSSS", "2:A 3:A 4:A 5:S"},
      {"DDDD", "2:A 3:A 4:A 5:D"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.states);
    const int others = static_cast<int>(std::string(c.states).size());
    Probing probing = Routers(1 + others);
    for (int i = 0; i < others; ++i) {
      ProbeTarget& target = *FindTarget(probing, Ip(2 + i));
      target.state = c.states[i] == 'U'   ? TargetState::kUnused
                     : c.states[i] == 'S' ? TargetState::kSlow
                                          : TargetState::kDead;
      target.state_since = T(0);
    }
    SetRouters(probing, Ips(2, 1 + others), false, T(1));
    EXPECT_EQ(Show(probing), c.after);
  }
}

TEST(TargetsTest, ProbesToATargetThatWasPutAsideCountForTheSideOnly) {
  Probing probing = Routers(2);
  const std::uint8_t tag = FindTarget(probing, Ip(1))->tag;
  for (std::uint16_t i = 1; i <= 3; ++i) {
    probing.recent.push_back({.sequence = i, .tag = tag, .lost = true, .end = T(i)});
  }
  PutAside(probing, tag, TargetState::kDead, T(4));
  EXPECT_EQ(LossesInARow(probing), 3u);
  EXPECT_EQ(LossesInARow(probing, tag), 0u);
}

TEST(TargetsTest, WhatLiesOutsideOfThePrefixGoes) {
  Probing probing = Routers(2);
  KeepInPrefix(probing, *ParseIpAddress("192.0.2.0"), 31, T(1));
  EXPECT_EQ(Show(probing), "1:A");
  EXPECT_TRUE(IsInPrefix(Ip(1), Ip(200), 0));
  EXPECT_TRUE(IsInPrefix(*ParseIpAddress("fe80::1"), *ParseIpAddress("fe80::2"), 64));
  EXPECT_FALSE(IsInPrefix(*ParseIpAddress("fe80::1"), *ParseIpAddress("fe81::2"), 16));
  EXPECT_FALSE(IsInPrefix(*ParseIpAddress("fe80::1"), Ip(1), 0)) << "another family";
}

TEST(TargetsTest, NoMoreThan64AreKnown) { EXPECT_EQ(Routers(80).targets.size(), kTargetsKnownMax); }

}  // namespace
}  // namespace netstackd::core::health
