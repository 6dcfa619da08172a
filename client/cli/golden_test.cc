// What ipmpctl prints, word for word: the sessions in tests/golden/cli, played against a fake
// server with the state below. NETSTACKD_UPDATE_GOLDEN=1 writes the files anew.
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/cli/app.h"
#include "client/cli/failure.h"
#include "client/sdk/testing/fake_stub.h"

namespace netstackd::cli {
namespace {

// One group of four of which net1 has failed, net2 is a standby in use and net3 one at rest; and
// one of a single interface.
constexpr char kGroups[] = R"(
  groups {
    name: "zones/global/groups/mgmt0"
    meta { uid: "7" etag: "7-1" create_revision: 9 update_revision: 9 generation: 1 }
    spec { ipv4: true }
    status { state: STATE_OK interface_name: "mgmt0" active: "net4" interface_count: 1 }
  }
  groups {
    name: "zones/global/groups/prod0"
    meta {
      uid: "1" etag: "1-2" create_revision: 1 update_revision: 12 generation: 2
      create_time { seconds: 1700000000 nanos: 250000000 }
      labels { key: "rack" value: "a" }
    }
    spec { ipv4: true ipv6: true failure_detection { detection_time { seconds: 10 } } }
    status {
      state: STATE_DEGRADED interface_name: "prod0" active: "net2" active: "net0"
      inactive: "net3" unusable: "net1" link_up: true mac_type: MAC_TYPE_ETHERNET
      interface_count: 4 active_count: 2
    }
  }
  page { revision: 12 }
)";
constexpr char kInterfaces[] = R"(
  ip_interfaces {
    name: "zones/global/interfaces/net0" meta { uid: "2" etag: "2-1" }
    spec { group: "prod0" ipv4: true ipv6: true }
    status {
      state: STATE_OK link: LINK_UP active: true group: "prod0"
      hardware_address: "2:0:0:0:0:1" mac_type: MAC_TYPE_ETHERNET
      ipv4 { mtu: 1500 up_addresses: 1 cast: true member: true active: true bound_addresses: 1 }
      ipv6 { mtu: 1500 up_addresses: 1 cast: true member: true active: true bound_addresses: 1 }
    }
  }
  ip_interfaces {
    name: "zones/global/interfaces/net1" meta { uid: "3" etag: "3-1" }
    spec { group: "prod0" ipv4: true ipv6: true }
    status {
      state: STATE_FAILED link: LINK_DOWN flags: FLAG_FAILED group: "prod0"
      ipv4 { mtu: 1500 up_addresses: 1 member: true } ipv6 { mtu: 1500 member: true }
    }
  }
  ip_interfaces {
    name: "zones/global/interfaces/net2" meta { uid: "4" etag: "4-1" }
    spec { group: "prod0" standby: true ipv4: true }
    status {
      state: STATE_OK link: LINK_UP active: true flags: FLAG_STANDBY group: "prod0"
      ipv4 { mtu: 1500 up_addresses: 1 member: true active: true bound_addresses: 1 }
    }
  }
  ip_interfaces {
    name: "zones/global/interfaces/net3" meta { uid: "5" etag: "5-1" }
    spec { group: "prod0" standby: true ipv4: true }
    status {
      state: STATE_OK link: LINK_UP flags: FLAG_INACTIVE flags: FLAG_STANDBY group: "prod0"
      ipv4 { mtu: 1500 up_addresses: 1 member: true }
    }
  }
  ip_interfaces {
    name: "zones/global/interfaces/net4" meta { uid: "6" etag: "6-1" }
    spec { group: "mgmt0" ipv4: true }
    status {
      state: STATE_OK link: LINK_UNKNOWN active: true group: "mgmt0"
      ipv4 { mtu: 1500 up_addresses: 1 cast: true member: true active: true }
    }
  }
  ip_interfaces {
    name: "zones/global/interfaces/net5" meta { uid: "8" etag: "8-1" }
    spec { ipv4: true up: false }
    status { state: STATE_UNKNOWN ipv4 { mtu: 1500 } }
  }
  page { revision: 12 }
)";
constexpr char kAddresses[] = R"(
  addresses {
    name: "zones/global/groups/prod0/addresses/192.0.2.10"
    spec { cidr: "192.0.2.10/24" }
    status { bound_interface: "net0" family: FAMILY_IPV4 up: true binding: 1 }
  }
  addresses {
    name: "zones/global/groups/prod0/addresses/192.0.2.11"
    spec { cidr: "192.0.2.11/24" }
    status { bound_interface: "net2" family: FAMILY_IPV4 up: true binding: 4 }
  }
  addresses {
    name: "zones/global/groups/prod0/addresses/192.0.2.12"
    spec { cidr: "192.0.2.12/24" up: false } status { family: FAMILY_IPV4 }
  }
  addresses {
    name: "zones/global/groups/prod0/addresses/2001-db8--10"
    spec { cidr: "2001:db8::10/64" }
    status { bound_interface: "net0" family: FAMILY_IPV6 up: true binding: 3 }
  }
  addresses {
    name: "zones/global/groups/prod0/addresses/192.0.2.9"
    spec { cidr: "192.0.2.9/24" }
    status { duplicate: true family: FAMILY_IPV4 }
  }
  addresses {
    name: "zones/global/interfaces/net1/addresses/192.0.2.21"
    spec { cidr: "192.0.2.21/24" test: true } status { family: FAMILY_IPV4 up: true }
  }
  page { revision: 12 }
)";
constexpr char kTransaction[] = R"(
  transaction {
    revision: 12 commit_time { seconds: 1700000000 } principal: "admin" comment: "rack a is dark"
    method: "/netstackd.v1.IpmpService/ReportInterface" request_id: "r-12" peer: "unix:"
    user_agent: "ipmpctl" changed_objects: 2
    plan {
      steps { action: ACTION_UPDATE resource: "zones/global/interfaces/net1" }
      steps {
        action: ACTION_MOVE_ADDRESS resource: "zones/global/groups/prod0/addresses/192.0.2.11"
        from_interface: "net1" to_interface: "net2" disruptive: true
      }
      steps { action: ACTION_UPDATE resource: "zones/global/groups/prod0" }
    }
  }
  revision: 12
)";
constexpr char kOffline[] = R"(
  result {
    revision: 13 changed: true warnings: "net3 is the last one in reserve"
    plan {
      steps {
        action: ACTION_UPDATE resource: "zones/global/interfaces/net2"
        changes { path: "spec.offline" before: "false" after: "true" }
      }
      steps {
        action: ACTION_MOVE_ADDRESS resource: "zones/global/groups/prod0/addresses/192.0.2.11"
        from_interface: "net2" to_interface: "net3"
      }
    }
  }
  ip_interface { name: "zones/global/interfaces/net2" spec { offline: true } }
)";

