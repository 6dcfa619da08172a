// Whatever is sent, every call answers OK or with a reason that is documented for it.
#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "core/apply.h"
#include "google/protobuf/dynamic_message.h"
#include "server/rpc/methods.h"
#include "tests/integration/documented_reasons.h"
#include "tests/integration/poison.h"
#include "tests/integration/raw_call.h"
#include "tests/integration/served.h"

namespace netstackd::integration {
namespace {

// A request that is right, for every method: what is poisoned.
const std::map<std::string, std::string>& RightRequests() {
  static const auto* const kRequests = new std::map<std::string, std::string>{
      {"CreateGroup",
       "parent: 'zones/global' group_id: 'new' group { spec { ipv4: true failure_detection { "
       "targets: '192.0.2.1' } announce { count: 2 } } }"},
      {"GetGroup", "name: 'zones/global/groups/ipmp0'"},
      {"ListGroups", "parent: 'zones/global' page { page_size: 1 }"},
      {"UpdateGroup",
       "group { name: 'zones/global/groups/ipmp0' spec { ipv4: true } } update_mask { paths:'*' }"},
      {"DeleteGroup", "name: 'zones/global/groups/empty'"},
      {"RenameGroup", "name: 'zones/global/groups/ipmp0' new_group_id: 'new'"},
      {"CreateInterface",
       "parent: 'zones/global' interface_id: 'n' ip_interface { spec { ipv4: true group:'ipmp0' } "
       "}"},
      {"GetInterface", "name: 'zones/global/interfaces/net0'"},
      {"ListInterfaces", "parent: 'zones/global' page { filter: 'spec.ipv4 = true' }"},
      {"UpdateInterface",
       "ip_interface { name: 'zones/global/interfaces/net0' spec { ipv4: true group: 'ipmp0' } } "
       "update_mask { paths: '*' }"},
      {"DeleteInterface", "name: 'zones/global/interfaces/net1'"},
      {"JoinGroup", "name: 'zones/global/interfaces/down' group: 'ipmp0'"},
      {"LeaveGroup", "name: 'zones/global/interfaces/net0'"},
      {"OfflineInterface", "name: 'zones/global/interfaces/net0'"},
      {"OnlineInterface", "name: 'zones/global/interfaces/net0'"},
      {"ReportInterface",
       "name: 'zones/global/interfaces/net0' report { link: LINK_DOWN link_mtu: 9000 ipv4 { mtu: "
       "1400 } counters { in_errors: 5 } }"},
      {"CreateAddress",
       "parent: 'zones/global/groups/ipmp0' address { spec { cidr: '192.0.2.99/24' } }"},
      {"GetAddress", "name: 'zones/global/groups/ipmp0/addresses/192.0.2.10'"},
      {"ListAddresses", "parent: 'zones/global/groups/ipmp0'"},
      {"UpdateAddress",
       "address { name: 'zones/global/groups/ipmp0/addresses/192.0.2.10' spec { cidr: "
       "'192.0.2.10/25' } } update_mask { paths: 'spec.cidr' paths: 'spec.up' }"},
      {"DeleteAddress", "name: 'zones/global/groups/ipmp0/addresses/192.0.2.10'"},
      {"BringUp", "name: 'zones/global/groups/ipmp0/addresses/192.0.2.10'"},
      {"BringDown", "name: 'zones/global/groups/ipmp0/addresses/192.0.2.10'"},
      {"SetForwarding", "name: 'zones/global/groups/ipmp0' family: FAMILY_IPV4 enabled: true"},
      {"SetArpEntry",
       "parent: 'zones/global/groups/ipmp0' ip_address: '198.51.100.7' hardware_address: "
       "'02:00:00:00:00:07'"},
      {"DeleteArpEntry", "parent: 'zones/global/groups/ipmp0' ip_address: '198.51.100.1'"},
      {"NextInterface", "name: 'zones/global/groups/ipmp0' family: FAMILY_IPV4"},
      {"CastInterface", "name: 'zones/global/groups/ipmp0' family: FAMILY_IPV4"},
      {"FindInterface",
       "name: 'zones/global/groups/ipmp0' family: FAMILY_IPV4 hardware_address: '02:00'"},
      {"GetGroupStats", "name: 'zones/global/groups/ipmp0'"},
      {"ListMoves", "parent: 'zones/global/groups/ipmp0' page { page_size: 1 }"},
      {"ExplainAddress", "name: 'zones/global/groups/ipmp0/addresses/192.0.2.10'"},
      {"StreamProbes", "parent: 'zones/global' interfaces: 'net0'"},
      {"Transact",
       "guards { name: 'zones/global/groups/ipmp0' exists: true } operations { remove: "
       "'zones/global/groups/empty' }"},
      {"ListTransactions", "page { page_size: 1 }"},
      {"GetTransaction", "revision: 1"},
      {"Compact", "keep_from: 1"},
      {"Watch", "name_prefixes: 'zones/global' kinds: KIND_GROUP bookmark_interval { seconds: 1 }"},
  };
  return *kRequests;
}

std::string RightRequest(const google::protobuf::MethodDescriptor& method) {
  if (method.input_type()->field_count() == 0) return "";
  // What a stream takes one after the other is what the call of its name takes alone.
  const std::string name = method.client_streaming() ? "Transact" : method.name();
  const auto found = RightRequests().find(name);
  EXPECT_NE(found, RightRequests().end()) << name;
  return found == RightRequests().end() ? "" : found->second;
}

class MalformedTest : public Served {
 protected:
  MalformedTest() {
    MakeGroup("ipmp0");
    MakeGroup("empty");
    MakeInterface("net0", "ipv4: true group: 'ipmp0'");
    MakeInterface("net1", "ipv4: true group: 'ipmp0'");
    MakeInterface("down", "ipv4: true up: false");
    MakeAddress("groups/ipmp0", "192.0.2.10/24");
    EXPECT_TRUE(Ipmp(&IpmpStub::SetArpEntry,
                     "parent: 'zones/global/groups/ipmp0' ip_address: '198.51.100.1' "
                     "hardware_address: '02:00:00:00:00:99'")
                    .ok());
  }

