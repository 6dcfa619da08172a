#include "server/codec/api_sentences.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace netstackd::codec {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

using core::Cause;
using core::InterfaceFlags;

constexpr core::InterfaceUid kEth1(11);
constexpr core::InterfaceUid kEth3(13);

core::Interface Made(core::InterfaceUid uid, const std::string& name) {
  core::Interface interface;
  interface.uid = uid;
  interface.name = name;
  interface.group = core::GroupUid(1);
  interface.link = core::LinkState::kUp;
  interface.sides[0].emplace();
  interface.sides[0]->joined = 1;
  return interface;
}

core::Change<core::Interface> Changed(const core::Interface& before, const core::Interface& after) {
  return {std::make_shared<const core::Interface>(before),
          std::make_shared<const core::Interface>(after)};
}

// Facts of eth1 between two images.
class SentencesTest : public ::testing::Test {
 protected:
  std::string Cause1(Cause cause) {
    change_ = Changed(before_, after_);
    return CauseSentence({.cause = cause, .subject = "eth1", .subject_change = &change_});
  }

  core::Interface before_ = Made(kEth1, "eth1");
  core::Interface after_ = before_;
  core::Change<core::Interface> change_;
};

TEST_F(SentencesTest, LinkSaysWhichWay) {
  after_.link = core::LinkState::kDown;
  EXPECT_EQ(Cause1(Cause::kLink), "link of eth1 went down");
  std::swap(before_, after_);
  EXPECT_EQ(Cause1(Cause::kLink), "link of eth1 came up");
}

TEST_F(SentencesTest, ProbesNameTheLastOneLost) {
  after_.flags.failed = true;
  EXPECT_EQ(Cause1(Cause::kProbe), "at least 5 probes of eth1 in a row were lost");
  core::Probing probing;
  for (const char* target : {"192.0.2.1", "192.0.2.2"}) {
    core::ProbeResult probe;
    probe.lost = true;
    probe.target = *core::ParseIpAddress(target);
    probe.start = absl::FromUnixSeconds(static_cast<std::int64_t>(probing.newest.size()));
    probing.newest.push_back(probe);
  }
  probing.newest.front().start += absl::Seconds(9);
  after_.detection.probing[0] = probing;
  EXPECT_EQ(Cause1(Cause::kProbe),
            "at least 5 probes of eth1 in a row were lost, the last one to 192.0.2.1");
  std::swap(before_, after_);
  EXPECT_EQ(Cause1(Cause::kProbe), "at least 10 probes of eth1 in a row were answered");
}

TEST_F(SentencesTest, RepairIsByAPersonOrByTime) {
  before_.flags.offline = true;
  EXPECT_EQ(Cause1(Cause::kRepair), "eth1 was put back into service");
  before_.flags.offline = false;
  before_.flags.inactive = true;
  EXPECT_EQ(Cause1(Cause::kRepair), "eth1 had been well for the hold time and is used again");
}

TEST_F(SentencesTest, MembershipSaysWhatBecameOfTheInterface) {
  before_.group = core::GroupUid();
  EXPECT_EQ(Cause1(Cause::kMembership), "eth1 came into the group");
  std::swap(before_, after_);
  EXPECT_EQ(Cause1(Cause::kMembership), "eth1 left the group");
  before_ = after_;
  EXPECT_EQ(Cause1(Cause::kMembership), "eth1 got or lost a side");
  change_.after = nullptr;
  EXPECT_EQ(
      CauseSentence({.cause = Cause::kMembership, .subject = "eth1", .subject_change = &change_}),
      "eth1 was removed");
}

TEST_F(SentencesTest, StandbyDuplicateAndAddresses) {
  after_.flags.standby = true;
  EXPECT_EQ(Cause1(Cause::kStandby), "eth1 became a standby");
  std::swap(before_, after_);
  EXPECT_EQ(Cause1(Cause::kStandby), "eth1 is a standby no more");
  EXPECT_EQ(Cause1(Cause::kDuplicateHardware), "eth1 has the hardware address of another member");
  before_.flags.offline = true;
  EXPECT_EQ(Cause1(Cause::kDuplicateHardware), "eth1 has a hardware address of its own again");
  EXPECT_EQ(Cause1(Cause::kNoAddress), "eth1 lost its last address that was up");
  after_.sides[0]->activated = 5;
  EXPECT_EQ(Cause1(Cause::kNoAddress), "eth1 has an address that is up");
}

TEST(CauseSentenceTest, EveryCauseButNoneHasASentenceWithoutARecord) {
  for (int i = 0; i <= static_cast<int>(Cause::kNoAddress); ++i) {
    const std::string sentence = CauseSentence({.cause = static_cast<Cause>(i), .subject = "eth1"});
    EXPECT_EQ(sentence.empty(), i == 0) << i;
  }
}

