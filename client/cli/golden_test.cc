// What ipmpctl prints, word for word: the sessions in tests/golden/cli, played against a fake
// server with the state below. NETSTACKD_UPDATE_GOLDEN=1 writes the files anew.
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "absl/strings/match.h"
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
      effective_detection_time { seconds: 10 } interface_count: 4 active_count: 2
    }
  }
  page { revision: 12 }
)";
constexpr char kInterfaces[] = R"(
  ip_interfaces {
    name: "zones/global/interfaces/net0" meta { uid: "2" etag: "2-1" }
    spec { group: "prod0" ipv4: true ipv6: true }
    status {
      state: STATE_OK link: LINK_UP probe: PROBE_OK active: true group: "prod0"
      hardware_address: "2:0:0:0:0:1" mac_type: MAC_TYPE_ETHERNET
      ipv4 {
        mtu: 1500 up_addresses: 1 cast: true member: true active: true bound_addresses: 1
        probing {
          mode: TARGET_MODE_ROUTES test_address: "192.0.2.20"
          targets {
            address: "192.0.2.2" state: TARGET_STATE_ACTIVE rtt_avg { nanos: 400000 }
            rtt_dev { nanos: 20000 }
          }
          targets { address: "192.0.2.1" state: TARGET_STATE_ACTIVE }
          targets { address: "192.0.2.3" state: TARGET_STATE_UNUSED }
          consecutive_successes: 12 last_success_time { seconds: 1700000000 }
        }
      }
      ipv6 { mtu: 1500 up_addresses: 1 cast: true member: true active: true bound_addresses: 1 }
    }
  }
  ip_interfaces {
    name: "zones/global/interfaces/net1" meta { uid: "3" etag: "3-1" }
    spec { group: "prod0" ipv4: true ipv6: true }
    status {
      state: STATE_FAILED link: LINK_DOWN probe: PROBE_FAILED flags: FLAG_FAILED group: "prod0"
      last_cause: CAUSE_LINK link_time { seconds: 1700000007 nanos: 412000000 } flapping: true
      repair_time { seconds: 1700000060 }
      ipv4 {
        mtu: 1500 up_addresses: 1 member: true
        probing { mode: TARGET_MODE_ROUTES test_address: "192.0.2.21" consecutive_losses: 5 }
      }
      ipv6 { mtu: 1500 member: true }
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
      state: STATE_OK link: LINK_UP probe: PROBE_UNKNOWN flags: FLAG_INACTIVE flags: FLAG_STANDBY
      group: "prod0" duplicate_hardware_address: true
      ipv4 {
        mtu: 1500 up_addresses: 1 member: true
        probing { mode: TARGET_MODE_MULTICAST test_address: "192.0.2.23" }
      }
      ipv6 {
        mtu: 1500 member: true
        probing {
          mode: TARGET_MODE_ROUTES test_address: "fe80::23"
          targets { address: "fe80::1" state: TARGET_STATE_ACTIVE }
        }
      }
    }
  }
  ip_interfaces {
    name: "zones/global/interfaces/net4" meta { uid: "6" etag: "6-1" }
    spec { group: "mgmt0" ipv4: true }
    status {
      state: STATE_OK link: LINK_UNKNOWN probe: PROBE_DISABLED active: true group: "mgmt0"
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

// 192.0.2.11 has moved from net1 to net2 and came to net1 when it was created.
constexpr char kMoves[] = R"(
  moves {
    address: "zones/global/groups/prod0/addresses/192.0.2.11"
    from_interface: "net1" to_interface: "net2" cause: CAUSE_LINK
    cause_detail: "link of net1 went down"
    event_time { seconds: 1700000007 nanos: 412000000 }
    decided_time { seconds: 1700000007 nanos: 415100000 } revision: 12 principal: "agent:a"
  }
  moves {
    address: "zones/global/groups/prod0/addresses/192.0.2.11"
    to_interface: "net1" cause: CAUSE_REQUEST cause_detail: "the address was created"
    event_time { seconds: 1700000000 } decided_time { seconds: 1700000000 } revision: 8
    principal: "admin"
  }
  page { revision: 12 }
)";
constexpr char kWhy[] = R"(
  address {
    name: "zones/global/groups/prod0/addresses/192.0.2.11" spec { cidr: "192.0.2.11/24" }
    status {
      bound_interface: "net2" family: FAMILY_IPV4 up: true binding: 4
      placed_time { seconds: 1700000007 nanos: 415100000 } placed_revision: 12
      placed_cause: CAUSE_LINK moves: 1
    }
  }
  because: "link of net1 went down"
  because: "net2 was the standby and took over"
  because: "reported by agent:a"
  next: "it goes back when the link of net1 is up"
  next: "net1 is then held for 10s"
  back_to: "net1"
  revision: 12
)";
constexpr char kProbes[] = R"(
  probes {
    ip_interface: "net0"
    probe {
      sequence: 101 target: "192.0.2.1" start_time { seconds: 1700000100 nanos: 360000000 }
      net_rtt { nanos: 310000 } rtt { nanos: 420000 }
    }
    rtt_avg { nanos: 400000 } rtt_dev { nanos: 25000 }
  }
  probes {
    ip_interface: "net3"
    probe {
      sequence: 77 target: "192.0.2.1" lost: true
      start_time { seconds: 1700000099 nanos: 880000000 }
    }
    rtt_avg { nanos: 450000 }
  }
  revision: 12
)";

