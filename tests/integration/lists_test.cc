#include <set>

#include "gmock/gmock.h"
#include "tests/integration/served.h"

namespace netstackd::integration {
namespace {

using ::testing::ElementsAre;

class ListsTest : public Served {
 protected:
  // Names of all pages, in order; the number of pages ends in `*pages`.
  std::vector<std::string> AllAddresses(const std::string& parent, int page_size,
                                        int* pages = nullptr, const std::string& filter = "") {
    std::vector<std::string> names;
    v1::ListAddressesRequest request;
    request.set_parent(parent);
    request.mutable_page()->set_page_size(page_size);
    request.mutable_page()->set_filter(filter);
    for (int count = 1; count < 5000; ++count) {
      const auto page = Send(*ipmp_, &IpmpStub::ListAddresses, request);
      EXPECT_TRUE(page.ok()) << page.status.error_message();
      for (const auto& address : page.response.addresses()) names.push_back(address.name());
      EXPECT_LE(page.response.addresses_size(), page_size);
      if (pages != nullptr) *pages = count;
      const std::string token = page.response.page().next_page_token();
      if (token.empty()) return names;
      request.mutable_page()->set_page_token(token);
    }
    ADD_FAILURE() << "the list does not end";
    return names;
  }
};

TEST_F(ListsTest, PagesAreOrderedByNameAndComplete) {
  for (const char* group : {"c", "a", "e", "b", "d"}) MakeGroup(group);
  std::vector<std::string> names;
  std::string token;
  int pages = 0;
  do {
    const auto page =
        Ipmp(&IpmpStub::ListGroups,
             "parent: 'zones/global' page { page_size: 2 page_token: '" + token + "' }");
    ASSERT_TRUE(page.ok()) << page.status.error_message();
    EXPECT_EQ(page.response.page().total_size(), 5);
    EXPECT_EQ(page.response.page().revision(), 5);
    for (const auto& group : page.response.groups()) names.push_back(group.name());
    token = page.response.page().next_page_token();
    ++pages;
  } while (!token.empty());
  EXPECT_EQ(pages, 3);
  EXPECT_THAT(names,
              ElementsAre("zones/global/groups/a", "zones/global/groups/b", "zones/global/groups/c",
                          "zones/global/groups/d", "zones/global/groups/e"));
}

TEST_F(ListsTest, WhatIsThereTheWholeTimeAppearsOnceWhateverHappensBetweenPages) {
  for (const char* interface : {"a", "b", "c", "d"}) MakeInterface(interface);
  const auto first =
      Ipmp(&IpmpStub::ListInterfaces, "parent: 'zones/global' page { page_size: 2 }");
  ASSERT_EQ(first.response.ip_interfaces_size(), 2);
  ASSERT_TRUE(Ipmp(&IpmpStub::DeleteInterface, "name: 'zones/global/interfaces/b'").ok());
  MakeInterface("aa");
  const auto second =
      Ipmp(&IpmpStub::ListInterfaces, "parent: 'zones/global' page { page_size: 2 page_token: '" +
                                          first.response.page().next_page_token() + "' }");
  ASSERT_EQ(second.response.ip_interfaces_size(), 2);
  EXPECT_EQ(second.response.ip_interfaces(0).name(), "zones/global/interfaces/c");
  EXPECT_EQ(second.response.ip_interfaces(1).name(), "zones/global/interfaces/d");
}

TEST_F(ListsTest, AddressesOfAnOwnerAreInNumericalOrderIpv4First) {
  MakeGroup("ipmp0", "ipv4: true ipv6: true");
  for (const char* cidr : {"2001:db8::2/64", "192.0.2.10/24", "192.0.2.9/24", "2001:db8::1/64"}) {
    MakeAddress("groups/ipmp0", cidr);
  }
  const std::string prefix = "zones/global/groups/ipmp0/addresses/";
  for (const int size : {1, 2, 3, 100}) {
    EXPECT_THAT(AllAddresses("zones/global/groups/ipmp0", size),
                ElementsAre(prefix + "192.0.2.9", prefix + "192.0.2.10", prefix + "2001-db8--1",
                            prefix + "2001-db8--2"))
        << size;
  }
}

TEST_F(ListsTest, AddressesOfTheZoneAreThoseOfGroupsThenInterfaces) {
  MakeGroup("b");
  MakeGroup("a");
  MakeGroup("empty");
  MakeInterface("a0");
  MakeInterface("z0");
  MakeAddress("interfaces/z0", "192.0.2.1/24");
  MakeAddress("groups/b", "192.0.2.2/24");
  MakeAddress("groups/a", "192.0.2.3/24");
  MakeAddress("groups/a", "192.0.2.4/24");
  for (const int size : {1, 2, 3, 4, 100}) {
    EXPECT_THAT(AllAddresses("zones/global", size),
                ElementsAre("zones/global/groups/a/addresses/192.0.2.3",
                            "zones/global/groups/a/addresses/192.0.2.4",
                            "zones/global/groups/b/addresses/192.0.2.2",
                            "zones/global/interfaces/z0/addresses/192.0.2.1"))
        << size;
  }
  EXPECT_THAT(AllAddresses("zones/global/interfaces/z0", 10),
              ElementsAre("zones/global/interfaces/z0/addresses/192.0.2.1"));
  EXPECT_EQ(Ipmp(&IpmpStub::ListAddresses, "parent: 'zones/global/groups/none'").reason,
            "GROUP_NOT_FOUND");
}

TEST_F(ListsTest, ManyOwnersAndManyAddressesArePagedInBoundedSteps) {
  MakeGroup("big");
  v1::TransactRequest request;
  for (int i = 0; i < 900; ++i) {
    auto* created = request.add_operations()->mutable_create()->mutable_address();
    const std::string ip = "10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250 + 1);
    created->set_name("zones/global/groups/big/addresses/" + ip);
    created->mutable_spec()->set_cidr(ip + "/16");
  }
  ASSERT_TRUE(Send(*config_, &ConfigStub::Transact, request).ok());
  request.Clear();
  for (int i = 0; i < 1000; ++i) {
    auto* created = request.add_operations()->mutable_create()->mutable_ip_interface();
    created->set_name("zones/global/interfaces/if" + std::to_string(i));
    created->mutable_spec()->set_ipv4(true);
  }
  ASSERT_TRUE(Send(*config_, &ConfigStub::Transact, request).ok());
  MakeAddress("interfaces/if999", "192.0.2.1/24");
  int pages = 0;
  const auto names = AllAddresses("zones/global", 1000, &pages);
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), 901u);
  EXPECT_EQ(names.size(), 901u);
  EXPECT_GE(pages, 2);  // 1,901 objects were looked at