TEST(CauseSentenceTest, RequestSaysWhatWasAskedOfTheAddress) {
  core::Address down;
  down.group = core::GroupUid(1);
  core::Address up = down;
  up.up = true;
  core::Address of_interface = down;
  of_interface.group = core::GroupUid();
  core::Address duplicate = down;
  duplicate.duplicate = true;
  const struct {
    const core::Address* before;
    const core::Address* after;
    const char* sentence;
  } kCases[] = {
      {nullptr, &up, "the address was created"},
      {&up, nullptr, "the address was removed"},
      {&down, &up, "the address was brought up"},
      {&up, &down, "the address was brought down"},
      {&of_interface, &up, "the address came from an interface to the group"},
      {&up, &duplicate, "the address is in use elsewhere"},
  };
  for (const auto& one : kCases) {
    core::Change<core::Address> change;
    if (one.before != nullptr) change.before = std::make_shared<const core::Address>(*one.before);
    if (one.after != nullptr) change.after = std::make_shared<const core::Address>(*one.after);
    EXPECT_EQ(CauseSentence({.cause = Cause::kRequest, .address = &change}), one.sentence);
  }
}

TEST(BecauseTest, TellsWhoTookOverAndWhoReported) {
  core::Interface before = Made(kEth3, "eth3");
  before.flags.standby = true;
  before.flags.inactive = true;
  core::Interface after = before;
  after.flags.inactive = false;
  after.sides[0]->activated = 7;
  const auto change = Changed(before, after);
  MoveFacts facts{.cause = Cause::kLink,
                  .subject = "eth1",
                  .to = "eth3",
                  .principal = "agent:a",
                  .comment = "rack 4",
                  .to_change = &change};
  EXPECT_THAT(BecauseSentences(facts),
              ElementsAre("link of eth1 changed", "eth3 was the standby and took over",
                          "reported by agent:a (rack 4)"));

  before.sides[0]->activated = 3;  // it was in use already
  const auto used = Changed(before, after);
  facts.to_change = &used;
  facts.cause = Cause::kOffline;
  EXPECT_THAT(BecauseSentences(facts),
              ElementsAre("eth1 was taken out of service", "asked for by agent:a (rack 4)"));
}

TEST(BecauseTest, SaysThatNobodyCouldTakeIt) {
  EXPECT_THAT(BecauseSentences({.cause = Cause::kLink, .subject = "eth1"}),
              ElementsAre("link of eth1 changed", "no other interface of the group could take it"));
  EXPECT_THAT(BecauseSentences({.cause = Cause::kRequest}), ElementsAre(HasSubstr("address")));
}

using core::health::Missing;
using core::health::Obstacle;
using core::health::Outlook;

std::vector<std::string> NextOf(const Outlook& outlook, absl::Duration hold = absl::Seconds(2)) {
  Names names;
  names.Add(kEth1.value(), "eth1");
  names.Add(kEth3.value(), "eth3");
  return NextSentences(outlook, names, hold);
}

TEST(NextTest, SaysNothingOfAnAddressThatWasNeverElsewhere) {
  EXPECT_THAT(NextOf({}), ElementsAre());
}

TEST(NextTest, AFailureMustEndAndBeHeld) {
  const Outlook outlook{.back_to = kEth1, .missing = {{.obstacle = Obstacle::kLinkDown}}};
  EXPECT_THAT(
      NextOf(outlook),
      ElementsAre("goes back to eth1 when its link is up, and it has then been well for 2s"));
  EXPECT_THAT(NextOf(outlook, absl::ZeroDuration()),
              ElementsAre("goes back to eth1 when its link is up"));
}

TEST(NextTest, WhereTimeIsEnoughItSaysWhen) {
  const absl::Time at = absl::FromUnixMillis(1'700'000'000'250);
  EXPECT_THAT(NextOf({.back_to = kEth1,
                      .missing = {{.obstacle = Obstacle::kHold, .until = at}},
                      .back_at = at}),
              ElementsAre("goes back to eth1 at 2023-11-14T22:13:20.250Z if nothing else happens"));
}

TEST(NextTest, EveryObstacleHasAClause) {
  for (int i = 0; i <= static_cast<int>(Obstacle::kStandbyRests); ++i) {
    const auto next =
        NextOf({.back_to = kEth1,
                .missing = {{.obstacle = static_cast<Obstacle>(i), .other = kEth3, .count = 7}}});
    ASSERT_EQ(next.size(), 1u) << i;
    EXPECT_THAT(next[0], HasSubstr("eth1")) << i;
    EXPECT_THAT(next[0], ::testing::Not(::testing::EndsWith("when "))) << i;
  }
}

TEST(NextTest, SeveralAreAllNamed) {
  EXPECT_THAT(
      NextOf({.back_to = kEth1,
              .missing = {{.obstacle = Obstacle::kOffline}, {.obstacle = Obstacle::kFailbackOff}}}),
      ElementsAre("may go back to eth1 when it is put back into service, and another "
                  "interface fails (failback is off)"));
}

TEST(NextTest, OfAStandbyItSaysForWhomItStandsIn) {
  EXPECT_THAT(NextOf({.stands_in_for = {kEth3, kEth1}}),
              ElementsAre("it is on a standby, which stands in for eth1, eth3"));
}

}  // namespace
}  // namespace netstackd::codec
