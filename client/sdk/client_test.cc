#include "netstackd/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "client/sdk/testing/fake_stub.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/dynamic_message.h"

namespace netstackd {
namespace {

using ::testing::ElementsAre;

constexpr char kGroup[] = "zones/global/groups/ipmp0";
constexpr char kInterface[] = "zones/global/interfaces/net0";
constexpr char kAddress[] = "zones/global/groups/ipmp0/addresses/192.0.2.10";

// Calls every method of the IpmpClient once.
void CallIpmp(IpmpClient& ipmp) {
  v1::Group group;
  group.set_name(kGroup);
  v1::Interface ip_interface;
  ip_interface.set_name(kInterface);
  (void)ipmp.CreateGroup(group);
  (void)ipmp.GetGroup(kGroup);
  (void)ipmp.ListGroups("zones/global");
  (void)ipmp.UpdateGroup(group, {"*"});
  (void)ipmp.DeleteGroup(kGroup);
  (void)ipmp.RenameGroup(kGroup, "ipmp1");
  (void)ipmp.CreateInterface(ip_interface);
  (void)ipmp.GetInterface(kInterface);
  (void)ipmp.ListInterfaces("zones/global");
  (void)ipmp.UpdateInterface(ip_interface, {"*"});
  (void)ipmp.DeleteInterface(kInterface);
  (void)ipmp.JoinGroup(kInterface, "ipmp0");
  (void)ipmp.LeaveGroup(kInterface);
  (void)ipmp.OfflineInterface(kInterface);
  (void)ipmp.OnlineInterface(kInterface);
  (void)ipmp.ReportInterface(kInterface, v1::InterfaceReport());
  (void)ipmp.CreateAddress(kGroup, v1::Address());
  (void)ipmp.GetAddress(kAddress);
  (void)ipmp.ListAddresses(kGroup);
  (void)ipmp.UpdateAddress(v1::Address(), {"*"});
  (void)ipmp.DeleteAddress(kAddress);
  (void)ipmp.BringUp(kAddress);
  (void)ipmp.BringDown(kAddress);
  (void)ipmp.SetForwarding(kGroup, v1::FAMILY_IPV4, true);
  (void)ipmp.SetArpEntry(kGroup, {.ip_address = "192.0.2.9", .hardware_address = "2:0:0:0:0:1"});
  (void)ipmp.DeleteArpEntry(kGroup, "192.0.2.9");
  (void)ipmp.NextInterface(kGroup, v1::FAMILY_IPV4);
  (void)ipmp.CastInterface(kGroup, v1::FAMILY_IPV4);
  (void)ipmp.FindInterface(kGroup, v1::FAMILY_IPV4, "2:0:0:0:0:1");
  (void)ipmp.GetGroupStats(kGroup);
  (void)ipmp.ListMoves(kGroup);
  (void)ipmp.ExplainAddress(kAddress);
  (void)ipmp.StreamProbes("zones/global", {}, [](const auto&) { return absl::OkStatus(); });
}

// A client that has called every rpc of the three services, each answered with OK.
class EveryCallTest : public ::testing::Test {
 protected:
  EveryCallTest() : client_(server_.NewStub()) {
    server_.OnOthers([](const std::string&) { return absl::OkStatus(); });
    CallIpmp(client_.ipmp());
    (void)client_.config().Transact(ChangeSet().Remove(kGroup));
    (void)client_.config().OpenStream()->Send(ChangeSet().Remove(kGroup));
    (void)client_.config().ListTransactions();
    (void)client_.config().GetTransaction(7);
    (void)client_.admin().Ping();
    (void)client_.admin().GetServerInfo();
    (void)client_.admin().Backup([](const std::string&) { return absl::OkStatus(); });
    (void)client_.admin().Compact(7);
  }

  sdk::FakeServer server_;
  Client client_;
};

TEST_F(EveryCallTest, TheClientHasEveryRpcOfTheContract) {
  std::set<std::string> called;
  for (const auto& call : server_.calls()) called.insert(call.path);
  std::set<std::string> contract;
  for (const auto* file :
       {v1::Group::descriptor()->file()->pool()->FindFileByName("netstackd/v1/ipmp_service.proto"),
        v1::TransactRequest::descriptor()->file(), v1::BackupRequest::descriptor()->file()}) {
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        const auto* method = file->service(s)->method(m);
        contract.insert("/" + method->service()->full_name() + "/" + method->name());
      }
    }
  }
  EXPECT_EQ(called, contract);
}