  // A filter that lets nothing through looks at no more a page than one that lets all through.
  EXPECT_TRUE(AllAddresses("zones/global", 10, &pages, "spec.cidr = '1.1.1.1/8'").empty());
  EXPECT_GE(pages, 2);
  EXPECT_EQ(AllAddresses("zones/global", 1000, &pages, "spec.cidr : '10.0.3.'").size(), 150u);
}

TEST_F(ListsTest, FiltersLookAtSpecStatusAndLabels) {
  MakeGroup("ipmp0");
  MakeInterface("net0", "ipv4: true group: 'ipmp0'");
  MakeInterface("net1", "ipv4: true group: 'ipmp0' standby: true");
  MakeInterface("net2", "ipv4: true");
  ASSERT_TRUE(Ipmp(&IpmpStub::UpdateInterface,
                   "ip_interface { name: 'zones/global/interfaces/net2' meta { labels { key: "
                   "'site.rack/row' value: 'a7' } } } update_mask { paths: 'meta.labels' }")
                  .ok());
  const auto list = [&](const std::string& filter) {
    v1::ListInterfacesRequest request;
    request.set_parent("zones/global");
    request.mutable_page()->set_filter(filter);
    const auto page = Send(*ipmp_, &IpmpStub::ListInterfaces, request);
    std::string names;
    for (const auto& one : page.response.ip_interfaces()) names += one.name().back();
    return page.ok() ? names : page.reason;
  };
  EXPECT_EQ(list(""), "012");
  EXPECT_EQ(list("spec.group = \"ipmp0\""), "01");
  EXPECT_EQ(list("spec.group = ipmp0 AND NOT spec.standby = true"), "0");
  EXPECT_EQ(list("status.flags : FLAG_STANDBY OR spec.group = ''"), "12");
  EXPECT_EQ(list("(status.state = STATE_OK) AND spec.group != 'ipmp0'"), "2");
  EXPECT_EQ(list("labels.site.rack/row = a7"), "2");
  EXPECT_EQ(list("labels.site.rack/row : a"), "2");
  EXPECT_EQ(list("meta.labels:*"), "2");
  EXPECT_EQ(list("status.ipv4.mtu = 1500"), "012");
  EXPECT_EQ(list("name : net1"), "1");
  EXPECT_EQ(list("status.flags = FLAG_PINK"), "INVALID_FILTER");
  EXPECT_EQ(list("spec.colour = red"), "INVALID_FILTER");
  EXPECT_EQ(list("name = a AND name = b OR name = c"), "INVALID_FILTER");
  EXPECT_EQ(list(std::string(2049, ' ')), "FIELD_INVALID");
}

