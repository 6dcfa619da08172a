#include "gmock/gmock.h"
#include "tests/integration/served.h"

namespace netstackd::integration {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;

class InterfacesTest : public Served {
 protected:
  std::string Bound(const std::string& group, const std::string& address) {
    const auto got = Ipmp(&IpmpStub::GetAddress,
                          "name: 'zones/global/groups/" + group + "/addresses/" + address + "'");
    EXPECT_TRUE(got.ok()) << got.status.error_message();
    return got.response.address().status().bound_interface();
  }
  Answer<v1::ReportInterfaceResponse> Report(const std::string& interface,
                                             const std::string& report) {
    return Ipmp(&IpmpStub::ReportInterface,
                "name: 'zones/global/interfaces/" + interface + "' report { " + report + " }");
  }
};

TEST_F(InterfacesTest, SpecComesBackAsItWasGiven) {
  MakeGroup("ipmp0", "ipv4: true ipv6: true");
  const std::string spec =
      "device: 'eth1' group: 'ipmp0' standby: true ipv4: true ipv6: true up: true ipv6_up: false "
      "ipv4_mtu: 1400";
  MakeInterface("net0", spec);
  const v1::Interface made = Interface("net0");
  EXPECT_EQ(made.spec().SerializeAsString(), Text<v1::Interface::Spec>(spec).SerializeAsString());
  EXPECT_EQ(made.status().group(), "ipmp0");
  EXPECT_EQ(made.status().ipv4().mtu(), 1400u);
  EXPECT_EQ(made.status().ipv4().link_mtu(), 1500u);
  EXPECT_TRUE(made.status().ipv4().auto_address_up());
  EXPECT_FALSE(made.status().ipv6().auto_address_up());
  EXPECT_TRUE(made.status().ipv4().member());
}

TEST_F(InterfacesTest, GroupStatusNamesItsInterfacesByWhatTheyDo) {
  MakeGroup("ipmp0");
  MakeInterface("b", "ipv4: true group: 'ipmp0'");
  MakeInterface("a", "ipv4: true group: 'ipmp0'");
  MakeInterface("spare", "ipv4: true group: 'ipmp0' standby: true");
  const v1::Group::Status status = Group("ipmp0").status();
  EXPECT_THAT(status.active(), ElementsAre("b", "a"));
  EXPECT_THAT(status.inactive(), ElementsAre("spare"));
  EXPECT_TRUE(status.unusable().empty());
  EXPECT_EQ(status.state(), v1::Group::STATE_OK);
  EXPECT_EQ(status.interface_count(), 3u);
  EXPECT_EQ(status.active_count(), 2u);
  EXPECT_TRUE(status.link_up());
  EXPECT_THAT(status.ipv4().members(), ElementsAre("b", "a", "spare"));
  EXPECT_EQ(status.ipv4().cast_interface(), "b");
  EXPECT_TRUE(Interface("b").status().ipv4().cast());
  EXPECT_FALSE(Interface("a").status().ipv4().cast());
}

TEST_F(InterfacesTest, FailureMovesAddressesToTheStandbyInOneRevision) {
  MakeGroup("ipmp0");
  MakeInterface("net0", "ipv4: true group: 'ipmp0'");
  MakeInterface("net1", "ipv4: true group: 'ipmp0'");
  MakeInterface("net2", "ipv4: true group: 'ipmp0' standby: true");
  for (const char* cidr : {"192.0.2.10/24", "192.0.2.11/24", "192.0.2.12/24", "192.0.2.13/24"}) {
    MakeAddress("groups/ipmp0", cidr);
  }
  EXPECT_EQ(Bound("ipmp0", "192.0.2.10"), "net0");
  const std::int64_t before = Revision();
  const auto failed = Report("net0", "link: LINK_DOWN");
  ASSERT_TRUE(failed.ok()) << failed.status.error_message();
  EXPECT_EQ(failed.response.result().revision(), before + 1);
  EXPECT_THAT(failed.response.ip_interface().status().flags(),
              ElementsAre(v1::Interface::FLAG_FAILED));
  EXPECT_EQ(Bound("ipmp0", "192.0.2.10"), "net2");
  EXPECT_EQ(Bound("ipmp0", "192.0.2.11"), "net1");
  EXPECT_EQ(Bound("ipmp0", "192.0.2.12"), "net2");
  int moves = 0;
  for (const auto& step : failed.response.result().plan().steps()) {
    if (step.action() != v1::Plan::ACTION_MOVE_ADDRESS) continue;
    ++moves;
    EXPECT_EQ(step.from_interface(), "net0");
    EXPECT_EQ(step.to_interface(), "net2");
    EXPECT_TRUE(step.disruptive());
  }
  EXPECT_EQ(moves, 2);
  EXPECT_EQ(Group("ipmp0").status().state(), v1::Group::STATE_DEGRADED);
  EXPECT_THAT(Group("ipmp0").status().unusable(), ElementsAre("net0"));

  ASSERT_TRUE(Report("net0", "link: LINK_UP").ok());
  EXPECT_EQ(Interface("net0").status().state(), v1::Interface::STATE_OK);
  EXPECT_THAT(Group("ipmp0").status().inactive(), ElementsAre("net2"));
}

TEST_F(InterfacesTest, StepWiseJoinRefusesWithEverythingThatBlocks) {
  MakeGroup("ipmp0");
  MakeInterface("net0");
  MakeInterface("net6", "ipv4: true ipv6: true");
  const auto join = [&](const std::string& interface) {
    return Ipmp(&IpmpStub::JoinGroup,
                "name: 'zones/global/interfaces/" + interface + "' group: 'ipmp0'");
  };
  const auto refused = join("net0");
  EXPECT_EQ(refused.reason, "INTERFACE_HAS_UP_ADDRESSES");
  EXPECT_EQ(refused.status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(refused.metadata.at("resource"), "zones/global/interfaces/net0");
  EXPECT_EQ(join("net6").reason, "GROUP_FAMILY_MISSING");
  EXPECT_THAT(join("net6").blockers, Contains("INTERFACE_HAS_UP_ADDRESSES"));
  EXPECT_EQ(join("none").reason, "INTERFACE_NOT_FOUND");
  EXPECT_EQ(Ipmp(&IpmpStub::JoinGroup, "name: 'zones/global/interfaces/net0' group: 'none'").reason,
            "GROUP_NOT_FOUND");

  ASSERT_TRUE(Ipmp(&IpmpStub::BringDown, "name: 'zones/global/interfaces/net0'").ok());
  const auto joined = join("net0");
  ASSERT_TRUE(joined.ok()) << joined.status.error_message();
  EXPECT_EQ(joined.response.ip_interface().spec().group(), "ipmp0");
  EXPECT_FALSE(join("net0").response.result().changed());
  const auto left = Ipmp(&IpmpStub::LeaveGroup, "name: 'zones/global/interfaces/net0'");
  ASSERT_TRUE(left.ok());
  EXPECT_EQ(left.response.ip_interface().spec().group(), "");
}

TEST_F(InterfacesTest, SettingTheGroupJoinsInOneTransaction) {
  MakeGroup("ipmp0");
  MakeInterface("net0");
  const std::int64_t before = Revision();
  const auto updated = Ipmp(&IpmpStub::UpdateInterface, R"(
      ip_interface { name: "zones/global/interfaces/net0" spec { group: "ipmp0" } }
      update_mask { paths: "spec.group" })");
  ASSERT_TRUE(updated.ok()) << updated.status.error_message();
  EXPECT_EQ(updated.response.result().revision(), before + 1);
  EXPECT_EQ(updated.response.ip_interface().status().group(), "ipmp0");
  EXPECT_TRUE(updated.response.ip_interface().status().ipv4().auto_address_up());
  EXPECT_EQ(updated.response.ip_interface().meta().generation(), 2);
}

TEST_F(InterfacesTest, OfflineKeepsAMinimumAndOnlyItsCallsWriteIt) {
  MakeGroup("ipmp0");
  MakeInterface("net0", "ipv4: true group: 'ipmp0'");
  const auto offline = [&](const std::string& more) {
    return Ipmp(&IpmpStub::OfflineInterface, "name: 'zones/global/interfaces/net0' " + more);
  };
  EXPECT_EQ(offline("").reason, "MIN_REDUNDANCY_NOT_MET");
  EXPECT_EQ(offline("min_redundancy: 1001").reason, "FIELD_INVALID");
  const auto done = offline("min_redundancy: 0");
  ASSERT_TRUE(done.ok()) << done.status.error_message();
  EXPECT_TRUE(done.response.ip_interface().spec().offline());
  EXPECT_EQ(done.response.ip_interface().status().state(), v1::Interface::STATE_OFFLINE);

  const auto masked = Ipmp(&IpmpStub::UpdateInterface,
                           "ip_interface { name: 'zones/global/interfaces/net0' } "
                           "update_mask { paths: 'spec.offline' }");
  EXPECT_EQ(masked.reason, "FLAG_READ_ONLY");
  const auto replaced = Ipmp(&IpmpStub::UpdateInterface,
                             "ip_interface { name: 'zones/global/interfaces/net0' spec { ipv4: "
                             "true group: 'ipmp0' } } update_mask { paths: '*' }");
  ASSERT_TRUE(replaced.ok()) << replaced.status.error_message();
  EXPECT_TRUE(replaced.response.ip_interface().spec().offline());

  const auto online = Ipmp(&IpmpStub::OnlineInterface, "name: 'zones/global/interfaces/net0'");
  ASSERT_TRUE(online.ok());
  EXPECT_FALSE(online.response.ip_interface().spec().offline());
  const auto again = Ipmp(&IpmpStub::OnlineInterface, "name: 'zones/global/interfaces/net0'");
  ASSERT_TRUE(again.ok()) << again.status.error_message();
  EXPECT_FALSE(again.response.result().changed());
  EXPECT_EQ(Ipmp(&IpmpStub::CreateInterface,
                 "parent: 'zones/global' interface_id: 'x' ip_interface { spec { ipv4: true "
                 "offline: true } }")
                .reason,
            "FLAG_READ_ONLY");
}

TEST_F(InterfacesTest, ReportsAreKeptApartFromTheSpec) {
  MakeInterface("net0");
  const auto reported = Report("net0", R"(
      mac_type: MAC_TYPE_INFINIBAND
      hardware_address: "00:01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:0f:10:11:12:13"
      link_mtu: 9000 is_virtual: true link: LINK_UP
      ipv4 { capabilities { multicast: true class_of_service: true } usesrc: USESRC_ROLE_SOURCE }
      ipv6 { mtu: 2044 })");
  ASSERT_TRUE(reported.ok()) << reported.status.error_message();
  const v1::Interface got = Interface("net0");
  EXPECT_EQ(got.status().mac_type(), v1::MAC_TYPE_INFINIBAND);
  EXPECT_EQ(got.status().hardware_address(),
            "00:01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:0f:10:11:12:13");
  EXPECT_EQ(got.status().link(), v1::Interface::LINK_UP);
  EXPECT_TRUE(got.status().is_virtual());
  EXPECT_EQ(got.status().ipv4().mtu(), 9000u);
  EXPECT_TRUE(got.status().ipv4().capabilities().class_of_service());
  EXPECT_EQ(got.status().ipv4().usesrc(), v1::USESRC_ROLE_SOURCE);
  EXPECT_EQ(got.meta().generation(), 1);
  EXPECT_FALSE(Report("net0", "link: LINK_UP").response.result().changed());

  EXPECT_EQ(Report("net0", "hardware_address: '02:00:00:00:00:01'").reason,
            "HARDWARE_ADDRESS_LENGTH");
  EXPECT_EQ(Report("net0", "hardware_address: 'xyz'").reason, "FIELD_INVALID");
  EXPECT_EQ(Report("net0", "wide_counters: 'nothing'").reason, "FIELD_INVALID");
  EXPECT_EQ(Report("net0", "counters { in_errors: 1 } counters_gone: true").reason,
            "FIELD_INVALID");
  EXPECT_EQ(Report("net0", "detector { set: FLAG_FAILED set: FLAG_FAILED }").reason,
            "FIELD_INVALID");
  EXPECT_EQ(Report("net0", "detector { set: FLAG_UNSPECIFIED }").reason, "FIELD_INVALID");
  EXPECT_EQ(Report("net0", "duplicate_addresses: 'zones/global/interfaces/net0'").reason,
            "INVALID_REQUEST");
}

TEST_F(InterfacesTest, RotationTurnsAndCastDoesNot) {
  MakeGroup("ipmp0");
  MakeInterface("net0", "ipv4: true group: 'ipmp0'");
  MakeInterface("net1", "ipv4: true group: 'ipmp0'");
  const std::string query = "name: 'zones/global/groups/ipmp0' family: FAMILY_IPV4";
  std::vector<std::string> turns;
  for (int i = 0; i < 3; ++i) {
    const auto next = Ipmp(&IpmpStub::NextInterface, query);
    ASSERT_TRUE(next.ok()) << next.status.error_message();
    EXPECT_TRUE(next.response.result().changed());
    turns.push_back(next.response.ip_interface());
  }
  EXPECT_EQ(turns[0], turns[2]);
  EXPECT_NE(turns[0], turns[1]);
  EXPECT_EQ(Ipmp(&IpmpStub::CastInterface, query).response.ip_interface(), "net0");
  EXPECT_EQ(Ipmp(&IpmpStub::CastInterface, query).response.revision(), Revision());
  EXPECT_EQ(Ipmp(&IpmpStub::CastInterface, "name: 'zones/global/groups/ipmp0'").reason,
            "FIELD_INVALID");
  EXPECT_EQ(Ipmp(&IpmpStub::NextInterface, "name: 'zones/global/groups/ipmp0' family: FAMILY_IPV6")
                .reason,
            "FAMILY_MISSING");

  ASSERT_TRUE(Report("net1", "hardware_address: '02:00:00:00:00:0a'").ok());
  const auto find = [&](const std::string& address) {
    return Ipmp(&IpmpStub::FindInterface, query + " hardware_address: '" + address + "'");
  };
  EXPECT_EQ(find("02:00:00:00:00:0A").response.ip_interface(), "net1");
  EXPECT_EQ(find("02:00:00:00:00:0b").response.ip_interface(), "");
  EXPECT_TRUE(find("02:00:00:00:00:0b").ok());
}

TEST_F(InterfacesTest, DeletionTakesItOutOfItsGroup) {
  MakeGroup("ipmp0");
  MakeInterface("net0", "ipv4: true group: 'ipmp0'");
  MakeInterface("net1", "ipv4: true group: 'ipmp0'");
  MakeAddress("groups/ipmp0", "192.0.2.10/24");
  const auto deleted = Ipmp(&IpmpStub::DeleteInterface, "name: 'zones/global/interfaces/net0'");
  ASSERT_TRUE(deleted.ok()) << deleted.status.error_message();
  EXPECT_EQ(Bound("ipmp0", "192.0.2.10"), "net1");
  EXPECT_EQ(Ipmp(&IpmpStub::GetInterface, "name: 'zones/global/interfaces/net0'").reason,
            "INTERFACE_NOT_FOUND");
  EXPECT_TRUE(
      Ipmp(&IpmpStub::DeleteInterface, "name: 'zones/global/interfaces/net0' allow_missing: true")
          .ok());
}

}  // namespace
}  // namespace netstackd::integration
