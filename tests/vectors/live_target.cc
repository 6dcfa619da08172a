#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/status_macros.h"
#include "core/types.h"
#include "storage/testing/temporary_directory.h"
#include "tests/support/server_process.h"
#include "tests/vectors/live_client.h"
#include "tests/vectors/live_render.h"
#include "tests/vectors/live_requests.h"
#include "tests/vectors/quirks.h"
#include "tests/vectors/targets.h"

namespace netstackd::vectors {
namespace {

using Stub = v1::IpmpService::Stub;

// An interface outside of every group, for what somebody must have seen.
constexpr char kReporter[] = "zz-reporter";

class LiveTarget : public Target {
 public:
  std::optional<std::string> LeftOut(const Scenario& scenario) const override;
  bool PassesOver(const Json& step) const override {
    return step["op"] == "group_stats" && step.value("write", false);  // there is no such call
  }
  absl::Status Reset() override;
  absl::StatusOr<Outcome> Perform(const Json& step) override;
  absl::StatusOr<Json> State() override { return RenderServer(*client_, kReporter); }
  void Reduce(Json& events, Json& state) const override {
    events = Json::array();  // what the server decided shows in its state; effects are not sent
    OmitWhatTheApiLacks(state);
  }

 private:
  using Handler = grpc::Status (LiveTarget::*)(const Json&, Json*);
  static const std::map<std::string, Handler>& Handlers();

  template <typename Request, typename Response>
  grpc::Status Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    const Request& request, Response* response = nullptr) {
    Response ignored;
    return client_->Call(method, request, response == nullptr ? &ignored : response);
  }
  grpc::Status Report(const std::string& name, const v1::InterfaceReport& report) {
    v1::ReportInterfaceRequest request;
    request.set_name(name);
    *request.mutable_report() = report;
    return Call(&Stub::ReportInterface, request);
  }
  grpc::Status Refuse(const char* errno_name) const {
    refused_ = errno_name;
    return grpc::Status(grpc::StatusCode::FAILED_PRECONDITION, errno_name);
  }

  grpc::Status GroupCreate(const Json& step, Json*);
  grpc::Status GroupSetFamily(const Json& step, Json*);
  grpc::Status GroupDestroy(const Json& step, Json*);
  grpc::Status GroupRename(const Json& step, Json*);
  grpc::Status GroupInfo(const Json& step, Json* result);
  grpc::Status GroupStats(const Json& step, Json* result);
  grpc::Status GroupOf(const Json& step, Json* result);
  grpc::Status Up(const Json& step, Json*);
  grpc::Status Down(const Json& step, Json*);
  grpc::Status InterfaceAdd(const Json& step, Json*);
  grpc::Status InterfaceAddFamily(const Json& step, Json*);
  grpc::Status InterfaceRemoveFamily(const Json& step, Json*);
  grpc::Status InterfaceRemove(const Json& step, Json*);
  grpc::Status InterfaceSetMtu(const Json& step, Json*);
  grpc::Status Observe(const Json& step, Json*);
  grpc::Status SetRouter(const Json& step, Json*);
  grpc::Status Join(const Json& step, Json*);
  grpc::Status Leave(const Json& step, Json*);
  grpc::Status AddressAdd(const Json& step, Json* result);
  grpc::Status AddressRemove(const Json& step, Json*);
  grpc::Status AddressSetTest(const Json& step, Json*);
  grpc::Status AddressConflict(const Json& step, Json*);
  grpc::Status BoundInterface(const Json& step, Json* result);
  grpc::Status Next(const Json& step, Json* result);
  grpc::Status Cast(const Json& step, Json* result);
  grpc::Status Find(const Json& step, Json* result);
  grpc::Status ArpSet(const Json& step, Json*);
  grpc::Status ArpDelete(const Json& step, Json*);
  // Whether an interface has a side; an error if there is no such interface.
  grpc::Status HasSide(const Json& step, bool* has, bool* other);