  static std::unique_ptr<google::protobuf::Message> New(const google::protobuf::Descriptor* type) {
    const auto* prototype =
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(type);
    return std::unique_ptr<google::protobuf::Message>(prototype->New());
  }

  static bool IsEndless(const google::protobuf::MethodDescriptor& method) {
    return method.name() == "StreamProbes" || method.name() == "Watch";
  }

  grpc::Status Send(const google::protobuf::MethodDescriptor& method, const std::string& bytes,
                    std::string* answer) {
    if (!IsEndless(method)) return RawCall(channel_, rpc::FullName(method), bytes, answer);
    std::vector<std::string> answers;
    const grpc::Status status = BriefCall(channel_, rpc::FullName(method), {bytes}, 1,
                                          std::chrono::milliseconds(300), &answers);
    if (!answers.empty()) *answer = answers.back();
    return status;
  }

  // Sends, and judges what comes back.
  Failure Taste(const google::protobuf::MethodDescriptor& method, const std::string& bytes,
                const std::string& what) {
    std::string answer;
    Failure failure = TakeApart(Send(method, bytes, &answer));
    ++sent_;
    // It goes on for ever unless it is refused, and that at once; it was we who ended it.
    if (IsEndless(method) && failure.status.error_code() == grpc::StatusCode::CANCELLED) {
      failure.status = grpc::Status::OK;
    }
    if (failure.status.ok()) {
      EXPECT_TRUE(New(method.output_type())->ParseFromString(answer)) << method.name() << what;
      return failure;
    }
    const std::string call = method.service()->name() + "." + method.name();
    const auto reason = ReasonByName(failure.reason);
    EXPECT_TRUE(reason.has_value()) << call << " " << what << ": " << failure.status.error_code()
                                    << " " << failure.status.error_message();
    if (!reason) return failure;
    EXPECT_EQ(static_cast<int>(failure.status.error_code()), static_cast<int>(RowOf(*reason).code))
        << call << " " << what;
    EXPECT_NE(*reason, ErrorReason::kInvariantViolated) << call << " " << what;
    EXPECT_TRUE(DocumentedReasons(call).contains(failure.reason))
        << call << " " << what << " answers " << failure.reason << ": "
        << failure.status.error_message();
    return failure;
  }

  // Changes nothing if it can be said.
  static void MakeDry(google::protobuf::Message* request) {
    const auto* options = request->GetDescriptor()->FindFieldByName("options");
    if (options == nullptr) return;
    auto* message = request->GetReflection()->MutableMessage(request, options);
    static_cast<v1::WriteOptions*>(message)->set_validate_only(true);
  }

  void ExpectHealthy() {
    EXPECT_TRUE(Admin(&AdminStub::GetServerInfo, "").ok());
    const auto broken = core::CheckInvariants(
        executor_->Read([](const core::State& state, executor::Revision) { return state; }));
    EXPECT_TRUE(broken.empty()) << broken.front();
  }

  int sent_ = 0;
};

TEST_F(MalformedTest, EmptyMessages) {
  for (const auto* service : rpc::Services()) {
    for (int i = 0; i < service->method_count(); ++i) {
      Taste(*service->method(i), "", "empty");
    }
  }
  ExpectHealthy();
}

TEST_F(MalformedTest, BytesThatAreNoMessage) {
  for (const auto* service : rpc::Services()) {
    for (int i = 0; i < service->method_count(); ++i) {
      std::string answer;
      const grpc::Status status =
          RawCall(channel_, rpc::FullName(*service->method(i)), "\xff\xff\xff\xff\xff", &answer);
      EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT)
          << service->method(i)->full_name();
      EXPECT_EQ(TakeApart(status).reason, "INVALID_REQUEST") << service->method(i)->full_name();
    }
  }
  ExpectHealthy();
}

TEST_F(MalformedTest, RightRequestsAreRight) {
  for (const auto* service : rpc::Services()) {
    for (int i = 0; i < service->method_count(); ++i) {
      const auto& method = *service->method(i);
      if (method.name() == "Backup") continue;  // its request has no field
      const auto request = New(method.input_type());
      ParseText(RightRequest(method), request.get());
      MakeDry(request.get());
      const Failure failure = Taste(method, request->SerializeAsString(), "right");
      EXPECT_TRUE(failure.status.ok()) << method.name() << failure.status.error_message();
    }
  }
}

TEST_F(MalformedTest, EveryFieldWithEveryPoison) {
  for (const auto* service : rpc::Services()) {
    for (int i = 0; i < service->method_count(); ++i) {
      const auto& method = *service->method(i);
      const auto request = New(method.input_type());
      if (request->GetDescriptor()->field_count() == 0) continue;
      ParseText(RightRequest(method), request.get());
      MakeDry(request.get());
      ForEachPoison(*request,
                    [&](const google::protobuf::Message& message, const std::string& what) {
                      Taste(method, message.SerializeAsString(), what);
                    });
      ExpectHealthy();
    }
  }
  EXPECT_GT(sent_, 5000);
}

}  // namespace
}  // namespace netstackd::integration
