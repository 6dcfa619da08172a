// One command says why an address is where it is: moves, explanations and probes over real gRPC.
#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "tests/integration/served.h"

namespace netstackd::integration {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const char kAddress[] = "zones/global/groups/ipmp0/addresses/192.0.2.10";

absl::Time TimeOf(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

std::string TimeText(absl::Time time) {
  return "seconds: " + std::to_string(absl::ToUnixSeconds(time)) + " nanos: " +
         std::to_string(
             absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(absl::ToUnixSeconds(time))));
}

// eth1 and eth2 in use with an address each, eth3 the standby; on disk.
class MovesTest : public Served {
 protected:
  MovesTest() : Served(Store::kSqlite) {}

  void MakeLab(const std::string& group = "ipv4: true") {
    MakeGroup("ipmp0", group);
    MakeInterface("eth1", "ipv4: true group: 'ipmp0'");
    MakeInterface("eth2", "ipv4: true group: 'ipmp0'");
    MakeInterface("eth3", "ipv4: true group: 'ipmp0' standby: true");
    // Long ago, so that a test can tell of what was seen since.
    const std::string seen = TimeText(absl::Now() - absl::Hours(1));
    for (const char* name : {"eth1", "eth2", "eth3"}) {
      Report(name, "link: LINK_UP observe_time { " + seen + " }");
    }
    MakeAddress("groups/ipmp0", "192.0.2.10/24");
    MakeAddress("groups/ipmp0", "192.0.2.11/24");
    ASSERT_EQ(Explain().address().status().bound_interface(), "eth1");
  }

  std::int64_t Report(const std::string& interface, const std::string& report,
                      const std::string& comment = "") {
    const auto reported = Ipmp(&IpmpStub::ReportInterface,
                               "name: 'zones/global/interfaces/" + interface + "' report { " +
                                   report + " } options { comment: '" + comment + "' }");
    EXPECT_TRUE(reported.ok()) << reported.status.error_message();
    return reported.response.result().revision();
  }

  v1::ExplainAddressResponse Explain(const std::string& address = kAddress) {
    const auto why = Ipmp(&IpmpStub::ExplainAddress, "name: '" + address + "'");
    EXPECT_TRUE(why.ok()) << why.status.error_message();
    return why.response;
  }

  // All moves of a parent, in pages of this size.
  std::vector<v1::Move> Moves(const std::string& parent, int page_size = 0,
                              const std::string& filter = "") {
    std::vector<v1::Move> moves;
    v1::ListMovesRequest request;
    request.set_parent(parent);
    request.mutable_page()->set_page_size(page_size);
    request.mutable_page()->set_filter(filter);
    do {
      const auto page = Send(*ipmp_, &IpmpStub::ListMoves, request);
      EXPECT_TRUE(page.ok()) << page.status.error_message();
      moves.insert(moves.end(), page.response.moves().begin(), page.response.moves().end());
      request.mutable_page()->set_page_token(page.response.page().next_page_token());
    } while (!request.page().page_token().empty());
    return moves;
  }

