#include "gmock/gmock.h"
#include "tests/integration/served.h"

namespace netstackd::integration {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

class TransactTest : public Served {
 protected:
  Answer<v1::TransactResponse> Transact(const std::string& request) {
    return Config(&ConfigStub::Transact, request);
  }
  static v1::TransactRequest Groups(int count) {
    v1::TransactRequest request;
    for (int i = 0; i < count; ++i) {
      auto* group = request.add_operations()->mutable_create()->mutable_group();
      group->set_name("zones/global/groups/g" + std::to_string(i));
      group->mutable_spec()->set_ipv4(true);
    }
    return request;
  }
};

TEST_F(TransactTest, OneRevisionForEveryKindOfOperation) {
  const auto made = Transact(R"(
      operations { create { group { name: "zones/global/groups/ipmp0" spec { ipv4: true } } } }
      operations { create { ip_interface { name: "zones/global/interfaces/net0"
                                           spec { ipv4: true group: "ipmp0" } } } }
      operations { create { ip_interface { name: "zones/global/interfaces/net1"
                                           spec { ipv4: true up: false } } } }
      operations { create { ip_interface { name: "zones/global/interfaces/old"
                                           spec { ipv4: true } } } }
      operations { create { address { name: "zones/global/groups/ipmp0/addresses/192.0.2.10"
                                      spec { cidr: "192.0.2.10/24" } } } }
      operations { join { ip_interface: "zones/global/interfaces/net1" group: "ipmp0" } }
      operations { update { ip_interface { name: "zones/global/interfaces/net1"
                                           spec { ipv4: true group: "ipmp0" } } } }
      operations { report { name: "zones/global/interfaces/net1" report { link: LINK_UP } } }
      operations { offline: "zones/global/interfaces/net0" }
      operations { online: "zones/global/interfaces/net0" }
      operations { leave: "zones/global/interfaces/net0" }
      operations { remove: "zones/global/interfaces/old" }
      options { comment: "all at once" })");
  ASSERT_TRUE(made.ok()) << made.status.error_message() << " " << made.metadata.size();
  EXPECT_EQ(made.response.result().revision(), 1);
  EXPECT_EQ(Interface("net0").status().group(), "");
  EXPECT_EQ(Interface("net1").status().group(), "ipmp0");
  EXPECT_EQ(Group("ipmp0").status().ipv4().up_addresses(), 1u);
  EXPECT_EQ(Ipmp(&IpmpStub::GetInterface, "name: 'zones/global/interfaces/old'").reason,
            "INTERFACE_NOT_FOUND");
  EXPECT_EQ(Config(&ConfigStub::GetTransaction, "revision: 1").response.transaction().comment(),
            "all at once");
}

TEST_F(TransactTest, AllOrNothingAndTheErrorNamesTheOperation) {
  MakeGroup("taken");
  const auto refused = Transact(R"(
      operations { create { group { name: "zones/global/groups/new" spec { ipv4: true } } } }
      operations { create { group { name: "zones/global/groups/taken" spec { ipv4: true } } } })");
  EXPECT_EQ(refused.reason, "GROUP_EXISTS");
  EXPECT_EQ(refused.metadata.at("operation"), "1");
  EXPECT_EQ(Revision(), 1);
  EXPECT_EQ(Ipmp(&IpmpStub::GetGroup, "name: 'zones/global/groups/new'").reason, "GROUP_NOT_FOUND");
}

TEST_F(TransactTest, SingleOperationIsNamedToo) {
  const auto refused = Transact("operations { remove: 'zones/global/groups/none' }");
  EXPECT_EQ(refused.reason, "GROUP_NOT_FOUND");
  EXPECT_EQ(refused.metadata.at("operation"), "0");
}

TEST_F(TransactTest, SyntaxErrorsNameTheFieldAndTheOperation) {
  const auto refused = Transact(R"(
      operations { create { group { name: "zones/global/groups/a" spec { ipv4: true } } } }
      operations { create { address { name: "zones/global/groups/a/addresses/192.0.2.1"
                                      spec { cidr: "192.0.2.2/24" } } } }
      operations { })");
  EXPECT_EQ(refused.reason, "FIELD_INVALID");
  EXPECT_EQ(refused.metadata.at("operation"), "1");
  EXPECT_THAT(refused.fields,
              ElementsAre("operations[1].create.address.spec.cidr", "operations[2].op"));
  EXPECT_EQ(Transact("").reason, "FIELD_INVALID");
  EXPECT_EQ(Transact("operations { create { } }").reason, "FIELD_INVALID");
  EXPECT_EQ(Transact("operations { remove: 'zones/global' }").reason, "INVALID_REQUEST");
}

TEST_F(TransactTest, GuardsMustHold) {
  MakeGroup("a");
  const std::string remove = "operations { remove: 'zones/global/groups/a' } ";
  const auto guarded = [&](const std::string& check) {
    return Transact(remove + "guards { name: 'zones/global/groups/a' " + check + " }");
  };
  const auto refused = guarded("exists: false");
  EXPECT_EQ(refused.reason, "GUARD_FAILED");
  EXPECT_EQ(refused.status.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(refused.metadata.count("operation"), 0u);
  EXPECT_EQ(guarded("etag: '1-1'").reason, "GUARD_FAILED");
  EXPECT_EQ(guarded("").reason, "FIELD_INVALID");
  EXPECT_TRUE(guarded("etag: '" + Group("a").meta().etag() + "'").ok());
}

TEST_F(TransactTest, ThousandOperationsAreFineAndMoreAreRefused) {
  const auto thousand = Send(*config_, &ConfigStub::Transact, Groups(1000));
  ASSERT_TRUE(thousand.ok()) << thousand.status.error_message();
  EXPECT_EQ(thousand.response.result().plan().steps_size(), 1000);
  EXPECT_EQ(Revision(), 1);
  for (const int count : {1001, 10'000}) {
    const auto refused = Send(*config_, &ConfigStub::Transact, Groups(count));
    EXPECT_EQ(refused.reason, "FIELD_INVALID") << count;
    EXPECT_THAT(refused.fields, ElementsAre("operations"));
  }
}

TEST_F(TransactTest, PlanIsCutAndSaysSo) {
  MakeGroup("ipmp0");
  MakeInterface("net0", "ipv4: true group: 'ipmp0'");
  v1::TransactRequest request;
  for (int i = 0; i < 1000; ++i) {
    auto* address = request.add_operations()->mutable_create()->mutable_address();
    const std::string ip = "10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250 + 1);
    address->set_name("zones/global/groups/ipmp0/addresses/" + ip);
    address->mutable_spec()->set_cidr(ip + "/8");
  }
  const auto made = Send(*config_, &ConfigStub::Transact, request);
  ASSERT_TRUE(made.ok()) << made.status.error_message();
  const v1::Plan& plan = made.response.result().plan();
  EXPECT_EQ(plan.steps_size(), 2000);  // each address is created and bound
  EXPECT_EQ(plan.steps_omitted(), 1);  // the group interface comes up
  EXPECT_LE(plan.ByteSizeLong(), 256u << 10);
}

TEST_F(TransactTest, HistoryIsListedNewestFirst) {
  for (const char* group : {"a", "b", "c", "d", "e"}) MakeGroup(group);
  std::vector<std::int64_t> revisions;
  std::string token;
  do {
    const auto page =
        Config(&ConfigStub::ListTransactions, "page { page_size: 2 page_token: '" + token + "' }");
    ASSERT_TRUE(page.ok()) << page.status.error_message();
    EXPECT_EQ(page.response.page().total_size(), 5);
    for (const auto& one : page.response.transactions()) {
      revisions.push_back(one.revision());
      EXPECT_EQ(one.principal(), "local");
      EXPECT_EQ(one.method(), "/netstackd.v1.IpmpService/CreateGroup");
      EXPECT_EQ(one.changed_objects(), 1);
      EXPECT_FALSE(one.has_plan());
      EXPECT_NE(one.user_agent(), "");
    }
    token = page.response.page().next_page_token();
  } while (!token.empty());
  EXPECT_THAT(revisions, ElementsAre(5, 4, 3, 2, 1));
  const auto filtered =
      Config(&ConfigStub::ListTransactions, "page { filter: 'revision = 2 OR revision = 4' }");
  ASSERT_EQ(filtered.response.transactions_size(), 2);
  EXPECT_EQ(filtered.response.transactions(0).revision(), 4);
  EXPECT_EQ(Config(&ConfigStub::ListTransactions, "page { page_token: 'x' }").reason,
            "INVALID_PAGE_TOKEN");
}

TEST_F(TransactTest, PlansCallEverythingAsItWasCalledThen) {
  MakeGroup("ipmp0");
  MakeInterface("net0", "ipv4: true group: 'ipmp0'");
  MakeAddress("groups/ipmp0", "192.0.2.10/24");  // revision 3
  ASSERT_TRUE(
      Ipmp(&IpmpStub::DeleteAddress, "name: 'zones/global/groups/ipmp0/addresses/192.0.2.10'")
          .ok());
  ASSERT_TRUE(Ipmp(&IpmpStub::DeleteInterface, "name: 'zones/global/interfaces/net0'").ok());
  ASSERT_TRUE(
      Ipmp(&IpmpStub::RenameGroup, "name: 'zones/global/groups/ipmp0' new_group_id: 'web'").ok());
  const auto got = Config(&ConfigStub::GetTransaction, "revision: 3");
  ASSERT_TRUE(got.ok()) << got.status.error_message();
  const v1::Plan& plan = got.response.transaction().plan();
  ASSERT_THAT(plan.steps(), SizeIs(3));
  EXPECT_EQ(plan.steps(0).resource(), "zones/global/groups/ipmp0/addresses/192.0.2.10");
  EXPECT_EQ(plan.steps(1).action(), v1::Plan::ACTION_MOVE_ADDRESS);
  EXPECT_EQ(plan.steps(1).to_interface(), "net0");
  EXPECT_EQ(got.response.revision(), 6);
  EXPECT_EQ(Config(&ConfigStub::GetTransaction, "revision: 7").reason, "TRANSACTION_NOT_FOUND");
  EXPECT_EQ(Config(&ConfigStub::GetTransaction, "revision: 0").reason, "FIELD_INVALID");
}

// What a transaction touches says nothing of the group's new name, and nothing of net0.
TEST_F(TransactTest, ListedPlansAndThoseOfRepeatedRequestsHaveTheNamesOfThen) {
  MakeGroup("ipmp0");
  MakeInterface("net0", "ipv4: true group: 'ipmp0'");
  const std::string create =
      "operations { create { address { name: 'zones/global/groups/ipmp0/addresses/192.0.2.10' "
      "spec { cidr: '192.0.2.10/24' } } } } "
      "options { request_id: '01234567-89ab-cdef-0123-456789abcdef' }";
  const auto stream = [&] {
    grpc::ClientContext context;
    SetDeadline(&context);
    const auto open = config_->TransactStream(&context);
    EXPECT_TRUE(open->Write(Text<v1::TransactRequest>(create)));
    open->WritesDone();
    v1::TransactStreamResponse answer;
    while (open->Read(&answer)) EXPECT_EQ(answer.failures_size(), 0);
    EXPECT_TRUE(open->Finish().ok());
  };
  stream();  // revision 3: the plan is not kept
  const auto before = Config(&ConfigStub::GetTransaction, "revision: 3").response;
  ASSERT_TRUE(Ipmp(&IpmpStub::DeleteInterface, "name: 'zones/global/interfaces/net0'").ok());
  ASSERT_TRUE(
      Ipmp(&IpmpStub::RenameGroup, "name: 'zones/global/groups/ipmp0' new_group_id: 'web'").ok());
  MakeInterface("net0", "ipv4: true");  // another one of the same name
  for (int round = 0; round < 2; ++round) {
    const auto again = Config(&ConfigStub::Transact, create);
    ASSERT_TRUE(again.ok()) << again.status.error_message();
    EXPECT_TRUE(again.response.result().replayed());
    EXPECT_EQ(again.response.result().plan().DebugString(),
              before.transaction().plan().DebugString());
    const auto list =
        Config(&ConfigStub::ListTransactions, "with_plans: true page { filter: 'revision = 3' }");
    ASSERT_THAT(list.response.transactions(), SizeIs(1));
    EXPECT_EQ(list.response.transactions(0).plan().DebugString(),
              before.transaction().plan().DebugString());
    Restart();
  }
}

}  // namespace
}  // namespace netstackd::integration