TEST_F(ListsTest, TokensAreBoundToTheOtherArguments) {
  for (const char* group : {"a", "b", "c"}) MakeGroup(group);
  const auto first = Ipmp(&IpmpStub::ListGroups, "parent: 'zones/global' page { page_size: 1 }");
  const std::string token = first.response.page().next_page_token();
  const auto list = [&](const std::string& page) {
    return Ipmp(&IpmpStub::ListGroups, "parent: 'zones/global' page { " + page + " }");
  };
  EXPECT_EQ(list("page_token: '" + token + "' page_size: 5").response.groups_size(), 2);
  EXPECT_EQ(list("page_token: '" + token + "' filter: 'name : a'").reason, "INVALID_PAGE_TOKEN");
  EXPECT_EQ(list("page_token: 'x" + token + "'").reason, "INVALID_PAGE_TOKEN");
  EXPECT_EQ(list("page_token: 'garbage'").reason, "INVALID_PAGE_TOKEN");
  EXPECT_EQ(
      Ipmp(&IpmpStub::ListInterfaces, "parent: 'zones/global' page { page_token: '" + token + "' }")
          .reason,
      "INVALID_PAGE_TOKEN");
  EXPECT_EQ(list("page_size: -1").reason, "FIELD_INVALID");
}

TEST_F(ListsTest, RevisionsFromTheFutureAreRefused) {
  MakeGroup("a");
  const auto list = Ipmp(&IpmpStub::ListGroups, "parent: 'zones/global' page { min_revision: 2 }");
  EXPECT_EQ(list.reason, "REVISION_IN_FUTURE");
  EXPECT_EQ(list.status.error_code(), grpc::StatusCode::DATA_LOSS);
  EXPECT_EQ(list.metadata.at("revision"), "1");
  EXPECT_EQ(list.metadata.at("storeId"), journal_->store_id());
  EXPECT_EQ(Ipmp(&IpmpStub::GetGroup, "name: 'zones/global/groups/a' min_revision: 2").reason,
            "REVISION_IN_FUTURE");
  EXPECT_TRUE(Ipmp(&IpmpStub::GetGroup, "name: 'zones/global/groups/a' min_revision: 1").ok());
}

}  // namespace
}  // namespace netstackd::integration
