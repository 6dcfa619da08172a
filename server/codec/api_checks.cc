#include "server/codec/api_checks.h"

#include <map>

#include "core/types.h"
#include "netstackd/v1/config.pb.h"
#include "netstackd/v1/ipmp_service.pb.h"
#include "netstackd/v1/watch.pb.h"
#include "server/codec/api_masks.h"
#include "server/codec/api_names.h"
#include "server/codec/api_values.h"

namespace netstackd::codec {
namespace {

// A group or an interface to be has a side.
template <typename Spec>
void CheckSides(const Spec& spec, const std::string& path, Problems* problems) {
  if (!spec.ipv4() && !spec.ipv6()) problems->Add(path, "at least one of ipv4 and ipv6 is needed");
}

void CheckNewInterface(const v1::Interface& interface, const std::string& path,
                       Problems* problems) {
  CheckSides(interface.spec(), path + ".spec", problems);
  if (interface.spec().offline()) {
    problems->Add(path + ".spec.offline",
                  "an interface is taken out of service by OfflineInterface only",
                  ErrorReason::kFlagReadOnly);
  }
}

// The name a resource may carry in a creation is the one it will get.
void CheckNameToBe(const std::string& name, const std::string& to_be, const std::string& path,
                   Problems* problems) {
  if (!name.empty() && name != to_be) {
    problems->Add(path, "is not the name that parent and id make: " + to_be,
                  ErrorReason::kInvalidRequest);
  }
}

// The address in `cidr` is the one in `name`. Only if both are well formed.
void CheckSameAddress(const std::string& name, const std::string& cidr, const std::string& path,
                      Problems* problems) {
  const auto parsed_name = ParseName(name);
  const auto parsed_cidr = ParseCidr(cidr);
  if (!parsed_name || !parsed_name->name.address || !parsed_cidr) return;
  if (*parsed_name->name.address == parsed_cidr->address) return;
  problems->Add(path, "has another address than the name; the address cannot be changed");
}

void CheckNewAddress(const v1::Address& address, bool of_group, const std::string& path,
                     Problems* problems) {
  const v1::Address::Spec& spec = address.spec();
  if (spec.cidr().empty()) problems->Add(path + ".spec.cidr", "is required");
  const auto cidr = ParseCidr(spec.cidr());
  if (cidr && cidr->address.IsZero()) {
    problems->Add(path + ".spec.cidr", "the all-zeros address cannot be added");
  }
  if (!of_group) return;
  if (spec.managed_by() != v1::Address::MANAGED_BY_UNSPECIFIED) {
    problems->Add(path + ".spec.managed_by", "is for addresses of interfaces");
  }
  if (spec.point_to_point()) {
    problems->Add(path + ".spec.point_to_point", "is for addresses of interfaces");
  }
}

bool IsOfGroup(const std::string& name) {
  const auto parsed = ParseName(name);
  return parsed && !parsed->name.group.empty();
}

void Check(const v1::CreateGroupRequest& request, const std::string& prefix, Problems* problems) {
  if (!request.has_group()) return;
  CheckNameToBe(request.group().name(), request.parent() + "/groups/" + request.group_id(),
                prefix + "group.name", problems);
  CheckSides(request.group().spec(), prefix + "group.spec", problems);
}

void Check(const v1::CreateInterfaceRequest& request, const std::string& prefix,
           Problems* problems) {
  if (!request.has_ip_interface()) return;
  CheckNameToBe(request.ip_interface().name(),
                request.parent() + "/interfaces/" + request.interface_id(),
                prefix + "ip_interface.name", problems);
  CheckNewInterface(request.ip_interface(), prefix + "ip_interface", problems);
}

void Check(const v1::CreateAddressRequest& request, const std::string& prefix, Problems* problems) {
  if (!request.has_address()) return;
  CheckNewAddress(request.address(), IsOfGroup(request.parent()), prefix + "address", problems);
  const auto cidr = ParseCidr(request.address().spec().cidr());
  if (!cidr || !ParseName(request.parent())) return;
  CheckNameToBe(request.address().name(),
                core::ToString(AddressOf(request.parent(), cidr->address)), prefix + "address.name",
                problems);
}

void Check(const v1::UpdateAddressRequest& request, const std::string& prefix, Problems* problems) {
  const v1::Address& address = request.address();
  if (!request.has_address() || !Mask(request.update_mask()).Covers("spec.cidr")) return;
  if (address.spec().cidr().empty()) problems->Add(prefix + "address.spec.cidr", "is required");
  CheckSameAddress(address.name(), address.spec().cidr(), prefix + "address.spec.cidr", problems);
}

void Check(const v1::Operation& operation, const std::string& prefix, Problems* problems) {
  const v1::Resource& created = operation.create();
  if (created.has_group()) {
    CheckSides(created.group().spec(), prefix + "create.group.spec", problems);
  }
  if (created.has_ip_interface()) {
    CheckNewInterface(created.ip_interface(), prefix + "create.ip_interface", problems);
  }
  if (created.has_address()) {
    const v1::Address& address = created.address();
    CheckNewAddress(address, IsOfGroup(address.name()), prefix + "create.address", problems);
    CheckSameAddress(address.name(), address.spec().cidr(), prefix + "create.address.spec.cidr",
                     problems);
  }
  if (operation.update().has_address()) {
    const v1::Address& address = operation.update().address();
    const std::string path = prefix + "update.address.spec.cidr";
    if (address.spec().cidr().empty()) problems->Add(path, "is required");
    CheckSameAddress(address.name(), address.spec().cidr(), path, problems);
  }
}

void CheckFamilyOf(const std::string& text, core::Family family, const std::string& path,
                   Problems* problems) {
  const auto ip = core::ParseIpAddress(text);
  if (ip && ip->family != family) problems->Add(path, "is not of this side");
}

// The parts of one side; what the side is, is known only one level further out.
void CheckProbing(const v1::SideReport& report, core::Family family, const std::string& prefix,
                  Problems* problems) {
  const v1::ProbeReport& probing = report.probing();
  for (int i = 0; i < probing.probes_size(); ++i) {
    CheckFamilyOf(probing.probes(i).target(), family,
                  prefix + "probes[" + std::to_string(i) + "].target", problems);
  }
  for (int i = 0; i < probing.targets().addresses_size(); ++i) {
    CheckFamilyOf(probing.targets().addresses(i), family,
                  prefix + "targets.addresses[" + std::to_string(i) + "]", problems);
  }
}

void Check(const v1::InterfaceReport& report, const std::string& prefix, Problems* problems) {
  if (report.counters_gone() && (report.has_counters() || report.wide_counters_size() > 0)) {
    problems->Add(prefix + "counters_gone", "excludes counters and wide_counters");
  }
  if (report.ipv6().has_mtu() && report.ipv6().mtu() < core::MinMtu(core::Family::kIpv6)) {
    problems->Add(prefix + "ipv6.mtu", "is below 1280");
  }
  CheckProbing(report.ipv4(), core::Family::kIpv4, prefix + "ipv4.probing.", problems);
  CheckProbing(report.ipv6(), core::Family::kIpv6, prefix + "ipv6.probing.", problems);
}

void Check(const v1::Probe& probe, const std::string& prefix, Problems* problems) {
  if (!probe.has_start_time()) problems->Add(prefix + "start_time", "is required");
  if (probe.lost() && (probe.has_rtt() || probe.has_net_rtt())) {
    problems->Add(prefix + "lost", "excludes rtt and net_rtt");
  }
  if (!probe.lost() && !probe.has_rtt()) {
    problems->Add(prefix + "rtt", "is required of a probe that was answered");
  }
  if (probe.has_end_time() && FromProto(probe.end_time()) < FromProto(probe.start_time())) {
    problems->Add(prefix + "end_time", "is before start_time");
  }
}

void Check(const v1::ProbeReport::Targets& targets, const std::string& prefix, Problems* problems) {
  if (targets.mode() == v1::TARGET_MODE_DISABLED) {
    problems->Add(prefix + "mode", "is TARGET_MODE_ROUTES or TARGET_MODE_MULTICAST here");
  }
}

void Check(const v1::DetectorReport& report, const std::string& prefix, Problems* problems) {
  const auto check = [&](const google::protobuf::RepeatedField<int>& flags, const char* field) {
    std::map<int, int> times;
    for (const int flag : flags) {
      if (++times[flag] == 2) problems->Add(prefix + field, "has the same flag twice");
    }
  };
  check(report.set(), "set");
  check(report.clear(), "clear");
}

// BringUp and BringDown.
template <typename Request>
void CheckFamily(const Request& request, const std::string& prefix, Problems* problems) {
  const auto parsed = ParseName(request.name());
  if (!parsed || request.family() == v1::FAMILY_UNSPECIFIED) return;
  const core::Family family = FromProto(request.family());
  if (parsed->name.address && parsed->name.address->family != family) {
    problems->Add(prefix + "family", "is not that of the address");
  }
  if (parsed->kind == kGroupName && family != core::Family::kIpv4) {
    problems->Add(prefix + "family", "only the IPv4 zero address of a group goes up and down");
  }
}

void Check(const v1::BringUpRequest& request, const std::string& prefix, Problems* problems) {
  CheckFamily(request, prefix, problems);
}

void Check(const v1::BringDownRequest& request, const std::string& prefix, Problems* problems) {
  CheckFamily(request, prefix, problems);
}

void Check(const v1::WatchRequest& request, const std::string& prefix, Problems* problems) {
  if (request.after_revision() > 0 && request.store_id().empty()) {
    problems->Add(prefix + "store_id", "is needed to resume");
  }
  for (const int kind : request.kinds()) {
    if (kind != v1::WatchRequest::KIND_TRANSACTION || !request.latest_only()) continue;
    problems->Add(prefix + "latest_only", "is not for transactions: each of them counts");
  }
}

using CheckTable = std::map<const google::protobuf::Descriptor*, CheckFunction>;

template <typename T>
void Register(CheckTable* table) {
  (*table)[T::descriptor()] = [](const google::protobuf::Message& message,
                                 const std::string& prefix, Problems* problems) {
    Check(static_cast<const T&>(message), prefix, problems);
  };
}

const CheckTable& Table() {
  static const CheckTable* const kTable = [] {
    auto* table = new CheckTable;
    Register<v1::CreateGroupRequest>(table);
    Register<v1::CreateInterfaceRequest>(table);
    Register<v1::CreateAddressRequest>(table);
    Register<v1::UpdateAddressRequest>(table);
    Register<v1::Operation>(table);
    Register<v1::InterfaceReport>(table);
    Register<v1::Probe>(table);
    Register<v1::ProbeReport::Targets>(table);
    Register<v1::DetectorReport>(table);
    Register<v1::BringUpRequest>(table);
    Register<v1::BringDownRequest>(table);
    Register<v1::WatchRequest>(table);
    return table;
  }();
  return *kTable;
}

}  // namespace

const CheckFunction* FindCheck(const google::protobuf::Descriptor& type) {
  const auto found = Table().find(&type);
  return found == Table().end() ? nullptr : &found->second;
}

}  // namespace netstackd::codec