TEST_F(EveryCallTest, EveryMutationHasARequestIdOfItsOwn) {
  const auto* pool = v1::Group::descriptor()->file()->pool();
  google::protobuf::DynamicMessageFactory factory;
  std::set<std::string> ids;
  int mutations = 0;
  for (const auto& call : server_.calls()) {
    const std::string asked = call.method == "TransactStream" ? "Transact" : call.method;
    const auto* type = pool->FindMessageTypeByName("netstackd.v1." + asked + "Request");
    ASSERT_NE(type, nullptr) << call.method;
    const auto* field = type->FindFieldByName("options");
    if (field == nullptr) continue;
    ++mutations;
    std::unique_ptr<google::protobuf::Message> request(factory.GetPrototype(type)->New());
    ASSERT_TRUE(request->ParseFromString(call.request));
    const auto& options = request->GetReflection()->GetMessage(*request, field);
    v1::WriteOptions parsed;
    ASSERT_TRUE(parsed.ParseFromString(options.SerializeAsString()));
    EXPECT_EQ(parsed.request_id().size(), 36U) << call.method;
    ids.insert(parsed.request_id());
  }
  EXPECT_GT(mutations, 18);
  EXPECT_EQ(ids.size(), static_cast<std::size_t>(mutations));
}

class ClientTest : public ::testing::Test {
 protected:
  ClientTest() : client_(server_.NewStub()) {
    server_.OnOthers([](const std::string&) { return absl::OkStatus(); });
  }
  sdk::FakeServer server_;
  Client client_;
};

TEST_F(ClientTest, CreateTakesParentAndIdFromTheName) {
  v1::Group group;
  group.set_name(kGroup);
  ASSERT_TRUE(client_.ipmp().CreateGroup(group).ok());
  const auto request = server_.LastRequest<v1::CreateGroupRequest>();
  EXPECT_EQ(request.parent(), "zones/global");
  EXPECT_EQ(request.group_id(), "ipmp0");
  EXPECT_EQ(request.group().name(), "");
}

TEST_F(ClientTest, OptionsTravelAsTheyAre) {
  ASSERT_TRUE(client_.ipmp()
                  .LeaveGroup(kInterface, {.deadline = absl::Seconds(5),
                                           .request_id = "mine",
                                           .etag = "7-1",
                                           .comment = "because",
                                           .validate_only = true})
                  .ok());
  const auto options = server_.LastRequest<v1::LeaveGroupRequest>().options();
  EXPECT_EQ(options.request_id(), "mine");
  EXPECT_EQ(options.etag(), "7-1");
  EXPECT_EQ(options.comment(), "because");
  EXPECT_TRUE(options.validate_only());
  EXPECT_EQ(server_.calls().back().timeout, absl::Seconds(5));
}

TEST_F(ClientTest, MinRedundancyZeroIsNotTheDefault) {
  ASSERT_TRUE(client_.ipmp().OfflineInterface(kInterface, 0).ok());
  EXPECT_TRUE(server_.LastRequest<v1::OfflineInterfaceRequest>().has_min_redundancy());
  ASSERT_TRUE(client_.ipmp().OfflineInterface(kInterface).ok());
  EXPECT_FALSE(server_.LastRequest<v1::OfflineInterfaceRequest>().has_min_redundancy());
}

TEST_F(ClientTest, AChangeSetKeepsItsOrder) {
  v1::Group group;
  group.set_name(kGroup);
  ASSERT_TRUE(client_.config()
                  .Transact(ChangeSet()
                                .IfMissing(kGroup)
                                .IfEtag(kInterface, "7-1")
                                .Create(group)
                                .Join(kInterface, "ipmp0"))
                  .ok());
  const auto request = server_.LastRequest<v1::TransactRequest>();
  ASSERT_EQ(request.guards_size(), 2);
  EXPECT_TRUE(request.guards(0).has_exists());
  EXPECT_FALSE(request.guards(0).exists());
  EXPECT_EQ(request.guards(1).etag(), "7-1");
  ASSERT_EQ(request.operations_size(), 2);
  EXPECT_EQ(request.operations(0).create().group().name(), kGroup);
  EXPECT_EQ(request.operations(1).join().group(), "ipmp0");
}

// Serves the groups g0..g(n-1), `page` at a time; the token is the next number.
void ServeGroups(sdk::FakeServer* server, int n, int page) {
  server->On<v1::ListGroupsRequest, v1::ListGroupsResponse>(
      "ListGroups", [n, page](const auto& request, auto* response) {
        const int from =
            request.page().page_token().empty() ? 0 : std::stoi(request.page().page_token());
        for (int i = from; i < n && i < from + page; ++i) {
          response->add_groups()->set_name("g" + std::to_string(i));
        }
        if (from + page < n) {
          response->mutable_page()->set_next_page_token(std::to_string(from + page));
        }
        response->mutable_page()->set_revision(40 + from);
        return absl::OkStatus();
      });
}

