#include "tests/vectors/live_requests.h"

#include "core/types.h"

namespace netstackd::vectors {

std::string Text(const Json& step, const char* key) { return step.value(key, std::string()); }

v1::Family WireFamilyOf(const Json& step) {
  const std::string family = Text(step, "family");
  if (family.empty()) return v1::FAMILY_UNSPECIFIED;
  return family == "ipv4" ? v1::FAMILY_IPV4 : v1::FAMILY_IPV6;
}

void FillSide(const Json& side, v1::SideReport* report) {
  report->set_mtu(side["mtu"]);
  v1::Capabilities* can = report->mutable_capabilities();
  for (const Json& flag : side["flags"]) {
    if (flag == "multicast") can->set_multicast(true);
    if (flag == "noarp") can->set_no_arp(true);
    if (flag == "nonud") can->set_no_nud(true);
    if (flag == "xresolv") can->set_external_resolver(true);
    if (flag == "cos") can->set_class_of_service(true);
  }
}

v1::SideReport* SideOf(v1::InterfaceReport* report, const std::string& family) {
  return family == "ipv4" ? report->mutable_ipv4() : report->mutable_ipv6();
}

// The errno for what the API refuses as bad syntax, which it looks at before it looks for the
// owner; nullopt if there is nothing wrong with the step that the API could see without its state.
std::optional<std::string> SyntaxErrno(const Json& step) {
  const std::string op = step["op"];
  if ((op == "group_up" || op == "group_down") && step["family"] == "ipv6") return "EINVAL";
  if (!step.contains("address")) return std::nullopt;
  const auto ip = core::ParseIpAddress(Text(step, "address"));
  const bool exists = op.starts_with("address_") && op != "address_add";
  if (!ip) return exists ? "EADDRNOTAVAIL" : "EINVAL";
  if (ip->IsZero()) return "EADDRNOTAVAIL";
  return std::nullopt;
}

v1::Interface::Flag FlagOf(const std::string& name) {
  if (name == "failed") return v1::Interface::FLAG_FAILED;
  if (name == "inactive") return v1::Interface::FLAG_INACTIVE;
  return name == "offline" ? v1::Interface::FLAG_OFFLINE : v1::Interface::FLAG_STANDBY;
}

void FillCounters(const Json& step, v1::InterfaceReport* report) {
  v1::Counters* counters = report->mutable_counters();
  for (const auto& [name, value] : step["counters"].items()) {
    counters->GetReflection()->SetUInt64(counters, counters->GetDescriptor()->FindFieldByName(name),
                                         std::stoull(value.get<std::string>()));
  }
  if (!step.contains("wide")) return;
  for (const Json& name : step["wide"]) report->add_wide_counters(name.get<std::string>());
}

}  // namespace netstackd::vectors
