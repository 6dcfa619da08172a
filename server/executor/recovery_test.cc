#include "server/executor/recovery.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "server/executor/testing/executor_test_base.h"

namespace netstackd::executor {
namespace {

using namespace testing_support;  // NOLINT: the vocabulary of these tests

core::Image<core::Group> GroupImage(std::uint64_t uid, const std::string& name) {
  auto group = std::make_shared<core::Group>();
  group->uid = core::GroupUid(uid);
  group->zone = core::kGlobalZone;
  group->name = name;
  group->interface_name = name;
  group->spec.ipv4 = true;
  group->sides[0].emplace();
  return group;
}

class RecoveryTest : public testing::Test {
 protected:
  void Append(const core::Delta& delta) {
    storage::Record record = storage::testing_support::MakeRecord(++head_);
    record.deltas = codec::EncodeDeltas({delta});
    ASSERT_TRUE(journal_.Append(head_ - 1, {&record, 1}).ok());
  }
  void Checkpoint(storage::Object object, Revision floor) {
    ASSERT_TRUE(journal_.Checkpoint({&object, 1}, floor).ok());
  }
  storage::Object ObjectOf(const core::Image<core::Group>& image, Revision revision) {
    return {codec::EncodeKey(codec::KeyOf(codec::AnyImage(image))), revision,
            codec::EncodeImage(image)};
  }
  std::optional<ErrorReason> Reason() { return ReasonOf(Recover(journal_).status()); }

  Revision head_ = 0;
  storage::FaultyJournal journal_;
  const core::Image<core::Group> a_ = GroupImage(1, "a");
  const core::Image<core::Group> b_ = GroupImage(1, "b");
  const core::Image<core::Group> c_ = GroupImage(1, "c");
};

using Groups = core::Change<core::Group>;

TEST_F(RecoveryTest, AnEmptyJournalIsAnEmptyState) {
  const auto found = Recover(journal_);
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->revision, 0);
  EXPECT_EQ(BytesOf(found->state), "");
}

TEST_F(RecoveryTest, FoldsTheRevisionsOneAfterTheOther) {
  Append(Groups{nullptr, a_});
  Append(Groups{a_, b_});
  const auto found = Recover(journal_);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->revision, 2);
  EXPECT_EQ(found->records, 2);
  EXPECT_EQ(*found->state.group(core::GroupUid(1)), *b_);
}

TEST_F(RecoveryTest, LeavesOutImagesOlderThanThoseOfTheTable) {
  Append(Groups{nullptr, a_});
  Append(Groups{a_, b_});
  Append(Groups{b_, c_});
  Checkpoint(ObjectOf(b_, 2), 0);  // ahead of the floor
  const auto found = Recover(journal_);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(*found->state.group(core::GroupUid(1)), *c_);
}

TEST_F(RecoveryTest, ATombstoneAheadOfTheFloorHidesOlderImages) {
  Append(Groups{nullptr, a_});
  Append(Groups{a_, nullptr});
  Checkpoint({codec::EncodeKey({codec::ObjectKind::kGroup, 1}), 2, std::nullopt}, 0);
  const auto found = Recover(journal_);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(BytesOf(found->state), "");
}

TEST_F(RecoveryTest, ShowsEveryKeptRevisionAndTheDeltasAboveTheFloor) {
  Append(Groups{nullptr, a_});
  Append(Groups{a_, b_});
  Checkpoint(ObjectOf(a_, 1), 1);
  std::vector<std::pair<Revision, std::size_t>> seen;
  ASSERT_TRUE(
      Recover(journal_, [&seen](storage::Record record, const std::vector<core::Delta>& deltas) {
        seen.emplace_back(record.revision, deltas.size());
      }).ok());
  EXPECT_EQ(seen, (std::vector<std::pair<Revision, std::size_t>>{{1, 0}, {2, 1}}));
}

TEST_F(RecoveryTest, RefusesARevisionThatBeginsElsewhere) {
  Append(Groups{nullptr, a_});
  Append(Groups{c_, b_});
  EXPECT_EQ(Reason(), ErrorReason::kJournalCorrupt);
}

TEST_F(RecoveryTest, RefusesACreationOfWhatIsThere) {
  Append(Groups{nullptr, a_});
  Append(Groups{nullptr, b_});
  EXPECT_EQ(Reason(), ErrorReason::kJournalCorrupt);
}

TEST_F(RecoveryTest, RefusesAChangeOfWhatIsNotThere) {
  Append(Groups{a_, b_});
  EXPECT_EQ(Reason(), ErrorReason::kJournalCorrupt);
}

TEST_F(RecoveryTest, RefusesAnImageUnderAnotherKey) {
  Append(Groups{nullptr, a_});
  storage::Object object = ObjectOf(a_, 1);
  object.key = codec::EncodeKey({codec::ObjectKind::kGroup, 2});
  Checkpoint(object, 1);
  EXPECT_EQ(Reason(), ErrorReason::kJournalCorrupt);
}

TEST_F(RecoveryTest, RefusesBytesThatAreNoDeltas) {
  const storage::Record record = storage::testing_support::MakeRecord(1);
  ASSERT_TRUE(journal_.Append(0, {&record, 1}).ok());
  EXPECT_EQ(Reason(), ErrorReason::kJournalCorrupt);
}

TEST_F(RecoveryTest, RefusesAnInterfaceThatIsItsOwnGroup) {
  auto interface = std::make_shared<core::Interface>();
  interface->uid = core::InterfaceUid(9);
  interface->group = core::GroupUid(9);
  interface->sides[0].emplace().joined = 1;
  auto left = std::make_shared<core::Interface>(*interface);
  left->sides[0]->joined = 0;
  Append(core::Change<core::Interface>{nullptr, interface});
  Append(core::Change<core::Interface>{interface, left});
  EXPECT_EQ(Reason(), ErrorReason::kJournalCorrupt);
}

TEST_F(RecoveryTest, RefusesAStateThatBreaksAnInvariantAndNamesIt) {
  auto orphan = std::make_shared<core::Address>();
  orphan->uid = core::AddressUid(9);
  orphan->group = core::GroupUid(8);  // there is no such group
  Append(core::Change<core::Address>{nullptr, orphan});
  const absl::Status status = Recover(journal_).status();
  EXPECT_EQ(ReasonOf(status), ErrorReason::kJournalCorrupt);
  EXPECT_NE(std::string(status.message()).find("I"), std::string::npos);
  Options options;
  EXPECT_EQ(ReasonOf(Executor::Start(options, &journal_).status()), ErrorReason::kJournalCorrupt);
}

}  // namespace
}  // namespace netstackd::executor
