#include "server/codec/api_moves.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/codec/api_probes.h"

namespace netstackd::codec {
namespace {

using ::testing::ElementsAre;

constexpr core::GroupUid kGroup(1);
constexpr core::InterfaceUid kNet0(10);
constexpr core::InterfaceUid kNet1(11);
constexpr std::int64_t kRevision = 60;

core::Address AddressOn(core::InterfaceUid bound) {
  core::Address address;
  address.uid = core::AddressUid(20);
  address.group = kGroup;
  address.ip = *core::ParseIpAddress("192.0.2.10");
  address.up = true;
  address.bound = bound;
  return address;
}

AddressChange Change(const core::Address* before, const core::Address* after) {
  AddressChange change;
  if (before != nullptr) change.before = std::make_shared<const core::Address>(*before);
  if (after != nullptr) change.after = std::make_shared<const core::Address>(*after);
  return change;
}

Names KnownNames() {
  Names names;
  names.Add(kGroup.value(), "ipmp0");
  names.Add(kNet0.value(), "net0");
  names.Add(kNet1.value(), "net1");
  return names;
}

TEST(IsMoveTest, OnlyADataAddressThatChangesPlace) {
  const core::Address on0 = AddressOn(kNet0);
  const core::Address on1 = AddressOn(kNet1);
  const core::Address nowhere = AddressOn({});
  core::Address rebound = on0;
  rebound.binding = 9;
  core::Address of_interface = on0;
  of_interface.group = {};
  EXPECT_TRUE(IsMove(Change(&on0, &on1)));
  EXPECT_TRUE(IsMove(Change(&on0, &nowhere)));
  EXPECT_TRUE(IsMove(Change(nullptr, &on0)));
  EXPECT_TRUE(IsMove(Change(&on0, nullptr)));
  EXPECT_FALSE(IsMove(Change(&on0, &rebound)));
  EXPECT_FALSE(IsMove(Change(nullptr, &nowhere)));
  EXPECT_FALSE(IsMove(Change(&nowhere, nullptr)));
  EXPECT_FALSE(IsMove(Change(nullptr, &of_interface)));
}

TEST(MoveTellerTest, TakesNamesCauseAndTimesFromTheTransaction) {
  core::Interface net0;
  net0.uid = kNet0;
  net0.name = "net0";
  net0.link = core::LinkState::kUp;
  core::Interface down = net0;
  down.link = core::LinkState::kDown;
  const core::Address before = AddressOn(kNet0);
  core::Address after = AddressOn(kNet1);
  const absl::Time seen = absl::FromUnixMillis(1'000'100);
  const absl::Time decided = absl::FromUnixMillis(1'000'700);
  after.placement = {.from = kNet0,
                     .subject = kNet0,
                     .cause = core::Cause::kLink,
                     .seen = seen,
                     .since = decided,
                     .revision = kRevision};
  const std::vector<core::Delta> deltas = {
      core::Change<core::Interface>{std::make_shared<const core::Interface>(net0),
                                    std::make_shared<const core::Interface>(down)},
      Change(&before, &after)};
  // Of a name that the deltas tell nobody else is asked.
  Names names = KnownNames();
  const MoveTeller teller(deltas, {kRevision, decided, "agent:a", ""}, names);
  v1::Move move;
  teller.Render(std::get<AddressChange>(deltas[1]), &move);
  EXPECT_EQ(move.address(), "zones/global/groups/ipmp0/addresses/192.0.2.10");
  EXPECT_EQ(move.from_interface(), "net0");
  EXPECT_EQ(move.to_interface(), "net1");
  EXPECT_EQ(move.cause(), v1::CAUSE_LINK);
  EXPECT_EQ(move.cause_detail(), "link of net0 went down");
  EXPECT_EQ(move.event_time().seconds(), 1000);
  EXPECT_EQ(move.event_time().nanos(), 100'000'000);
  EXPECT_EQ(move.decided_time().nanos(), 700'000'000);
  EXPECT_EQ(move.revision(), kRevision);
  EXPECT_EQ(move.principal(), "agent:a");
  EXPECT_THAT(UidsOf(std::get<AddressChange>(deltas[1])),
              ElementsAre(kGroup.value(), kNet0.value(), kNet1.value(), kNet0.value()));
}

TEST(MoveTellerTest, APlacementOfAnotherRevisionSaysNothing) {
  const core::Address before = AddressOn(kNet0);
  core::Address after = AddressOn(kNet1);
  after.placement.cause = core::Cause::kLink;
  after.placement.revision = kRevision - 1;  // written by a program that did not keep it up
  const MoveTeller teller({}, {kRevision, absl::FromUnixSeconds(7), "local", ""}, KnownNames());
  v1::Move move;
  teller.Render(Change(&before, &after), &move);
  EXPECT_EQ(move.cause(), v1::CAUSE_UNSPECIFIED);
  EXPECT_EQ(move.cause_detail(), "");
  EXPECT_EQ(move.event_time().seconds(), 7);
}

TEST(MoveTellerTest, ARemovedAddressWentNowhereBecauseOfTheRequest) {
  const core::Address before = AddressOn(kNet0);
  const MoveTeller teller({}, {kRevision, absl::FromUnixSeconds(7), "local", ""}, KnownNames());
  v1::Move move;
  teller.Render(Change(&before, nullptr), &move);
  EXPECT_EQ(move.from_interface(), "net0");
  EXPECT_EQ(move.to_interface(), "");
  EXPECT_EQ(move.cause(), v1::CAUSE_REQUEST);
  EXPECT_EQ(move.cause_detail(), "the address was removed");
}

core::ProbeResult ProbeOf(std::uint16_t sequence, bool lost) {
  core::ProbeResult probe;
  probe.sequence = sequence;
  probe.target = *core::ParseIpAddress("192.0.2.1");
  probe.start = absl::FromUnixSeconds(sequence);
  probe.lost = lost;
  if (lost) return probe;
  probe.rtt = absl::Microseconds(420);
  probe.net_rtt = absl::Microseconds(310);
  probe.average_ns = 400'000;
  probe.deviation_ns = 20'000;
  return probe;
}

core::Change<core::Interface> ReportOf(const std::vector<core::ProbeResult>& before,
                                       const std::vector<core::ProbeResult>& after) {
  core::Interface net0;
  net0.name = "net0";
  net0.detection.probing[0].emplace();
  net0.detection.probing[0]->newest = before;
  core::Interface reported = net0;
  reported.detection.probing[0]->newest = after;
  return {std::make_shared<const core::Interface>(net0),
          std::make_shared<const core::Interface>(reported)};
}

TEST(ProbesTest, AreThoseOfTheNewReportInTheirOrder) {
  const auto change = ReportOf({ProbeOf(1, false)}, {ProbeOf(2, false), ProbeOf(3, true)});
  ASSERT_TRUE(HasProbes(change));
  v1::StreamProbesResponse message;
  AppendProbes(change, &message);
  ASSERT_EQ(message.probes_size(), 2);
  const auto& answered = message.probes(0);
  EXPECT_EQ(answered.ip_interface(), "net0");
  EXPECT_EQ(answered.probe().sequence(), 2u);
  EXPECT_EQ(answered.probe().target(), "192.0.2.1");
  EXPECT_EQ(answered.probe().start_time().seconds(), 2);
  EXPECT_EQ(answered.probe().rtt().nanos(), 420'000);
  EXPECT_EQ(answered.probe().net_rtt().nanos(), 310'000);
  EXPECT_EQ(answered.rtt_avg().nanos(), 400'000);
  EXPECT_EQ(answered.rtt_dev().nanos(), 20'000);
  const auto& lost = message.probes(1);
  EXPECT_TRUE(lost.probe().lost());
  EXPECT_FALSE(lost.probe().has_rtt());
  EXPECT_FALSE(lost.probe().has_net_rtt());
  EXPECT_FALSE(lost.has_rtt_avg());
}

TEST(ProbesTest, AChangeOfSomethingElseBringsNone) {
  const auto change = ReportOf({ProbeOf(1, false)}, {ProbeOf(1, false)});
  EXPECT_FALSE(HasProbes(change));
  EXPECT_FALSE(HasProbes(ReportOf({ProbeOf(1, false)}, {})));
  EXPECT_FALSE(HasProbes({change.before, nullptr}));
  EXPECT_TRUE(HasProbes({nullptr, change.after}));
}

}  // namespace
}  // namespace netstackd::codec
