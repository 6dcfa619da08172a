#include "tests/vectors/translate.h"

#include <functional>
#include <map>

namespace netstackd::vectors {
namespace {

using namespace netstackd::core;  // every name here is one of core's

std::string Text(const Json& step, const char* key) { return step.value(key, std::string()); }

std::optional<IpAddress> AddressOf(const Json& step) {
  return ParseIpAddress(Text(step, "address"));
}

HardwareAddress HardwareAddressOf(const Json& step) {
  return ParseHardwareAddress(Text(step, "hwaddr")).value_or(HardwareAddress("?"));
}

CreateGroup CreateGroupOf(const Json& step) {
  CreateGroup op;
  for (const Json& family : step["families"])
    (family == "ipv4" ? op.spec.ipv4 : op.spec.ipv6) = true;
  op.spec.failure_detection.emplace().link = false;  // the vectors have no detector
  return op;
}

PlumbInterface PlumbInterfaceOf(const Json& step) {
  PlumbInterface op;
  op.mac_type = ParseMacType(Text(step, "mac_type")).value_or(MacType::kEthernet);
  op.hardware_address = HardwareAddressOf(step);
  op.is_virtual = step.value("virtual", false);
  for (const Family family : kFamilies) {
    const Json& side = step[NameOf(family)];
    if (!side.is_null()) op.sides[IndexOf(family)] = SideOf(side);
  }
  return op;
}

AddAddress AddAddressOf(const Json& step) {
  AddAddress op;
  op.family = FamilyOf(step);
  op.ip = AddressOf(step);
  op.prefix_length = MaxPrefixLength(op.family);
  op.test = step.value("test", false);
  op.point_to_point = step.value("point_to_point", false);
  const std::string manager = Text(step, "managed_by");
  if (manager == "dhcp") op.managed_by = ManagedBy::kDhcp;
  if (manager == "addrconf") op.managed_by = ManagedBy::kAddrconf;
  return op;
}

std::optional<Family> FamilyIfGiven(const Json& step) {
  if (!step.contains("family")) return std::nullopt;
  return FamilyOf(step);
}

UsesrcRole RoleOf(const Json& step) {
  const std::string role = Text(step, "role");
  if (role == "source") return UsesrcRole::kSource;
  return role == "client" ? UsesrcRole::kClient : UsesrcRole::kNone;
}

using MakeOp = std::function<Op(const Json&)>;

// Groups and interfaces.
const std::map<std::string, MakeOp>& ObjectMakers() {
  static const auto* const makers = new std::map<std::string, MakeOp>{
      {"group_create", [](const Json& s) { return CreateGroupOf(s); }},
      {"group_add_family", [](const Json& s) { return AddFamily{FamilyOf(s)}; }},
      {"group_remove_family", [](const Json& s) { return RemoveFamily{FamilyOf(s)}; }},
      {"group_destroy", [](const Json&) { return DestroyGroup{}; }},
      {"group_rename", [](const Json& s) { return RenameGroup{Text(s, "new_name")}; }},
      {"group_up", [](const Json& s) { return BringUp{FamilyOf(s)}; }},
      {"group_down", [](const Json& s) { return BringDown{FamilyOf(s)}; }},
      {"interface_add", [](const Json& s) { return PlumbInterfaceOf(s); }},
      {"interface_add_family",
       [](const Json& s) {
         return PlumbFamily{FamilyOf(s), SideOf(s)};
       }},
      {"interface_remove_family", [](const Json& s) { return RemoveFamily{FamilyOf(s)}; }},
      {"interface_remove", [](const Json&) { return UnplumbInterface{}; }},
      {"interface_up", [](const Json& s) { return BringUp{FamilyIfGiven(s)}; }},
      {"interface_down", [](const Json& s) { return BringDown{FamilyIfGiven(s)}; }},
      {"interface_set_flags",
       [](const Json& s) {
         return SetFlags{FlagsOf(s["set"]), FlagsOf(s["clear"])};
       }},
      {"interface_set_mtu",
       [](const Json& s) {
         return SetMtu{FamilyOf(s), s["mtu"]};
       }},
      {"link_set_mtu", [](const Json& s) { return SetLinkMtu{s["mtu"]}; }},
      {"interface_set_hwaddr",
       [](const Json& s) { return SetHardwareAddress{HardwareAddressOf(s)}; }},
      {"set_router",
       [](const Json& s) {
         return SetForwarding{FamilyOf(s), s["enabled"]};
       }},
      {"interface_set_usesrc",
       [](const Json& s) {
         return SetUsesrc{FamilyOf(s), RoleOf(s)};
       }},
      {"counters_set",
       [](const Json& s) {
         return SetCounters{CountersOf(s), WideOf(s)};
       }},
      {"counters_remove", [](const Json&) { return RemoveCounters{}; }}};
  return *makers;
}

// Membership, addresses, selection, ARP and time.
const std::map<std::string, MakeOp>& OtherMakers() {
  static const auto* const makers = new std::map<std::string, MakeOp>{
      {"group_join", [](const Json& s) { return JoinGroup{Text(s, "group")}; }},
      {"group_leave", [](const Json&) { return LeaveGroup{}; }},
      {"group_join_begin", [](const Json& s) { return BeginJoin{Text(s, "group")}; }},
      {"group_join_finish", [](const Json&) { return FinishJoin{}; }},
      {"address_add", [](const Json& s) { return AddAddressOf(s); }},
      {"address_up", [](const Json&) { return BringUp{}; }},
      {"address_down", [](const Json&) { return BringDown{}; }},
      {"address_remove", [](const Json&) { return RemoveAddress{}; }},
      {"address_set_test", [](const Json& s) { return SetTestAddress{s["test"]}; }},
      {"address_conflict", [](const Json&) { return ReportConflict{}; }},
      {"next_interface",
       [](const Json& s) {
         return NextInterface{FamilyOf(s), false};
       }},
      {"hold_next_interface",
       [](const Json& s) {
         return NextInterface{FamilyOf(s), true};
       }},
      {"arp_set",
       [](const Json& s) {
         return SetArpEntry{AddressOf(s), HardwareAddressOf(s), s.value("permanent", true)};
       }},
      {"arp_delete", [](const Json& s) { return DeleteArpEntry{AddressOf(s)}; }},
      {"advance", [](const Json&) { return FireTimers{}; }},
  };
  return *makers;
}

// Operations on one address of an owner.
bool IsAboutAddress(const std::string& op) {
  return op == "address_up" || op == "address_down" || op == "address_remove" ||
         op == "address_set_test" || op == "address_conflict";
}

}  // namespace

Name TargetOf(const Json& step) {
  Name name;
  name.interface = Text(step, "interface");
  if (name.interface.empty()) name.group = Text(step, "group");
  return name;
}

Family FamilyOf(const Json& step) {
  return step["family"] == "ipv4" ? Family::kIpv4 : Family::kIpv6;
}

InterfaceFlags FlagsOf(const Json& names) {
  InterfaceFlags flags;
  for (const Json& name : names) {
    if (name == "failed") flags.failed = true;
    if (name == "inactive") flags.inactive = true;
    if (name == "offline") flags.offline = true;
    if (name == "standby") flags.standby = true;
  }
  return flags;
}

ObservedSide SideOf(const Json& side) {
  ObservedSide observed;
  observed.mtu = side["mtu"];
  observed.capabilities.multicast = false;
  for (const Json& flag : side["flags"]) {
    if (flag == "multicast") observed.capabilities.multicast = true;
    if (flag == "noarp") observed.capabilities.no_arp = true;
    if (flag == "nonud") observed.capabilities.no_nud = true;
    if (flag == "xresolv") observed.capabilities.external_resolver = true;
    if (flag == "cos") observed.capabilities.class_of_service = true;
  }
  return observed;
}

std::map<Counter, std::uint64_t> CountersOf(const Json& step) {
  std::map<Counter, std::uint64_t> values;
  for (const auto& [name, value] : step["counters"].items()) {
    if (const auto counter = ParseCounter(name))
      values[*counter] = std::stoull(value.get<std::string>());
  }
  return values;
}

std::vector<Counter> WideOf(const Json& step) {
  std::vector<Counter> wide;
  if (!step.contains("wide")) return wide;
  for (const Json& name : step["wide"]) {
    if (const auto counter = ParseCounter(name)) wide.push_back(*counter);
  }
  return wide;
}

std::optional<Command> CommandOf(const Json& step) {
  const std::string op = step["op"];
  auto maker = ObjectMakers().find(op);
  if (maker == ObjectMakers().end()) maker = OtherMakers().find(op);
  if (maker == OtherMakers().end()) return std::nullopt;
  Command command;
  command.target = TargetOf(step);
  command.op = maker->second(step);
  if (IsAboutAddress(op)) {
    command.target.address = AddressOf(step);
    if (!command.target.address) return std::nullopt;
  }
  return command;
}

}  // namespace netstackd::vectors