  static std::vector<std::string> Because(const v1::ExplainAddressResponse& why) {
    return {why.because().begin(), why.because().end()};
  }
  static std::string Next(const v1::ExplainAddressResponse& why) {
    std::string all;
    for (const std::string& sentence : why.next()) all += sentence + "\n";
    return all;
  }
};

TEST_F(MovesTest, AFailureIsToldWithCauseTimesAndWhoTookOver) {
  MakeLab();
  const absl::Time seen = absl::Now() - absl::Seconds(2);
  const std::int64_t revision =
      Report("eth1", "link: LINK_DOWN observe_time { " + TimeText(seen) + " }", "cable pulled");
  const std::vector<v1::Move> moves = Moves(kAddress);
  ASSERT_EQ(moves.size(), 2u);
  EXPECT_EQ(moves[0].address(), kAddress);
  EXPECT_EQ(moves[0].from_interface(), "eth1");
  EXPECT_EQ(moves[0].to_interface(), "eth3");
  EXPECT_EQ(moves[0].cause(), v1::CAUSE_LINK);
  EXPECT_EQ(moves[0].cause_detail(), "link of eth1 went down");
  EXPECT_EQ(moves[0].revision(), revision);
  EXPECT_EQ(moves[0].principal(), "local");
  EXPECT_EQ(TimeOf(moves[0].event_time()), seen);
  EXPECT_GE(TimeOf(moves[0].decided_time()), seen + absl::Seconds(2));
  EXPECT_EQ(moves[1].from_interface(), "");
  EXPECT_EQ(moves[1].to_interface(), "eth1");
  EXPECT_EQ(moves[1].cause(), v1::CAUSE_REQUEST);
  EXPECT_EQ(moves[1].cause_detail(), "the address was created");

  const auto why = Explain();
  EXPECT_THAT(Because(why),
              ElementsAre("link of eth1 went down", "eth3 was the standby and took over",
                          "reported by local (cable pulled)"));
  EXPECT_EQ(why.back_to(), "eth1");
  EXPECT_THAT(Next(why), HasSubstr("eth1"));
  EXPECT_FALSE(why.has_back_time());
  ASSERT_EQ(why.moves_size(), 2);
  EXPECT_EQ(why.moves(0).SerializeAsString(), moves[0].SerializeAsString());

  const v1::Address::Status status = why.address().status();
  EXPECT_EQ(status.bound_interface(), "eth3");
  EXPECT_EQ(status.placed_cause(), v1::CAUSE_LINK);
  EXPECT_EQ(status.placed_revision(), revision);
  EXPECT_EQ(TimeOf(status.placed_time()), TimeOf(moves[0].decided_time()));
  EXPECT_EQ(status.moves(), 1);
}

TEST_F(MovesTest, ARestartChangesNoAnswer) {
  MakeLab("ipv4: true failback_hold { seconds: 3600 }");
  Report("eth1", "link: LINK_DOWN");
  Report("eth1", "link: LINK_UP");
  const auto why = Explain();
  const std::vector<v1::Move> moves = Moves("zones/global");
  EXPECT_EQ(moves.size(), 3u);
  Restart();
  EXPECT_EQ(Explain().SerializeAsString(), why.SerializeAsString());
  const std::vector<v1::Move> again = Moves("zones/global");
  ASSERT_EQ(again.size(), moves.size());
  for (std::size_t i = 0; i < moves.size(); ++i) {
    EXPECT_EQ(again[i].SerializeAsString(), moves[i].SerializeAsString()) << i;
  }
}

TEST_F(MovesTest, ARepairWithAHoldTimeSaysWhenItGoesBack) {
  MakeLab("ipv4: true failback_hold { seconds: 3600 }");
  Report("eth1", "link: LINK_DOWN");
  EXPECT_FALSE(Explain().has_back_time());
  const absl::Time before = absl::Now();
  Report("eth1", "link: LINK_UP");
  const absl::Time after = absl::Now();
  const auto why = Explain();
  EXPECT_EQ(why.address().status().bound_interface(), "eth3");
  EXPECT_EQ(why.back_to(), "eth1");
  ASSERT_TRUE(why.has_back_time()) << Next(why);
  EXPECT_GE(TimeOf(why.back_time()), before + absl::Hours(1) - absl::Milliseconds(1));
  EXPECT_LE(TimeOf(why.back_time()), after + absl::Hours(1));
  EXPECT_THAT(Next(why), HasSubstr("eth1"));
}

TEST_F(MovesTest, WithFailbackOffOnlyAPersonBringsItBack) {
  MakeLab("ipv4: true failback: false");
  Report("eth1", "link: LINK_DOWN");
  Report("eth1", "link: LINK_UP");
  const auto why = Explain();
  EXPECT_EQ(why.address().status().bound_interface(), "eth3");
  EXPECT_FALSE(why.has_back_time());
  EXPECT_THAT(Next(why), HasSubstr("failback"));
}

TEST_F(MovesTest, OfflineSaysWhoAskedAndWhatBringsItBack) {
  MakeLab();
  ASSERT_TRUE(Ipmp(&IpmpStub::OfflineInterface,
                   "name: 'zones/global/interfaces/eth1' options { comment: 'new cable' }")
                  .ok());
  const auto why = Explain();
  EXPECT_EQ(why.moves(0).cause(), v1::CAUSE_OFFLINE);
  EXPECT_THAT(Because(why), Contains("eth1 was taken out of service"));
  EXPECT_THAT(Because(why), Contains("asked for by local (new cable)"));
  EXPECT_THAT(Next(why), HasSubstr("back into service"));
  ASSERT_TRUE(Ipmp(&IpmpStub::OnlineInterface, "name: 'zones/global/interfaces/eth1'").ok());
  const auto back = Explain();
  EXPECT_EQ(back.address().status().bound_interface(), "eth1");
  EXPECT_EQ(back.moves(0).cause(), v1::CAUSE_REPAIR);
  EXPECT_EQ(back.moves(0).cause_detail(), "eth1 was put back into service");
}

TEST_F(MovesTest, WhenNobodyCanTakeItItIsNowhereAndSaysWhereItWas) {
  MakeGroup("ipmp0");
  MakeInterface("eth1", "ipv4: true group: 'ipmp0'");
  MakeAddress("groups/ipmp0", "192.0.2.10/24");
  Report("eth1", "link: LINK_DOWN");
  const auto why = Explain();
  EXPECT_EQ(why.address().status().bound_interface(), "");
  EXPECT_THAT(Because(why), Contains("no other interface of the group could take it"));
  EXPECT_EQ(why.moves(0).from_interface(), "eth1");
  EXPECT_EQ(why.moves(0).to_interface(), "");
  Report("eth1", "link: LINK_UP");
  EXPECT_THAT(Because(Explain()), Contains("link of eth1 came up"));
}

// The name of an interface is told although nothing but the history knows it, and although the move
// itself did not touch it.
TEST_F(MovesTest, InterfacesThatAreGoneAreStillNamed) {
  MakeLab();
  Report("eth1", "link: LINK_DOWN");  // .10: eth1 -> eth3
  Report("eth2", "link: LINK_DOWN");  // .11: eth2 -> eth3
  for (const char* name : {"eth1", "eth2"}) {
    ASSERT_TRUE(Ipmp(&IpmpStub::DeleteInterface,
                     "name: 'zones/global/interfaces/" + std::string(name) + "'")
                    .ok());
  }
  MakeInterface("eth1", "ipv4: true");  // another one of the same name
  for (int i = 0; i < 2; ++i) {
    const auto why = Explain();
    EXPECT_EQ(why.moves(0).from_interface(), "eth1");
    EXPECT_EQ(why.moves(1).to_interface(), "eth1");
    EXPECT_THAT(Because(why), Contains("link of eth1 went down"));
    EXPECT_EQ(Next(why), Next(why));
    const std::vector<v1::Move> moves = Moves("zones/global/groups/ipmp0");
    for (const v1::Move& move : moves) {
      EXPECT_THAT(move.from_interface() + move.to_interface(), Not(HasSubstr("uid-")));
    }
    Restart();
  }
}

TEST_F(MovesTest, ListsOfGroupAndZoneHaveThemAllNewestFirstOnAnyPageSize) {
  MakeLab();
  for (int i = 20; i < 32; ++i) {
    MakeAddress("groups/ipmp0", "192.0.2." + std::to_string(i) + "/24");
  }
  MakeGroup("other");
  MakeInterface("eth9", "ipv4: true group: 'other'");
  MakeAddress("groups/other", "198.51.100.1/24");
  Report("eth1", "link: LINK_DOWN");
  Report("eth1", "link: LINK_UP");
  const std::vector<v1::Move> all = Moves("zones/global/groups/ipmp0");
  EXPECT_GE(all.size(), 14u + 7u + 7u);
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return a.revision() > b.revision();
  }));
  std::set<std::string> once;
  for (const v1::Move& move : all) {
    EXPECT_THAT(move.address(), HasSubstr("/groups/ipmp0/"));
    EXPECT_TRUE(once.insert(move.SerializeAsString()).second);
  }
  for (const int size : {1, 2, 5}) {
    const std::vector<v1::Move> paged = Moves("zones/global/groups/ipmp0", size);
    ASSERT_EQ(paged.size(), all.size()) << size;
    for (std::size_t i = 0; i < all.size(); ++i) {
      EXPECT_EQ(paged[i].SerializeAsString(), all[i].SerializeAsString()) << size << " " << i;
    }
  }
  EXPECT_EQ(Moves("zones/global", 3).size(), all.size() + 1);
  const auto links = Moves("zones/global", 4, "cause = CAUSE_LINK AND from_interface = 'eth1'");
  EXPECT_EQ(links.size(), 7u);
  for (const v1::Move& move : links) EXPECT_EQ(move.from_interface(), "eth1");
  EXPECT_EQ(Moves(kAddress, 1).size(), Moves(kAddress).size());
}