template <typename Message>
Message Parsed(const char* text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message));
  return message;
}

template <typename Request, typename Response>
void Serve(sdk::FakeServer* server, const char* method, const char* text) {
  server->On<Request, Response>(method, [text](const auto&, Response* response) {
    *response = Parsed<Response>(text);
    return absl::OkStatus();
  });
}

void ServeLists(sdk::FakeServer* server) {
  Serve<v1::ListGroupsRequest, v1::ListGroupsResponse>(server, "ListGroups", kGroups);
  Serve<v1::ListInterfacesRequest, v1::ListInterfacesResponse>(server, "ListInterfaces",
                                                               kInterfaces);
  Serve<v1::ListAddressesRequest, v1::ListAddressesResponse>(server, "ListAddresses", kAddresses);
  server->On<v1::GetGroupRequest, v1::GetGroupResponse>("GetGroup", [](const auto& request,
                                                                       auto* response) {
    const auto all = Parsed<v1::ListGroupsResponse>(kGroups);
    for (const auto& group : all.groups()) {
      if (group.name() == request.name()) *response->mutable_group() = group;
    }
    response->set_revision(12);
    if (response->has_group()) return absl::OkStatus();
    return MakeError(ErrorReason::kGroupNotFound, "no such group", {{"resource", request.name()}});
  });
}

