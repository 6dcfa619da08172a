#include "gmock/gmock.h"
#include "tests/integration/served.h"

namespace netstackd::integration {
namespace {

class AddressesTest : public Served {
 protected:
  Answer<v1::CreateAddressResponse> Create(const std::string& parent, const std::string& spec) {
    return Ipmp(&IpmpStub::CreateAddress,
                "parent: 'zones/global/" + parent + "' address { spec { " + spec + " } }");
  }
};

TEST_F(AddressesTest, NameFollowsFromTheAddress) {
  MakeGroup("ipmp0", "ipv4: true ipv6: true");
  const auto ipv6 = Create("groups/ipmp0", "cidr: '2001:db8::10/64' up: false");
  ASSERT_TRUE(ipv6.ok()) << ipv6.status.error_message();
  const std::string name = "zones/global/groups/ipmp0/addresses/2001-db8--10";
  EXPECT_EQ(ipv6.response.address().name(), name);
  EXPECT_EQ(ipv6.response.address().spec().ShortDebugString(),
            "cidr: \"2001:db8::10/64\" up: false");
  EXPECT_EQ(ipv6.response.address().status().family(), v1::FAMILY_IPV6);
  EXPECT_TRUE(Ipmp(&IpmpStub::GetAddress, "name: '" + name + "'").ok());
  EXPECT_EQ(Create("groups/ipmp0", "cidr: '2001:db8::10/64'").reason, "ADDRESS_EXISTS");
}

TEST_F(AddressesTest, OnlyCanonicalTextIsTaken) {
  MakeGroup("ipmp0", "ipv4: true ipv6: true");
  EXPECT_EQ(Create("groups/ipmp0", "cidr: '2001:DB8::1/64'").reason, "ADDRESS_NOT_CANONICAL");
  EXPECT_EQ(Create("groups/ipmp0", "cidr: '2001:db8:0::1/64'").reason, "ADDRESS_NOT_CANONICAL");
  EXPECT_EQ(Create("groups/ipmp0", "cidr: '192.0.2.10/024'").reason, "ADDRESS_NOT_CANONICAL");
  EXPECT_EQ(Create("groups/ipmp0", "cidr: '192.0.2.10'").reason, "FIELD_INVALID");
  EXPECT_EQ(Create("groups/ipmp0", "cidr: '192.0.2.10/33'").reason, "FIELD_INVALID");
  EXPECT_EQ(Create("groups/ipmp0", "cidr: '0.0.0.0/0'").reason, "FIELD_INVALID");
  EXPECT_EQ(Create("groups/ipmp0", "").reason, "FIELD_INVALID");
  EXPECT_EQ(Create("groups/ipmp0", "cidr: '192.0.2.10/24' test: true").reason,
            "FLAG_INVALID_ON_IPMP_INTERFACE");
  EXPECT_EQ(Create("groups/ipmp0", "cidr: '192.0.2.10/24' point_to_point: true").reason,
            "FIELD_INVALID");
  EXPECT_TRUE(Create("groups/ipmp0", "cidr: '192.0.2.10/24'").ok());  // host bits are kept
}

TEST_F(AddressesTest, DataAddressOfAMemberMovesToTheGroup) {
  MakeGroup("ipmp0");
  MakeInterface("net0", "ipv4: true group: 'ipmp0'");
  const auto made = Create("interfaces/net0", "cidr: '192.0.2.10/24'");
  ASSERT_TRUE(made.ok()) << made.status.error_message();
  EXPECT_EQ(made.response.address().name(), "zones/global/groups/ipmp0/addresses/192.0.2.10");
  EXPECT_EQ(made.response.address().status().bound_interface(), "net0");

  const auto waiting = Create("interfaces/net0", "cidr: '192.0.2.11/24' up: false");
  EXPECT_EQ(waiting.response.address().name(), "zones/global/interfaces/net0/addresses/192.0.2.11");
  const auto up =
      Ipmp(&IpmpStub::BringUp, "name: 'zones/global/interfaces/net0/addresses/192.0.2.11'");
  ASSERT_TRUE(up.ok()) << up.status.error_message();
  EXPECT_EQ(up.response.address().name(), "zones/global/groups/ipmp0/addresses/192.0.2.11");
  EXPECT_TRUE(up.response.address().status().up());
}

TEST_F(AddressesTest, TestAddressesStay) {
  MakeGroup("ipmp0");
  MakeInterface("net0", "ipv4: true group: 'ipmp0'");
  const auto made =
      Create("interfaces/net0", "cidr: '192.0.2.20/24' test: true managed_by: MANAGED_BY_DHCP");
  ASSERT_TRUE(made.ok()) << made.status.error_message();
  EXPECT_EQ(made.response.address().name(), "zones/global/interfaces/net0/addresses/192.0.2.20");
  EXPECT_EQ(made.response.address().spec().managed_by(), v1::Address::MANAGED_BY_DHCP);
  EXPECT_TRUE(made.response.address().spec().test());
}

TEST_F(AddressesTest, UpdateChangesPrefixAndStateButNotTheAddress) {
  MakeGroup("ipmp0");
  MakeAddress("groups/ipmp0", "192.0.2.10/24");
  const auto update = [&](const std::string& spec, const std::string& path) {
    return Ipmp(&IpmpStub::UpdateAddress,
                "address { name: 'zones/global/groups/ipmp0/addresses/192.0.2.10' spec { " + spec +
                    " } } update_mask { paths: '" + path + "' }");
  };
  const auto prefix = update("cidr: '192.0.2.10/28'", "spec.cidr");
  ASSERT_TRUE(prefix.ok()) << prefix.status.error_message();
  EXPECT_EQ(prefix.response.address().spec().cidr(), "192.0.2.10/28");
  EXPECT_EQ(update("cidr: '192.0.2.11/28'", "spec.cidr").reason, "FIELD_INVALID");
  EXPECT_EQ(update("", "spec.cidr").reason, "FIELD_INVALID");
  const auto down = update("up: false", "spec.up");
  ASSERT_TRUE(down.ok());
  EXPECT_FALSE(down.response.address().status().up());
  EXPECT_TRUE(down.response.result().plan().steps(0).disruptive());
  const auto unset = update("", "spec.up");
  EXPECT_FALSE(unset.response.address().spec().has_up());
  EXPECT_TRUE(unset.response.address().status().up());
}

TEST_F(AddressesTest, UpOnAnotherOwnerIsRefused) {
  MakeGroup("ipmp0");
  MakeGroup("ipmp1");
  MakeAddress("groups/ipmp0", "192.0.2.10/24");
  const auto other = Create("groups/ipmp1", "cidr: '192.0.2.10/24'");
  EXPECT_EQ(other.reason, "ADDRESS_IN_USE");
  EXPECT_EQ(other.metadata.at("owner"), "zones/global/groups/ipmp0/addresses/192.0.2.10");
  EXPECT_TRUE(Create("groups/ipmp1", "cidr: '192.0.2.10/24' up: false").ok());
}

TEST_F(AddressesTest, DuplicateIsDownButRemembered) {
  MakeGroup("ipmp0");
  MakeInterface("net0", "ipv4: true group: 'ipmp0'");
  MakeAddress("groups/ipmp0", "192.0.2.10/24");
  const std::string name = "zones/global/groups/ipmp0/addresses/192.0.2.10";
  ASSERT_TRUE(
      Ipmp(&IpmpStub::ReportInterface,
           "name: 'zones/global/interfaces/net0' report { duplicate_addresses: '" + name + "' }")
          .ok());
  const auto got = Ipmp(&IpmpStub::GetAddress, "name: '" + name + "'");
  EXPECT_TRUE(got.response.address().status().duplicate());
  EXPECT_FALSE(got.response.address().status().up());
  EXPECT_EQ(Group("ipmp0").status().ipv4().duplicate_addresses(), 1u);
}

TEST_F(AddressesTest, FamilyOfBringUpMustFit) {
  MakeGroup("ipmp0", "ipv4: true ipv6: true");
  MakeAddress("groups/ipmp0", "192.0.2.10/24");
  EXPECT_EQ(Ipmp(&IpmpStub::BringUp,
                 "name: 'zones/global/groups/ipmp0/addresses/192.0.2.10' family: FAMILY_IPV6")
                .reason,
            "FIELD_INVALID");
  EXPECT_EQ(
      Ipmp(&IpmpStub::BringUp, "name: 'zones/global/groups/ipmp0' family: FAMILY_IPV6").reason,
      "FIELD_INVALID");
  EXPECT_TRUE(Ipmp(&IpmpStub::BringDown,
                   "name: 'zones/global/groups/ipmp0/addresses/192.0.2.10' family: FAMILY_IPV4")
                  .ok());
}

TEST_F(AddressesTest, DeletionOfWhatIsMissing) {
  MakeGroup("ipmp0");
  MakeAddress("groups/ipmp0", "192.0.2.10/24");
  const std::string name = "name: 'zones/global/groups/ipmp0/addresses/192.0.2.10'";
  const auto deleted = Ipmp(&IpmpStub::DeleteAddress, name);
  ASSERT_TRUE(deleted.ok());
  EXPECT_EQ(deleted.response.result().plan().steps(0).action(), v1::Plan::ACTION_DELETE);
  EXPECT_EQ(Ipmp(&IpmpStub::DeleteAddress, name).reason, "ADDRESS_NOT_FOUND");
  EXPECT_TRUE(Ipmp(&IpmpStub::DeleteAddress, name + " allow_missing: true").ok());
  EXPECT_EQ(Ipmp(&IpmpStub::DeleteAddress,
                 "name: 'zones/global/groups/none/addresses/192.0.2.10' allow_missing: true")
                .reason,
            "GROUP_NOT_FOUND");
}

}  // namespace
}  // namespace netstackd::integration
