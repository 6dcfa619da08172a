#include "tests/fuzz/world.h"

#include <map>
#include <set>

#include "google/protobuf/text_format.h"
#include "tests/fuzz/input.h"
#include "tests/integration/documented_reasons.h"

namespace netstackd::fuzz {
namespace {

constexpr WorldRequest kWorld[] = {
    {"CreateGroup",
     "parent: 'zones/global' group_id: 'g0' group { spec { ipv4: true ipv6: true } }"},
    {"CreateGroup", "parent: 'zones/global' group_id: 'g1' group { spec { ipv4: true } }"},
    {"CreateInterface",
     "parent: 'zones/global' interface_id: 'e0' ip_interface { spec { ipv4: true ipv6: true group: "
     "'g0' } }"},
    {"CreateInterface",
     "parent: 'zones/global' interface_id: 'e1' ip_interface { spec { ipv4: true ipv6: true group: "
     "'g0' } }"},
    {"CreateInterface",
     "parent: 'zones/global' interface_id: 'e2' ip_interface { spec { ipv4: true ipv6: true group: "
     "'g0' standby: true } }"},
    {"CreateInterface",
     "parent: 'zones/global' interface_id: 'e3' ip_interface { spec { ipv4: true group: 'g1' } }"},
    {"CreateInterface",
     "parent: 'zones/global' interface_id: 'e4' ip_interface { spec { ipv4: true ipv6: true } }"},
    {"CreateAddress", "parent: 'zones/global/groups/g0' address { spec { cidr: '192.0.2.1/24' } }"},
    {"CreateAddress", "parent: 'zones/global/groups/g0' address { spec { cidr: '192.0.2.2/24' } }"},
    {"CreateAddress",
     "parent: 'zones/global/groups/g0' address { spec { cidr: '2001:db8::1/64' } }"},
    {"CreateAddress", "parent: 'zones/global/groups/g1' address { spec { cidr: '192.0.2.3/24' } }"},
    {"CreateAddress",
     "parent: 'zones/global/interfaces/e4' address { spec { cidr: '192.0.2.5/24' up: false } }"},
    {"SetArpEntry",
     "parent: 'zones/global/groups/g0' ip_address: '198.51.100.1' hardware_address: "
     "'02:00:00:00:00:07'"},
};

const std::set<std::string>& DocumentedFor(const std::string& call) {
  static auto* const kKnown = new std::map<std::string, std::set<std::string>>;
  const auto [row, fresh] = kKnown->try_emplace(call);
  if (fresh) row->second = integration::DocumentedReasons(call);
  return row->second;
}

}  // namespace

std::span<const WorldRequest> WorldRequests() { return kWorld; }

std::unique_ptr<google::protobuf::Message> NewMessage(const google::protobuf::Descriptor* type) {
  auto* factory = google::protobuf::MessageFactory::generated_factory();
  return std::unique_ptr<google::protobuf::Message>(factory->GetPrototype(type)->New());
}

void ParseText(const std::string& text, google::protobuf::Message* message) {
  Require(google::protobuf::TextFormat::ParseFromString(text, message), "text forms are right");
}

std::string CallOf(const std::string& full_method) {
  const std::size_t dot = full_method.rfind('.');
  std::string call = full_method.substr(dot + 1);
  call[call.find('/')] = '.';
  return call;
}

void RequireDocumented(const std::string& call, ErrorReason reason, const std::string& message) {
  const char* const name = RowOf(reason).name;
  if (reason == ErrorReason::kInvariantViolated || !DocumentedFor(call).contains(name)) {
    Fail(call + " answers " + name + ", which is not documented for it: " + message);
  }
}

void RequireDocumented(const std::string& call, const absl::Status& refusal) {
  const auto reason = ReasonOf(refusal);
  if (!reason) Fail(call + " answers without a reason: " + refusal.ToString());
  RequireDocumented(call, *reason, refusal.ToString());
}

}  // namespace netstackd::fuzz