void ServeChanges(sdk::FakeServer* server) {
  server->On<v1::ListTransactionsRequest, v1::ListTransactionsResponse>(
      "ListTransactions", [](const auto&, auto* response) {
        *response->add_transactions() =
            Parsed<v1::GetTransactionResponse>(kTransaction).transaction();
        return absl::OkStatus();
      });
  Serve<v1::GetTransactionRequest, v1::GetTransactionResponse>(server, "GetTransaction",
                                                               kTransaction);
  server->On<v1::OfflineInterfaceRequest, v1::OfflineInterfaceResponse>(
      "OfflineInterface", [](const auto& request, auto* response) {
        *response = Parsed<v1::OfflineInterfaceResponse>(kOffline);
        if (request.options().validate_only()) {
          response->mutable_result()->set_changed(false);
          response->mutable_result()->set_revision(0);
        }
        if (request.name() == "zones/global/interfaces/net2") return absl::OkStatus();
        return MakeError(
            ErrorReason::kMinRedundancyNotMet,
            "net0 is the last functioning interface of prod0 (1 usable, 1 required)",
            {{"group", "zones/global/groups/prod0"}, {"usable", "1"}, {"minRedundancy", "1"}});
      });
  server->On<v1::CreateGroupRequest, v1::CreateGroupResponse>(
      "CreateGroup", [](const auto& request, auto* response) {
        *response->mutable_group() = request.group();
        response->mutable_group()->set_name(request.parent() + "/groups/" + request.group_id());
        response->mutable_result()->set_changed(true);
        response->mutable_result()->set_revision(13);
        return absl::OkStatus();
      });
  server->On<v1::TransactRequest, v1::TransactResponse>(
      "Transact", [](const auto&, auto* response) {
        response->mutable_result()->set_changed(true);
        response->mutable_result()->set_revision(14);
        return absl::OkStatus();
      });
}

// One command line: what it prints and how it ends.
std::string Play(const std::string& line) {
  sdk::FakeServer server;
  ServeLists(&server);
  ServeChanges(&server);
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  Io io;
  io.in = &in;
  io.out = &out;
  io.err = &err;
  io.environment = [](const std::string&) { return std::nullopt; };
  io.connect = [&](const ConnectOptions&) { return std::make_unique<Client>(server.NewStub()); };
  std::vector<std::string> words = absl::StrSplit(line, ' ', absl::SkipEmpty());
  words.erase(words.begin(), words.begin() + 2);  // "$ ipmpctl"
  const int status = Run(words, &io);
  std::string text = absl::StrCat(line, "\n", out.str());
  if (!err.str().empty()) {
    for (const std::string& said : std::vector<std::string>(absl::StrSplit(err.str(), '\n'))) {
      if (!said.empty()) absl::StrAppend(&text, "2> ", said, "\n");
    }
  }
  return absl::StrCat(text, status == 0 ? "" : absl::StrCat("[exit ", status, "]\n"), "\n");
}

class GoldenTest : public ::testing::TestWithParam<const char*> {};

TEST_P(GoldenTest, PrintsWhatItPrinted) {
  const std::string path = absl::StrCat(NETSTACKD_GOLDEN_DIR, "/", GetParam(), ".txt");
  std::ostringstream golden;
  golden << std::ifstream(path).rdbuf();
  std::string played;
  for (const std::string& line : std::vector<std::string>(absl::StrSplit(golden.str(), '\n'))) {
    if (line.rfind("$ ipmpctl ", 0) == 0) played += Play(line);
  }
  ASSERT_FALSE(played.empty()) << path;
  if (std::getenv("NETSTACKD_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << played;
  EXPECT_EQ(played, golden.str());
}

INSTANTIATE_TEST_SUITE_P(Sessions, GoldenTest,
                         ::testing::Values("stat", "lists", "changes", "failures"));

}  // namespace
}  // namespace netstackd::cli