template <typename Request, typename Response>
void Serve(sdk::FakeServer* server, const char* method, const char* text) {
  server->On<Request, Response>(method, [text](const auto&, Response* response) {
    *response = Parsed<Response>(text);
    return absl::OkStatus();
  });
}

void ServeLists(sdk::FakeServer* server) {
  Serve<v1::ListGroupsRequest, v1::ListGroupsResponse>(server, "ListGroups", kGroups);
  server->On<v1::ListInterfacesRequest, v1::ListInterfacesResponse>(
      "ListInterfaces", [](const auto& request, auto* response) {
        *response = Parsed<v1::ListInterfacesResponse>(kInterfaces);
        // In this zone nothing is probed.
        if (request.parent() == "zones/quiet") response->clear_ip_interfaces();
        return absl::OkStatus();
      });
  server->On<v1::GetInterfaceRequest, v1::GetInterfaceResponse>(
      "GetInterface", [](const auto& request, auto* response) {
        const auto all = Parsed<v1::ListInterfacesResponse>(kInterfaces);
        for (const auto& one : all.ip_interfaces()) {
          if (one.name() == request.name()) *response->mutable_ip_interface() = one;
        }
        if (response->has_ip_interface()) return absl::OkStatus();
        return MakeError(ErrorReason::kInterfaceNotFound, "no such interface");
      });
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

// The one transaction, if it fits the filter, which asks for nothing or for resources of the plan.
absl::Status ListTransaction(const v1::ListTransactionsRequest& request,
                             v1::ListTransactionsResponse* response) {
  const auto transaction = Parsed<v1::GetTransactionResponse>(kTransaction).transaction();
  bool fits = request.page().filter().empty();
  for (const auto& step : transaction.plan().steps()) {
    fits = fits ||
           absl::StrContains(request.page().filter(), absl::StrCat("\"", step.resource(), "\""));
  }
  response->mutable_page()->set_revision(12);
  if (!fits) return absl::OkStatus();
  *response->add_transactions() = transaction;
  if (!request.with_plans()) response->mutable_transactions(0)->clear_plan();
  return absl::OkStatus();
}

void ServeMoves(sdk::FakeServer* server) {
  server->On<v1::ListMovesRequest, v1::ListMovesResponse>(
      "ListMoves", [](const auto& request, auto* response) {
        *response = Parsed<v1::ListMovesResponse>(kMoves);
        if (!absl::StrContains(request.parent(), "192.0.2.99")) return absl::OkStatus();
        return MakeError(ErrorReason::kAddressNotFound, "no such address",
                         {{"resource", request.parent()}});
      });
  server->On<v1::ExplainAddressRequest, v1::ExplainAddressResponse>(
      "ExplainAddress", [](const auto& request, auto* response) {
        if (absl::StrContains(request.name(), "192.0.2.99")) {
          return MakeError(ErrorReason::kAddressNotFound, "no such address",
                           {{"resource", request.name()}});
        }
        *response = Parsed<v1::ExplainAddressResponse>(kWhy);
        if (absl::StrContains(request.name(), "192.0.2.12")) {  // down, and never anywhere
          response->Clear();
          response->mutable_address()->set_name(request.name());
          response->mutable_address()->mutable_spec()->set_cidr("192.0.2.12/24");
          response->add_because("the address is down");
          return absl::OkStatus();
        }
        *response->mutable_moves() = Parsed<v1::ListMovesResponse>(kMoves).moves();
        return absl::OkStatus();
      });
  server->OnStream("StreamProbes", {Parsed<v1::StreamProbesResponse>(kProbes).SerializeAsString()},
                   absl::OkStatus());
}

void ServeChanges(sdk::FakeServer* server) {
  server->On<v1::ListTransactionsRequest, v1::ListTransactionsResponse>("ListTransactions",
                                                                        ListTransaction);
  server->On<v1::ReportInterfaceRequest, v1::ReportInterfaceResponse>(
      "ReportInterface", [](const auto& request, auto* response) {
        response->mutable_ip_interface()->set_name(request.name());
        response->mutable_result()->set_changed(true);
        response->mutable_result()->set_revision(13);
        // What was sent stands in the warning, to be seen.
        response->mutable_result()->add_warnings(request.report().ShortDebugString());
        return absl::OkStatus();
      });
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
  ServeMoves(&server);
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  Io io;
  io.in = &in;
  io.out = &out;
  io.err = &err;
  const FakeClock clock(absl::FromUnixSeconds(1'700'000'100));
  io.clock = &clock;
  io.time_zone = absl::UTCTimeZone();
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
                         ::testing::Values("stat", "lists", "changes", "failures", "why"));

}  // namespace
}  // namespace netstackd::cli