TEST_F(MovesTest, AGroupIsCalledInTheListAsItWasThen) {
  MakeLab();
  ASSERT_TRUE(
      Ipmp(&IpmpStub::RenameGroup, "name: 'zones/global/groups/ipmp0' new_group_id: 'prod0'").ok());
  Report("eth1", "link: LINK_DOWN");
  for (int i = 0; i < 2; ++i) {
    const std::vector<v1::Move> moves = Moves("zones/global/groups/prod0");
    ASSERT_EQ(moves.size(), 3u);
    EXPECT_EQ(moves[0].address(), "zones/global/groups/prod0/addresses/192.0.2.10");
    EXPECT_EQ(moves[1].address(), "zones/global/groups/ipmp0/addresses/192.0.2.11");
    EXPECT_EQ(moves[2].address(), kAddress);
    // In the list of one address it has the name by which it was asked for.
    const std::vector<v1::Move> own = Moves("zones/global/groups/prod0/addresses/192.0.2.10");
    ASSERT_EQ(own.size(), 2u);
    EXPECT_EQ(own[1].address(), "zones/global/groups/prod0/addresses/192.0.2.10");
    Restart();
  }
}

TEST_F(MovesTest, ARemovedAddressLostItsPlace) {
  MakeLab();
  ASSERT_TRUE(Ipmp(&IpmpStub::DeleteAddress, "name: '" + std::string(kAddress) + "'").ok());
  const std::vector<v1::Move> moves = Moves("zones/global");
  ASSERT_FALSE(moves.empty());
  EXPECT_EQ(moves[0].from_interface(), "eth1");
  EXPECT_EQ(moves[0].to_interface(), "");
  EXPECT_EQ(moves[0].cause_detail(), "the address was removed");
  EXPECT_EQ(Ipmp(&IpmpStub::ListMoves, "parent: '" + std::string(kAddress) + "'").reason,
            "ADDRESS_NOT_FOUND");
  EXPECT_EQ(Ipmp(&IpmpStub::ExplainAddress, "name: '" + std::string(kAddress) + "'").reason,
            "ADDRESS_NOT_FOUND");
}

