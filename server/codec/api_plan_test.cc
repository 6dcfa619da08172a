#include "server/codec/api_plan.h"

#include <memory>

#include "gmock/gmock.h"

namespace netstackd::codec {
namespace {

core::Address DataAddress(std::uint64_t uid, std::uint64_t bound) {
  core::Address address;
  address.uid = core::AddressUid(uid);
  address.group = core::GroupUid(1);
  address.ip = *core::ParseIpAddress("192.0.2." + std::to_string(uid % 250));
  address.prefix_length = 24;
  address.up = true;
  address.bound = core::InterfaceUid(bound);
  return address;
}

Names ThreeNames() {
  Names names;
  names.Add(1, "ipmp0");
  names.Add(2, "net0");
  names.Add(3, "net1");
  return names;
}

template <typename T>
core::Change<T> ChangeOf(const T& before, const T& after) {
  return {std::make_shared<T>(before), std::make_shared<T>(after)};
}

TEST(RenderPlanTest, MoveIsOneStepWithoutFields) {
  core::Address before = DataAddress(10, 2);
  core::Address after = DataAddress(10, 3);
  after.binding = 77;
  after.meta.update_revision = 5;
  v1::Plan plan;
  RenderPlan({ChangeOf(before, after)}, ThreeNames(), &plan);
  ASSERT_EQ(plan.steps_size(), 1);
  EXPECT_EQ(plan.steps(0).ShortDebugString(),
            "action: ACTION_MOVE_ADDRESS resource: "
            "\"zones/global/groups/ipmp0/addresses/192.0.2.10\" from_interface: \"net0\" "
            "to_interface: \"net1\" disruptive: true");
}

TEST(RenderPlanTest, MoveWithAnotherChangeIsTwoSteps) {
  core::Address after = DataAddress(10, 3);
  after.prefix_length = 28;
  v1::Plan plan;
  RenderPlan({ChangeOf(DataAddress(10, 2), after)}, ThreeNames(), &plan);
  ASSERT_EQ(plan.steps_size(), 2);
  ASSERT_EQ(plan.steps(0).changes_size(), 1);
  EXPECT_EQ(plan.steps(0).changes(0).path(), "spec.cidr");
  EXPECT_EQ(plan.steps(1).action(), v1::Plan::ACTION_MOVE_ADDRESS);
}

TEST(RenderPlanTest, AddressThatGoesDownDisturbs) {
  core::Address after = DataAddress(10, 0);
  after.up = false;
  v1::Plan plan;
  RenderPlan({ChangeOf(DataAddress(10, 2), after)}, ThreeNames(), &plan);
  ASSERT_EQ(plan.steps_size(), 2);
  EXPECT_TRUE(plan.steps(0).disruptive());
  EXPECT_EQ(plan.steps(1).to_interface(), "");
}

TEST(RenderPlanTest, StampsAreNoStep) {
  core::Address after = DataAddress(10, 2);
  after.meta.update_revision = 9;
  after.meta.generation = 9;
  v1::Plan plan;
  RenderPlan({ChangeOf(DataAddress(10, 2), after)}, ThreeNames(), &plan);
  EXPECT_EQ(plan.steps_size(), 0);
}

TEST(RenderPlanTest, NamesInTheDeltasWin) {
  core::Group before;
  before.uid = core::GroupUid(1);
  before.name = "old";
  core::Group after = before;
  after.name = "new";
  v1::Plan plan;
  RenderPlan(
      {ChangeOf(before, after),
       core::Change<core::Address>{std::make_shared<core::Address>(DataAddress(10, 4)), nullptr}},
      ThreeNames(), &plan);
  ASSERT_EQ(plan.steps_size(), 2);
  EXPECT_EQ(plan.steps(0).resource(), "zones/global/groups/new");
  EXPECT_EQ(plan.steps(0).changes(0).path(), "name");
  EXPECT_EQ(plan.steps(1).action(), v1::Plan::ACTION_DELETE);
  EXPECT_EQ(plan.steps(1).resource(), "zones/global/groups/new/addresses/192.0.2.10");
  EXPECT_TRUE(plan.steps(1).disruptive());
}

TEST(RenderPlanTest, ArpEntryIsAStepOfItsGroup) {
  core::ArpEntry entry;
  entry.uid = core::ArpEntryUid(5);
  entry.group = core::GroupUid(1);
  entry.ip = *core::ParseIpAddress("198.51.100.1");
  v1::Plan plan;
  RenderPlan({core::Change<core::ArpEntry>{nullptr, std::make_shared<core::ArpEntry>(entry)}},
             ThreeNames(), &plan);
  ASSERT_EQ(plan.steps_size(), 1);
  EXPECT_EQ(plan.steps(0).resource(), "zones/global/groups/ipmp0");
  EXPECT_EQ(plan.steps(0).changes(0).path(), "status.ipv4.arp_entries");
  EXPECT_EQ(plan.steps(0).changes(0).before(), "");
  EXPECT_EQ(plan.steps(0).changes(0).after(), R"({"ipAddress":"198.51.100.1"})");
}

TEST(RenderPlanTest, EndsAtItsBoundAndCountsTheRest) {
  std::vector<core::Delta> deltas;
  for (std::uint64_t i = 100; i < 2600; ++i) {
    deltas.push_back(ChangeOf(DataAddress(i, 2), DataAddress(i, 3)));
  }
  v1::Plan plan;
  RenderPlan(deltas, ThreeNames(), &plan);
  EXPECT_EQ(plan.steps_size(), 2000);
  EXPECT_EQ(plan.steps_omitted(), 500);
}

TEST(RenderPlanTest, BytesAreBoundedToo) {
  std::vector<core::Delta> deltas;
  for (std::uint64_t i = 100; i < 200; ++i) {
    core::Address after = DataAddress(i, 2);
    after.meta.labels.Mutable()["k"] = std::string(10'000, 'v');
    deltas.push_back(ChangeOf(DataAddress(i, 2), after));
  }
  v1::Plan plan;
  RenderPlan(deltas, ThreeNames(), &plan);
  EXPECT_LE(plan.ByteSizeLong(), 256u << 10);
  EXPECT_EQ(plan.steps_size() + plan.steps_omitted(), 100);
  EXPECT_GT(plan.steps_size(), 10);
}

}  // namespace
}  // namespace netstackd::codec