  std::unique_ptr<storage::testing_support::TemporaryDirectory> directory_;
  std::unique_ptr<testing_support::ServerProcess> server_;
  std::unique_ptr<LiveClient> client_;
  mutable std::string refused_;  // the errno of a refusal of our own
};

const std::map<std::string, LiveTarget::Handler>& LiveTarget::Handlers() {
  static const auto* const handlers = new std::map<std::string, Handler>{
      {"group_create", &LiveTarget::GroupCreate},
      {"group_add_family", &LiveTarget::GroupSetFamily},
      {"group_remove_family", &LiveTarget::GroupSetFamily},
      {"group_destroy", &LiveTarget::GroupDestroy},
      {"group_rename", &LiveTarget::GroupRename},
      {"group_info", &LiveTarget::GroupInfo},
      {"group_stats", &LiveTarget::GroupStats},
      {"group_of", &LiveTarget::GroupOf},
      {"group_up", &LiveTarget::Up},
      {"group_down", &LiveTarget::Down},
      {"interface_up", &LiveTarget::Up},
      {"interface_down", &LiveTarget::Down},
      {"address_up", &LiveTarget::Up},
      {"address_down", &LiveTarget::Down},
      {"interface_add", &LiveTarget::InterfaceAdd},
      {"interface_add_family", &LiveTarget::InterfaceAddFamily},
      {"interface_remove_family", &LiveTarget::InterfaceRemoveFamily},
      {"interface_remove", &LiveTarget::InterfaceRemove},
      {"interface_set_mtu", &LiveTarget::InterfaceSetMtu},
      {"interface_set_flags", &LiveTarget::Observe},
      {"link_set_mtu", &LiveTarget::Observe},
      {"interface_set_hwaddr", &LiveTarget::Observe},
      {"interface_set_usesrc", &LiveTarget::Observe},
      {"counters_set", &LiveTarget::Observe},
      {"counters_remove", &LiveTarget::Observe},
      {"set_router", &LiveTarget::SetRouter},
      {"group_join", &LiveTarget::Join},
      {"group_leave", &LiveTarget::Leave},
      {"address_add", &LiveTarget::AddressAdd},
      {"address_remove", &LiveTarget::AddressRemove},
      {"address_set_test", &LiveTarget::AddressSetTest},
      {"address_conflict", &LiveTarget::AddressConflict},
      {"bound_interface", &LiveTarget::BoundInterface},
      {"next_interface", &LiveTarget::Next},
      {"hold_next_interface", &LiveTarget::Next},
      {"cast_interface", &LiveTarget::Cast},
      {"hold_cast_interface", &LiveTarget::Cast},
      {"find_interface", &LiveTarget::Find},
      {"arp_set", &LiveTarget::ArpSet},
      {"arp_delete", &LiveTarget::ArpDelete},
  };
  return *handlers;
}

std::optional<std::string> LiveTarget::LeftOut(const Scenario& scenario) const {
  if (const auto quirk = FixedQuirk(scenario)) return quirk;
  static const std::map<std::string, std::string> kWithout = {
      {"inject", "injected faults"},
      {"advance", "a set clock"},
      {"interface_busy", "busy interfaces"},
      {"group_join_begin", "two-phase joins"},
      {"group_join_finish", "two-phase joins"},
  };
  for (const Json& step : scenario.steps) {
    const std::string op = step["op"];
    const auto found = kWithout.find(op);
    if (found != kWithout.end()) return "the API has no " + op + " (" + found->second + ")";
  }
  return std::nullopt;
}

absl::Status LiveTarget::Reset() {
  client_.reset();
  server_.reset();
  directory_ = std::make_unique<storage::testing_support::TemporaryDirectory>();
  NSD_ASSIGN_OR_RETURN(server_, testing_support::ServerProcess::Start(directory_->path()));
  client_ = std::make_unique<LiveClient>(server_->address());
  return absl::OkStatus();
}

absl::StatusOr<Outcome> LiveTarget::Perform(const Json& step) {
  const std::string op = step["op"];
  const auto handler = Handlers().find(op);
  if (handler == Handlers().end()) return absl::UnimplementedError("unknown operation " + op);
  refused_.clear();
  Outcome outcome;
  Json result = Json::object();
  const grpc::Status status = (this->*handler->second)(step, &result);
  outcome.error = refused_.empty() ? ErrnoOf(status) : refused_;
  if (status.ok() || result.contains("slot")) outcome.result = result;
  if (status.error_code() == grpc::StatusCode::INVALID_ARGUMENT)
    outcome.error = SyntaxErrno(step).value_or(outcome.error);
  return outcome;
}

grpc::Status LiveTarget::GroupCreate(const Json& step, Json*) {
  v1::CreateGroupRequest request;
  request.set_parent("zones/global");
  request.set_group_id(Text(step, "group"));
  v1::Group::Spec* spec = request.mutable_group()->mutable_spec();
  for (const Json& family : step["families"]) {
    if (family == "ipv4") spec->set_ipv4(true);
    if (family == "ipv6") spec->set_ipv6(true);
  }
  // The vectors have no detector of their own: the flags are those reported.
  spec->mutable_failure_detection()->set_link(false);
  spec->mutable_failure_detection()->set_probe(false);
  return Call(&Stub::CreateGroup, request);
}

grpc::Status LiveTarget::GroupSetFamily(const Json& step, Json*) {
  v1::GetGroupRequest get;
  get.set_name(OwnerName(step));
  v1::GetGroupResponse got;
  const grpc::Status found = Call(&Stub::GetGroup, get, &got);
  if (!found.ok()) return found;
  const bool add = step["op"] == "group_add_family";
  const bool ipv4 = WireFamilyOf(step) == v1::FAMILY_IPV4;
  const v1::Group::Spec& spec = got.group().spec();
  const bool has = ipv4 ? spec.ipv4() : spec.ipv6();
  if (add == has) return Refuse(add ? "EEXIST" : "EAFNOSUPPORT");
  if (!add && !(ipv4 ? spec.ipv6() : spec.ipv4())) return GroupDestroy(step, nullptr);
  v1::UpdateGroupRequest request;
  request.mutable_group()->set_name(OwnerName(step));
  v1::Group::Spec* wanted = request.mutable_group()->mutable_spec();
  ipv4 ? wanted->set_ipv4(add) : wanted->set_ipv6(add);
  request.mutable_update_mask()->add_paths("spec." + Text(step, "family"));
  return Call(&Stub::UpdateGroup, request);
}

grpc::Status LiveTarget::GroupDestroy(const Json& step, Json*) {
  v1::DeleteGroupRequest request;
  request.set_name(OwnerName(step));
  return Call(&Stub::DeleteGroup, request);
}

grpc::Status LiveTarget::GroupRename(const Json& step, Json*) {
  v1::RenameGroupRequest request;
  request.set_name(OwnerName(step));
  request.set_new_group_id(Text(step, "new_name"));
  const grpc::Status status = Call(&Stub::RenameGroup, request);
  if (status.error_code() == grpc::StatusCode::INVALID_ARGUMENT && Text(step, "new_name").empty())
    refused_ = "EINVAL";
  return status;
}

grpc::Status LiveTarget::GroupInfo(const Json& step, Json* result) {
  v1::GetGroupRequest request;
  request.set_name(OwnerName(step));
  v1::GetGroupResponse response;
  const grpc::Status status = Call(&Stub::GetGroup, request, &response);
  if (!status.ok()) return status;
  const v1::Group::Status& group = response.group().status();
  const auto name_or_null = [](const std::string& name) {
    return name.empty() ? Json() : Json(name);
  };
  const Json cast4 = name_or_null(group.ipv4().cast_interface());
  *result = {
      {"ipv4", group.has_ipv4()},
      {"ipv6", group.has_ipv6()},
      {"ipv4_interfaces", group.ipv4().members_size()},
      {"ipv6_interfaces", group.ipv6().members_size()},
      {"mac_type",
       group.mac_type() == v1::MAC_TYPE_UNSPECIFIED ? "ipmp" : MacTypeName(group.mac_type())},
      {"group_interface", group.interface_name()},
      {"ipv4_multicast", cast4},
      {"ipv4_broadcast", cast4},
      {"ipv6_multicast", name_or_null(group.ipv6().cast_interface())}};
  return status;
}

grpc::Status LiveTarget::GroupStats(const Json& step, Json* result) {
  v1::GetGroupStatsRequest request;
  request.set_name(OwnerName(step));
  v1::GetGroupStatsResponse response;
  const grpc::Status status = Call(&Stub::GetGroupStats, request, &response);
  if (status.ok()) *result = RenderCounters(response.counters(), response.link_up());
  return status;
}

grpc::Status LiveTarget::GroupOf(const Json& step, Json* result) {
  v1::GetInterfaceRequest request;
  request.set_name(InterfaceName(Text(step, "interface")));
  v1::GetInterfaceResponse response;
  const grpc::Status status = Call(&Stub::GetInterface, request, &response);
  if (!status.ok()) return status;
  const v1::Interface::Status& interface = response.ip_interface().status();
  *result = {{"group", interface.group().empty() ? Json() : Json(interface.group())},
             {"ipv4_member", interface.ipv4().member()},
             {"ipv6_member", interface.ipv6().member()}};
  return status;
}

template <typename Request>
Request UpDown(const Json& step) {
  Request request;
  if (step.contains("address")) {
    request.set_name(AddressName(OwnerName(step), Text(step, "address")));
  } else {
    request.set_name(OwnerName(step));
    request.set_family(WireFamilyOf(step));
  }
  return request;
}

grpc::Status LiveTarget::Up(const Json& step, Json*) {
  return Call(&Stub::BringUp, UpDown<v1::BringUpRequest>(step));
}
grpc::Status LiveTarget::Down(const Json& step, Json*) {
  return Call(&Stub::BringDown, UpDown<v1::BringDownRequest>(step));
}

grpc::Status LiveTarget::InterfaceAdd(const Json& step, Json*) {
  v1::CreateInterfaceRequest request;
  request.set_parent("zones/global");
  request.set_interface_id(Text(step, "interface"));
  v1::Interface::Spec* spec = request.mutable_ip_interface()->mutable_spec();
  spec->set_up(false);
  spec->set_ipv4(!step["ipv4"].is_null());
  spec->set_ipv6(!step["ipv6"].is_null());
  const grpc::Status created = Call(&Stub::CreateInterface, request);
  if (!created.ok()) return created;
  v1::InterfaceReport report;
  const auto type = core::ParseMacType(Text(step, "mac_type"));
  report.set_mac_type(static_cast<v1::MacType>(static_cast<int>(*type) + 1));
  report.set_hardware_address(Text(step, "hwaddr"));
  report.set_is_virtual(step.value("virtual", false));
  const auto* counters = v1::Counters::descriptor();  // all counters start at zero
  for (int i = 0; i < counters->field_count(); ++i) {
    v1::Counters::GetReflection()->SetUInt64(report.mutable_counters(), counters->field(i), 0);
  }
  for (const char* family : {"ipv4", "ipv6"}) {
    if (!step[family].is_null()) FillSide(step[family], SideOf(&report, family));
  }
  return Report(InterfaceName(Text(step, "interface")), report);
}

grpc::Status LiveTarget::HasSide(const Json& step, bool* has, bool* other) {
  v1::GetInterfaceRequest request;
  request.set_name(OwnerName(step));
  v1::GetInterfaceResponse response;
  const grpc::Status status = Call(&Stub::GetInterface, request, &response);
  const v1::Interface::Status& interface = response.ip_interface().status();
  const bool ipv4 = WireFamilyOf(step) == v1::FAMILY_IPV4;
  *has = ipv4 ? interface.has_ipv4() : interface.has_ipv6();
  *other = ipv4 ? interface.has_ipv6() : interface.has_ipv4();
  return status;
}

grpc::Status LiveTarget::InterfaceAddFamily(const Json& step, Json*) {
  bool has = false;
  bool other = false;
  grpc::Status status = HasSide(step, &has, &other);
  if (!status.ok()) return status;
  if (has) return Refuse("EEXIST");
  v1::InterfaceReport report;
  FillSide(step, SideOf(&report, Text(step, "family")));
  status = Report(OwnerName(step), report);
  if (!status.ok()) return status;
  v1::UpdateInterfaceRequest request;
  request.mutable_ip_interface()->set_name(OwnerName(step));
  v1::Interface::Spec* spec = request.mutable_ip_interface()->mutable_spec();
  WireFamilyOf(step) == v1::FAMILY_IPV4 ? spec->set_ipv4(true) : spec->set_ipv6(true);
  request.mutable_update_mask()->add_paths("spec." + Text(step, "family"));
  return Call(&Stub::UpdateInterface, request);
}

grpc::Status LiveTarget::InterfaceRemoveFamily(const Json& step, Json*) {
  bool has = false;
  bool other = false;
  const grpc::Status status = HasSide(step, &has, &other);
  if (!status.ok()) return status;
  if (!has) return Refuse("EAFNOSUPPORT");
  if (!other) return InterfaceRemove(step, nullptr);
  v1::UpdateInterfaceRequest request;
  request.mutable_ip_interface()->set_name(OwnerName(step));
  request.mutable_ip_interface()->mutable_spec();
  request.mutable_update_mask()->add_paths("spec." + Text(step, "family"));
  request.mutable_update_mask()->add_paths("spec." + Text(step, "family") + "_mtu");
  return Call(&Stub::UpdateInterface, request);
}

grpc::Status LiveTarget::InterfaceRemove(const Json& step, Json*) {
  v1::DeleteInterfaceRequest request;
  request.set_name(OwnerName(step));
  return Call(&Stub::DeleteInterface, request);
}

grpc::Status LiveTarget::InterfaceSetMtu(const Json& step, Json*) {
  bool has = false;
  bool other = false;
  const grpc::Status status = HasSide(step, &has, &other);
  if (!status.ok()) return status;
  if (!has) return Refuse("EAFNOSUPPORT");
  if (step["mtu"] == 0) return status;  // changes nothing; in the API 0 is "that of the link"
  v1::UpdateInterfaceRequest request;
  request.mutable_ip_interface()->set_name(OwnerName(step));
  v1::Interface::Spec* spec = request.mutable_ip_interface()->mutable_spec();
  WireFamilyOf(step) == v1::FAMILY_IPV4 ? spec->set_ipv4_mtu(step["mtu"])
                                        : spec->set_ipv6_mtu(step["mtu"]);
  request.mutable_update_mask()->add_paths("spec." + Text(step, "family") + "_mtu");
  return Call(&Stub::UpdateInterface, request);
}

grpc::Status LiveTarget::Observe(const Json& step, Json*) {
  const std::string op = step["op"];
  v1::InterfaceReport report;
  if (op == "interface_set_flags") {
    for (const Json& flag : step["set"]) report.mutable_detector()->add_set(FlagOf(flag));
    for (const Json& flag : step["clear"]) report.mutable_detector()->add_clear(FlagOf(flag));
  } else if (op == "link_set_mtu") {
    report.set_link_mtu(step["mtu"]);
  } else if (op == "interface_set_hwaddr") {
    report.set_hardware_address(Text(step, "hwaddr"));
  } else if (op == "interface_set_usesrc") {
    const std::string role = Text(step, "role");
    SideOf(&report, Text(step, "family"))
        ->set_usesrc(role == "source"   ? v1::USESRC_ROLE_SOURCE
                     : role == "client" ? v1::USESRC_ROLE_CLIENT
                                        : v1::USESRC_ROLE_NONE);
  } else if (op == "counters_remove") {
    report.set_counters_gone(true);
  } else {
    FillCounters(step, &report);
  }
  return Report(OwnerName(step), report);
}

grpc::Status LiveTarget::SetRouter(const Json& step, Json*) {
  v1::SetForwardingRequest request;
  request.set_name(OwnerName(step));
  request.set_family(WireFamilyOf(step));
  request.set_enabled(step["enabled"]);
  return Call(&Stub::SetForwarding, request);
}

grpc::Status LiveTarget::Join(const Json& step, Json*) {
  v1::JoinGroupRequest request;
  request.set_name(InterfaceName(Text(step, "interface")));
  request.set_group(Text(step, "group"));
  return Call(&Stub::JoinGroup, request);
}

grpc::Status LiveTarget::Leave(const Json& step, Json*) {
  v1::LeaveGroupRequest request;
  request.set_name(InterfaceName(Text(step, "interface")));
  return Call(&Stub::LeaveGroup, request);
}

grpc::Status LiveTarget::AddressAdd(const Json& step, Json* result) {
  v1::CreateAddressRequest request;
  request.set_parent(OwnerName(step));
  v1::Address::Spec* spec = request.mutable_address()->mutable_spec();
  spec->set_cidr(Text(step, "address") + (WireFamilyOf(step) == v1::FAMILY_IPV4 ? "/24" : "/64"));
  spec->set_up(false);
  spec->set_test(step.value("test", false));
  spec->set_point_to_point(step.value("point_to_point", false));
  if (Text(step, "managed_by") == "dhcp") spec->set_managed_by(v1::Address::MANAGED_BY_DHCP);
  if (Text(step, "managed_by") == "addrconf")
    spec->set_managed_by(v1::Address::MANAGED_BY_ADDRCONF);
  v1::CreateAddressResponse response;
  const grpc::Status status = Call(&Stub::CreateAddress, request, &response);
  if (!status.ok()) return status;
  (*result)["slot"] = response.address().status().slot();
  return step.value("up", false) ? Up(step, nullptr) : status;
}

grpc::Status LiveTarget::AddressRemove(const Json& step, Json*) {
  v1::DeleteAddressRequest request;
  request.set_name(AddressName(OwnerName(step), Text(step, "address")));
  return Call(&Stub::DeleteAddress, request);
}

grpc::Status LiveTarget::AddressSetTest(const Json& step, Json*) {
  v1::UpdateAddressRequest request;
  request.mutable_address()->set_name(AddressName(OwnerName(step), Text(step, "address")));
  request.mutable_address()->mutable_spec()->set_test(step["test"]);
  request.mutable_update_mask()->add_paths("spec.test");
  return Call(&Stub::UpdateAddress, request);
}

grpc::Status LiveTarget::AddressConflict(const Json& step, Json*) {
  v1::CreateInterfaceRequest reporter;
  reporter.set_parent("zones/global");
  reporter.set_interface_id(kReporter);
  reporter.mutable_ip_interface()->mutable_spec()->set_ipv4(true);
  const grpc::Status created = Call(&Stub::CreateInterface, reporter);
  if (!created.ok() && created.error_code() != grpc::StatusCode::ALREADY_EXISTS) return created;
  // A report may come twice, so the API takes a duplicate that is known already.
  v1::GetAddressRequest get;
  get.set_name(AddressName(OwnerName(step), Text(step, "address")));
  v1::GetAddressResponse known;
  if (Call(&Stub::GetAddress, get, &known).ok() && known.address().status().duplicate())
    return Refuse("EINVAL");
  v1::InterfaceReport report;
  report.add_duplicate_addresses(AddressName(OwnerName(step), Text(step, "address")));
  return Report(InterfaceName(kReporter), report);
}

grpc::Status LiveTarget::BoundInterface(const Json& step, Json* result) {
  v1::GetAddressRequest request;
  request.set_name(AddressName(OwnerName(step), Text(step, "address")));
  v1::GetAddressResponse response;
  const grpc::Status status = Call(&Stub::GetAddress, request, &response);
  if (!status.ok()) return status;
  if (step.contains("interface")) return Refuse("EINVAL");
  const std::string& bound = response.address().status().bound_interface();
  *result = {{"interface", bound.empty() ? Json() : Json(bound)}, {"available", !bound.empty()}};
  return status;
}

template <typename Response>
void PutInterface(const Response& response, Json* result) {
  (*result)["interface"] = response.ip_interface().empty() ? Json() : Json(response.ip_interface());
}

grpc::Status LiveTarget::Next(const Json& step, Json* result) {
  v1::NextInterfaceRequest request;
  request.set_name(OwnerName(step));
  request.set_family(WireFamilyOf(step));
  v1::NextInterfaceResponse response;
  const grpc::Status status = Call(&Stub::NextInterface, request, &response);
  if (status.ok()) PutInterface(response, result);
  return status;
}

grpc::Status LiveTarget::Cast(const Json& step, Json* result) {
  v1::CastInterfaceRequest request;
  request.set_name(OwnerName(step));
  request.set_family(WireFamilyOf(step));
  v1::CastInterfaceResponse response;
  const grpc::Status status = Call(&Stub::CastInterface, request, &response);
  if (status.ok()) PutInterface(response, result);
  return status;
}

grpc::Status LiveTarget::Find(const Json& step, Json* result) {
  v1::FindInterfaceRequest request;
  request.set_name(OwnerName(step));
  request.set_family(WireFamilyOf(step));
  request.set_hardware_address(Text(step, "hwaddr"));
  v1::FindInterfaceResponse response;
  const grpc::Status status = Call(&Stub::FindInterface, request, &response);
  if (status.ok()) PutInterface(response, result);
  return status;
}

grpc::Status LiveTarget::ArpSet(const Json& step, Json*) {
  v1::SetArpEntryRequest request;
  request.set_parent(OwnerName(step));
  request.set_ip_address(Text(step, "address"));
  request.set_hardware_address(Text(step, "hwaddr"));
  if (step.contains("permanent")) request.set_permanent(step["permanent"]);
  return Call(&Stub::SetArpEntry, request);
}

grpc::Status LiveTarget::ArpDelete(const Json& step, Json*) {
  v1::DeleteArpEntryRequest request;
  request.set_parent(OwnerName(step));
  request.set_ip_address(Text(step, "address"));
  return Call(&Stub::DeleteArpEntry, request);
}

}  // namespace

std::unique_ptr<Target> MakeLiveTarget() { return std::make_unique<LiveTarget>(); }

}  // namespace netstackd::vectors