TEST_F(MovesTest, ATokenIsOfOneListAndOneObject) {
  MakeLab();
  Report("eth1", "link: LINK_DOWN");
  const auto first =
      Ipmp(&IpmpStub::ListMoves, "parent: '" + std::string(kAddress) + "' page { page_size: 1 }");
  const std::string token = first.response.page().next_page_token();
  ASSERT_FALSE(token.empty());
  EXPECT_EQ(
      Ipmp(&IpmpStub::ListMoves, "parent: 'zones/global' page { page_token: '" + token + "' }")
          .reason,
      "INVALID_PAGE_TOKEN");
  // Removed and made again: the name means another address.
  ASSERT_TRUE(Ipmp(&IpmpStub::DeleteAddress, "name: '" + std::string(kAddress) + "'").ok());
  MakeAddress("groups/ipmp0", "192.0.2.10/24");
  EXPECT_EQ(Ipmp(&IpmpStub::ListMoves, "parent: '" + std::string(kAddress) +
                                           "' page { page_size: 1 page_token: '" + token + "' }")
                .reason,
            "INVALID_PAGE_TOKEN");
}

TEST_F(MovesTest, TransactionsComeWithTheirPlansAndCanBeFoundByThem) {
  MakeLab();
  const std::int64_t revision = Report("eth1", "link: LINK_DOWN");
  const auto without = Config(&ConfigStub::ListTransactions, "page { page_size: 1 }");
  EXPECT_FALSE(without.response.transactions(0).has_plan());
  const auto found = Config(&ConfigStub::ListTransactions,
                            "with_plans: true page { filter: 'plan.steps.resource = \"" +
                                std::string(kAddress) + "\"' }");
  ASSERT_TRUE(found.ok()) << found.status.error_message();
  ASSERT_EQ(found.response.transactions_size(), 2);
  EXPECT_EQ(found.response.transactions(0).revision(), revision);
  const auto one = Config(&ConfigStub::GetTransaction, "revision: " + std::to_string(revision));
  EXPECT_EQ(found.response.transactions(0).SerializeAsString(),
            one.response.transaction().SerializeAsString());
}

}  // namespace
}  // namespace netstackd::integration
