#include "core/apply.h"

#include "base/error.h"
#include "core/testing/lab.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace netstackd::core {
namespace {

std::vector<std::string> Names(const State& state) {
  std::vector<std::string> names;
  for (const auto& [key, uid] : state.index().groups()) names.push_back(key.second);
  for (const auto& [key, uid] : state.index().interfaces()) names.push_back(key.second);
  return names;
}

Command Make(const Name& target, Op op) { return Command{target, "", std::move(op)}; }

CreateGroup Ipv4Group() {
  CreateGroup op;
  op.spec.ipv4 = true;
  return op;
}

TEST(ApplyTest, AllOrNothingAndTheErrorNamesTheOperation) {
  Lab lab;
  Transaction transaction;
  transaction.commands.push_back(Make(GroupName("g"), Ipv4Group()));
  transaction.commands.push_back(Make(GroupName("h"), Ipv4Group()));
  transaction.commands.push_back(Make(GroupName("g"), Ipv4Group()));
  const absl::Status status = lab.Do(transaction);
  EXPECT_EQ(ReasonOf(status), ErrorReason::kGroupExists);
  EXPECT_EQ(DetailsOf(status)->metadata.at("operation"), "2");
  EXPECT_TRUE(Names(lab.state).empty());
  EXPECT_TRUE(lab.state.table<Group>().empty());
}

TEST(ApplyTest, WhatIsMadeAndUnmadeInOneTransactionLeavesNoDelta) {
  Lab lab;
  Transaction transaction;
  transaction.commands.push_back(Make(GroupName("g"), Ipv4Group()));
  transaction.commands.push_back(Make(GroupName("g"), DeleteGroup{}));
  ASSERT_TRUE(lab.Do(transaction).ok());
  EXPECT_TRUE(lab.last.deltas.empty());
}

TEST(ApplyTest, ANoOpLeavesTheImageAsItWas) {
  Lab lab;
  ASSERT_TRUE(lab.AddGroup("g").ok());
  const Group before = lab.group("g");
  UpdateGroup op;
  op.ipv4 = true;
  ASSERT_TRUE(lab.Do(GroupName("g"), op).ok());
  EXPECT_TRUE(lab.last.deltas.empty());
  EXPECT_EQ(lab.group("g"), before);
}

TEST(ApplyTest, AnEtagOfAnotherGenerationIsRefused) {
  Lab lab;
  ASSERT_TRUE(lab.AddGroup("g").ok());
  const std::string etag = EtagOf(lab.group("g"));
  UpdateGroup op;
  op.failback = std::optional<bool>(false);
  ASSERT_TRUE(lab.Do(GroupName("g"), op, etag).ok());
  op.failback = std::optional<bool>(true);
  EXPECT_EQ(ReasonOf(lab.Do(GroupName("g"), op, etag)), ErrorReason::kRevisionMismatch);
}

TEST(ApplyTest, GenerationRisesWithSpecAndLabelsButNotWithObservations) {
  Lab lab;
  ASSERT_TRUE(lab.AddInterface("a", "").ok());
  const std::int64_t first = lab.interface("a").meta.generation;
  ASSERT_TRUE(lab.Link("a", LinkState::kDown).ok());
  EXPECT_EQ(lab.interface("a").meta.generation, first);
  UpdateInterface op;
  op.labels = Labels{{"rack", "3"}};
  ASSERT_TRUE(lab.Do(InterfaceName("a"), op).ok());
  EXPECT_EQ(lab.interface("a").meta.generation, first + 1);
}

TEST(ApplyTest, GuardsAreCheckedBeforeAnythingElse) {
  Lab lab;
  Transaction transaction;
  transaction.guards.push_back({GroupName("g"), true});
  transaction.commands.push_back(Make(GroupName("h"), Ipv4Group()));
  EXPECT_EQ(ReasonOf(lab.Do(transaction)), ErrorReason::kGuardFailed);
  transaction.guards[0].check = false;
  EXPECT_TRUE(lab.Do(transaction).ok());
}

TEST(ApplyTest, EveryGuardThatDoesNotHoldIsNamed) {
  Lab lab;
  ASSERT_TRUE(lab.AddGroup("there").ok());
  Transaction transaction;
  transaction.guards = {{GroupName("a"), true},
                        {GroupName("there"), true},
                        {GroupName("there"), "1-1"},
                        {GroupName("b"), "2-2"}};
  transaction.commands.push_back(Make(GroupName("h"), Ipv4Group()));
  const auto details = DetailsOf(lab.Do(transaction));
  ASSERT_TRUE(details.has_value());
  EXPECT_EQ(details->metadata.at("resource"), "zones/global/groups/a");
  std::vector<std::string> subjects;
  for (const Blocker& blocker : details->blockers) subjects.push_back(blocker.subject);
  EXPECT_THAT(subjects, testing::ElementsAre("zones/global/groups/a", "zones/global/groups/there",
                                             "zones/global/groups/b"));
}

TEST(ApplyTest, UnfoldTakesATransitionBack) {
  Lab lab;
  ASSERT_TRUE(lab.AddGroup("g").ok());
  ASSERT_TRUE(lab.AddInterface("a", "g").ok());
  ASSERT_TRUE(lab.AddAddress("g", "192.0.2.1").ok());
  Unfold(lab.state, lab.last.deltas);
  EXPECT_TRUE(lab.state.table<Address>().empty());
  EXPECT_FALSE(lab.group("g").sides[0]->datalink_up);
  EXPECT_THAT(CheckInvariants(lab.state), testing::IsEmpty());
}

TEST(ApplyTest, ARenameTouchesOneObjectHoweverManyAddressesThereAre) {
  Lab lab;
  ASSERT_TRUE(lab.AddGroup("g").ok());
  ASSERT_TRUE(lab.AddInterface("a", "g").ok());
  for (int i = 1; i <= 100; ++i)
    ASSERT_TRUE(lab.AddAddress("g", "192.0.2." + std::to_string(i)).ok());
  ASSERT_TRUE(lab.Do(GroupName("g"), RenameGroup{"h"}).ok());
  EXPECT_EQ(lab.last.deltas.size(), 1u);
  EXPECT_EQ(lab.BoundTo("h", "192.0.2.7"), "a");
}

TEST(ApplyTest, MembershipThroughTheSpecBringsAddressesDownAndUpAgain) {
  Lab lab;
  ASSERT_TRUE(lab.AddGroup("g").ok());
  ASSERT_TRUE(lab.AddInterface("a", "").ok());
  EXPECT_EQ(ReasonOf(lab.Do(InterfaceName("a"), JoinGroup{"g"})),
            ErrorReason::kInterfaceHasUpAddresses);
  CreateAddress data;
  data.prefix_length = 24;
  ASSERT_TRUE(lab.Do(At(InterfaceName("a"), "192.0.2.1"), data).ok());
  UpdateInterface op;
  op.group = "g";
  ASSERT_TRUE(lab.Do(InterfaceName("a"), op).ok());
  EXPECT_EQ(lab.Active("g"), "a");
  EXPECT_EQ(lab.BoundTo("g", "192.0.2.1"), "a") << "a data address moves to the group";
}

TEST(ApplyTest, AnAddressTheGroupListsIsRefusedBeforeOneThatIsUpElsewhere) {
  Lab lab;
  ASSERT_TRUE(lab.AddGroup("g").ok());
  ASSERT_TRUE(lab.AddInterface("a", "g").ok());
  ASSERT_TRUE(lab.AddAddress("g", "192.0.2.1").ok());
  CreateAddress down;
  down.up = false;
  ASSERT_TRUE(lab.Do(At(InterfaceName("a"), "192.0.2.1"), down).ok());
  EXPECT_EQ(ReasonOf(lab.Do(At(InterfaceName("a"), "192.0.2.1"), BringUp{})),
            ErrorReason::kAddressExists);
}

TEST(ApplyTest, ATestAddressBecomesADataAddressWhenItGoesDownInTheSameUpdate) {
  Lab lab;
  ASSERT_TRUE(lab.AddGroup("g").ok());
  ASSERT_TRUE(lab.AddInterface("a", "g").ok());
  CreateAddress test;
  test.test = true;
  ASSERT_TRUE(lab.Do(At(InterfaceName("a"), "192.0.2.9"), test).ok());
  UpdateAddress op;
  op.test = false;
  EXPECT_EQ(ReasonOf(lab.Do(At(InterfaceName("a"), "192.0.2.9"), op)),
            ErrorReason::kAddressMustBeDown);
  op.up = std::optional<bool>(false);
  EXPECT_TRUE(lab.Do(At(InterfaceName("a"), "192.0.2.9"), op).ok());
}

TEST(ApplyTest, AFamilyThatComesBackHasTheMtuOfItsLink) {
  Lab lab;
  ASSERT_TRUE(lab.AddInterface("a", "", false, true).ok());
  ASSERT_TRUE(lab.Do(InterfaceName("a"), SetMtu{Family::kIpv4, 1300}).ok());
  ASSERT_TRUE(lab.Do(InterfaceName("a"), RemoveFamily{Family::kIpv4}).ok());
  ASSERT_TRUE(lab.Do(InterfaceName("a"), PlumbFamily{Family::kIpv4, ObservedSide{}}).ok());
  EXPECT_EQ(lab.interface("a").sides[0]->mtu, 1500u);
}

TEST(ApplyTest, LimitsAreNamed) {
  Lab lab;
  lab.limits.groups_per_zone = 1;
  ASSERT_TRUE(lab.AddGroup("g").ok());
  const absl::Status status = lab.AddGroup("h");
  EXPECT_EQ(ReasonOf(status), ErrorReason::kQuotaExceeded);
  EXPECT_EQ(DetailsOf(status)->metadata.at("limit"), "groups_per_zone");
}

// Only a damaged journal has it; recovery refuses the state, and has to live that long.
TEST(FoldTest, AnInterfaceThatIsItsOwnGroupCanBeFolded) {
  auto joined = std::make_shared<Interface>();
  joined->uid = InterfaceUid(9);
  joined->group = GroupUid(9);
  joined->sides[0].emplace().joined = 1;
  auto left = std::make_shared<Interface>(*joined);
  left->sides[0]->joined = 0;
  State state;
  Fold(state, Change<Interface>{nullptr, joined});
  Fold(state, Change<Interface>{joined, left});
  EXPECT_FALSE(CheckInvariants(state).empty());
  EXPECT_TRUE(state.index().side(GroupUid(9), Family::kIpv4).members.empty());
}

TEST(InvariantsTest, AUidIsThatOfOneObject) {
  auto group = std::make_shared<Group>();
  auto interface = std::make_shared<Interface>();
  auto entry = std::make_shared<ArpEntry>();
  group->uid = GroupUid(9);
  entry->group = group->uid;
  const auto broken = [&](std::uint64_t of_interface, std::uint64_t of_entry) {
    interface->uid = InterfaceUid(of_interface);
    entry->uid = ArpEntryUid(of_entry);
    State state;
    Fold(state, Change<Group>{nullptr, std::make_shared<Group>(*group)});
    Fold(state, Change<Interface>{nullptr, std::make_shared<Interface>(*interface)});
    Fold(state, Change<ArpEntry>{nullptr, std::make_shared<ArpEntry>(*entry)});
    return CheckInvariants(state);
  };
  EXPECT_THAT(broken(10, 11), testing::IsEmpty());
  EXPECT_THAT(broken(9, 11), testing::Contains(testing::HasSubstr("I26")));
  EXPECT_THAT(broken(10, 9), testing::Contains(testing::HasSubstr("I26")));
  EXPECT_THAT(broken(10, 10), testing::Contains(testing::HasSubstr("I26")));
}

}  // namespace
}  // namespace netstackd::core