TEST_F(ClientTest, ListAllReadsEveryPageOnce) {
  ServeGroups(&server_, 5, 2);
  const auto all = ListAll<v1::Group>([&](const ListOptions& options) {
    return client_.ipmp().ListGroups("zones/global", options);
  });
  ASSERT_TRUE(all.ok());
  std::vector<std::string> names;
  for (const auto& group : all->items) names.push_back(group.name());
  EXPECT_THAT(names, ElementsAre("g0", "g1", "g2", "g3", "g4"));
  EXPECT_EQ(all->revision, 44);
  EXPECT_EQ(server_.calls().size(), 3U);
}

TEST_F(ClientTest, ForEachStopsWhenTheVisitorHasEnough) {
  ServeGroups(&server_, 100, 10);
  int seen = 0;
  ASSERT_TRUE(ForEach<v1::Group>(
                  [&](const ListOptions& options) {
                    return client_.ipmp().ListGroups("zones/global", options);
                  },
                  {}, [&](const v1::Group&) { return ++seen < 12; })
                  .ok());
  EXPECT_EQ(seen, 12);
  EXPECT_EQ(server_.calls().size(), 2U);
}

TEST_F(ClientTest, APageTokenThatNeverEndsIsAnError) {
  server_.On<v1::ListGroupsRequest, v1::ListGroupsResponse>(
      "ListGroups", [](const auto&, auto* response) {
        response->mutable_page()->set_next_page_token("again");
        return absl::OkStatus();
      });
  const auto all = ListAll<v1::Group>([&](const ListOptions& options) {
    return client_.ipmp().ListGroups("zones/global", options);
  });
  EXPECT_EQ(all.status().code(), absl::StatusCode::kResourceExhausted);
}

// "hello world" in two parts; `sha256` and `total` are what the last part claims.
std::vector<std::string> BackupParts(const std::string& sha256, std::int64_t total) {
  std::vector<std::string> parts;
  v1::BackupResponse part;
  part.set_revision(9);
  part.set_total_bytes(total);
  part.set_chunk("hello ");
  parts.push_back(part.SerializeAsString());
  part.set_chunk("world");
  part.set_sha256(sha256);
  parts.push_back(part.SerializeAsString());
  return parts;
}

constexpr char kHelloWorld[] = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9";

TEST_F(ClientTest, ABackupIsVerified) {
  server_.OnStream("Backup", BackupParts(kHelloWorld, 11), absl::OkStatus());
  std::ostringstream out;
  const auto summary = client_.admin().Backup(out);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(out.str(), "hello world");
  EXPECT_EQ(summary->revision, 9);
  EXPECT_EQ(summary->bytes, 11);
  EXPECT_EQ(summary->sha256, kHelloWorld);
}

TEST_F(ClientTest, ADamagedOrShortBackupIsRefused) {
  for (const auto& parts :
       {BackupParts(std::string(64, '0'), 11), BackupParts(kHelloWorld, 12), BackupParts("", 11)}) {
    server_.OnStream("Backup", parts, absl::OkStatus());
    std::ostringstream out;
    EXPECT_EQ(client_.admin().Backup(out).status().code(), absl::StatusCode::kDataLoss);
  }
}

TEST_F(ClientTest, ABackupEndsWhenItsBytesCannotBeWritten) {
  server_.OnStream("Backup", BackupParts(kHelloWorld, 11), absl::OkStatus());
  const auto summary = client_.admin().Backup(
      [](const std::string&) { return absl::ResourceExhaustedError("disk full"); });
  EXPECT_EQ(summary.status(), absl::ResourceExhaustedError("disk full"));
}

TEST(ConnectTest, AnEndpointOfNoKnownFormIsRefused) {
  for (const char* endpoint : {"localhost", "host:", ":7470", "http://host:7470", "host:port"}) {
    EXPECT_EQ(Client::Connect({.endpoint = endpoint}).status().code(),
              absl::StatusCode::kInvalidArgument)
        << endpoint;
  }
  EXPECT_TRUE(Client::Connect({.endpoint = "/run/netstackd.sock"}).ok());
  EXPECT_TRUE(Client::Connect({.endpoint = "[::1]:7470"}).ok());
}

TEST(ConnectTest, ADeadlineThatIsNotPositiveIsRefused) {
  EXPECT_EQ(Client::Connect({.endpoint = "a:1", .deadline = absl::ZeroDuration()}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace netstackd
