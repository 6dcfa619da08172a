// What a revision is said to change is exactly what looks different after it.
#include "server/watch/replica.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/testing/lab.h"
#include "server/watch/testing/watch_model.h"
#include "tests/property/generators/commands.h"

namespace netstackd::watch {
namespace {

using testing_support::AllOf;
using testing_support::Known;

executor::Change ChangeOf(Revision revision, const core::Transition& transition) {
  storage::Record record;
  record.revision = revision;
  record.principal = "test";
  record.method = "/netstackd.v1.IpmpService/Test";
  return {std::make_shared<const storage::Record>(record), transition.deltas};
}

// Uids whose messages differ.
std::set<std::string> Differing(const Known& before, const Known& after) {
  std::set<std::string> uids;
  for (const auto& [uid, text] : before) {
    const auto found = after.find(uid);
    if (found == after.end() || found->second != text) uids.insert(uid);
  }
  for (const auto& row : after) {
    if (!before.contains(row.first)) uids.insert(row.first);
  }
  return uids;
}

std::set<std::string> Told(const RevisionEvents& revision) {
  std::set<std::string> uids;
  for (const auto& event : revision.events()) uids.insert(std::to_string(event->key.uid));
  for (const Renamed& renamed : revision.renames()) {
    for (const auto& event : renamed.dependents) uids.insert(std::to_string(event->key.uid));
  }
  return uids;
}

RC_GTEST_PROP(ReplicaTest, TellsExactlyWhatLooksDifferent, ()) {
  core::Lab lab;
  for (const auto& step : generators::SmallWorld()) {
    core::Transaction transaction;
    transaction.commands.push_back(step.command);
    RC_ASSERT(lab.Do(transaction).ok());
  }
  Revision revision = 100;
  Replica replica(lab.state, revision);
  const auto steps = *rc::gen::container<std::vector<generators::Step>>(generators::AnyStep());
  for (const auto& step : steps) {
    const Known before = AllOf(lab.state);
    core::Transaction transaction;
    transaction.commands.push_back(step.command);
    if (!lab.Do(transaction).ok() || lab.last.deltas.empty()) continue;
    const auto events = replica.Advance(ChangeOf(++revision, lab.last), true);
    const Known after = AllOf(lab.state);
    RC_ASSERT(AllOf(replica.state()) == after);
    const std::set<std::string> told = Told(*events);
    for (const std::string& uid : Differing(before, after)) {
      RC_LOG() << step.text << " changed " << uid << "\n"
               << (before.contains(uid) ? before.at(uid) : "") << "\n"
               << (after.contains(uid) ? after.at(uid) : "") << "\n";
      RC_ASSERT(told.contains(uid));
    }
    // An image may differ in what no message shows; nothing else is told in vain.
    for (const auto& event : events->events()) {
      const bool own = !SameImage(event->before.view(), event->after.view());
      RC_ASSERT(own || Differing(before, after).contains(std::to_string(event->key.uid)));
    }
  }
}

// A group and an interface, and the events of one more command.
class DerivedTest : public testing::Test {
 protected:
  DerivedTest() {
    EXPECT_TRUE(lab_.AddGroup("ipmp0").ok());
    EXPECT_TRUE(lab_.AddInterface("eth1", "ipmp0").ok());
    EXPECT_TRUE(lab_.AddInterface("eth2", "ipmp0").ok());
    replica_.emplace(lab_.state, 100);
  }
  // Full names, in order, of what is changed by the last command of the lab.
  std::vector<std::string> Next() {
    auto events = replica_->Advance(ChangeOf(replica_->revision() + 1, lab_.last), false);
    std::vector<std::string> names;
    for (const auto& event : events->events()) {
      names.push_back(event->after.exists() ? event->after.name() : event->before.name());
    }
    return names;
  }

  core::Lab lab_;
  std::optional<Replica> replica_;
};

using Names = std::vector<std::string>;

TEST_F(DerivedTest, ANewAddressChangesTheCountsOfItsGroupAndItsInterface) {
  ASSERT_TRUE(lab_.AddAddress("ipmp0", "192.0.2.10").ok());
  EXPECT_EQ(Next(), (Names{"zones/global/groups/ipmp0/addresses/192.0.2.10",
                           "zones/global/groups/ipmp0", "zones/global/interfaces/eth1"}));
}

TEST_F(DerivedTest, AFailedInterfaceChangesTheStateOfItsGroup) {
  ASSERT_TRUE(lab_.Link("eth2", core::LinkState::kDown).ok());
  const Names names = Next();
  EXPECT_EQ(names.front(), "zones/global/interfaces/eth2");
  EXPECT_NE(std::find(names.begin(), names.end(), "zones/global/groups/ipmp0"), names.end());
}

TEST_F(DerivedTest, ALabelChangesNothingElse) {
  core::UpdateGroup update;
  update.labels = core::Labels{{"rack", "a"}};
  ASSERT_TRUE(lab_.Do(core::GroupName("ipmp0"), update).ok());
  EXPECT_EQ(Next(), Names{"zones/global/groups/ipmp0"});
}

TEST_F(DerivedTest, ARenameIsOneEvent) {
  ASSERT_TRUE(lab_.AddAddress("ipmp0", "192.0.2.10").ok());
  Next();
  ASSERT_TRUE(lab_.Do(core::GroupName("ipmp0"), core::RenameGroup{"ipmp1"}).ok());
  EXPECT_EQ(Next(), Names{"zones/global/groups/ipmp1"});
}

}  // namespace
}  // namespace netstackd::watch
