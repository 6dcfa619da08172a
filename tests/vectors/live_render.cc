#include "tests/vectors/live_render.h"

#include <algorithm>
#include <map>

#include "base/status_macros.h"
#include "core/types.h"
#include "tests/vectors/render.h"

namespace netstackd::vectors {
namespace {

using Addresses = std::vector<v1::Address>;

Json TextOrNull(const std::string& text) { return text.empty() ? Json() : Json(text); }

template <typename Repeated>
Json List(const Repeated& names) {
  return Json(std::vector<std::string>(names.begin(), names.end()));
}

std::string Ip(const v1::Address& address) {
  return address.spec().cidr().substr(0, address.spec().cidr().find('/'));
}

Json RenderAddress(const v1::Address& address, bool of_group) {
  Json json = {
      {"slot", address.status().slot()}, {"address", Ip(address)}, {"up", address.status().up()}};
  if (of_group) {
    json["bound_to"] = TextOrNull(address.status().bound_interface());
    json["announced"] = address.status().announced();
  }
  if (address.status().duplicate()) json["duplicate"] = true;
  if (address.spec().test()) json["test"] = true;
  if (address.spec().point_to_point()) json["point_to_point"] = true;
  if (address.spec().managed_by() == v1::Address::MANAGED_BY_DHCP) json["managed_by"] = "dhcp";
  if (address.spec().managed_by() == v1::Address::MANAGED_BY_ADDRCONF)
    json["managed_by"] = "addrconf";
  return json;
}

Json RenderAddresses(Addresses addresses, v1::Family family, bool of_group) {
  std::sort(addresses.begin(), addresses.end(),
            [](const auto& a, const auto& b) { return a.status().slot() < b.status().slot(); });
  Json json = Json::array();
  for (const v1::Address& address : addresses) {
    if (address.status().family() == family) json.push_back(RenderAddress(address, of_group));
  }
  return json;
}

Json RenderSide(const v1::GroupSide& side, v1::Family family, const Addresses& addresses) {
  Json json = {{"mtu", side.mtu()},
               {"router", side.forwarding()},
               {"cos", side.cos()},
               {"datalink_up", side.datalink_up()},
               {"up_addresses", side.up_addresses()},
               {"duplicate_addresses", side.duplicate_addresses()},
               {"members", List(side.members())},
               {"active", List(side.active())},
               {"cast", TextOrNull(side.cast_interface())},
               {"next", TextOrNull(side.next_interface())},
               {"addresses", RenderAddresses(addresses, family, true)}};
  if (family == v1::FAMILY_IPV4) {
    json["zero_address_up"] = side.zero_address_up();
    Json arp = Json::array();
    for (const v1::ArpEntry& entry : side.arp_entries()) {
      arp.push_back({{"address", entry.ip_address()},
                     {"hwaddr", entry.hardware_address()},
                     {"proxy", entry.proxy()},
                     {"notified", entry.notified()}});
    }
    json["arp"] = arp;
  }
  return json;
}

Json RenderGroup(const v1::Group& group, const Addresses& addresses) {
  const v1::Group::Status& status = group.status();
  return {
      {"group", group.name().substr(group.name().rfind('/') + 1)},
      {"group_interface", status.interface_name()},
      {"link_up", status.link_up()},
      {"failed", !status.link_up()},
      {"mac_type", TextOrNull(MacTypeName(status.mac_type()))},
      {"interface_count", status.interface_count()},
      {"active_count", status.active_count()},
      {"ipv4", status.has_ipv4() ? RenderSide(status.ipv4(), v1::FAMILY_IPV4, addresses) : Json()},
      {"ipv6", status.has_ipv6() ? RenderSide(status.ipv6(), v1::FAMILY_IPV6, addresses) : Json()}};
}

// The data addresses on an interface, the most recently bound first.
Json Bound(const std::string& interface, v1::Family family, const Addresses& group_addresses) {
  std::map<std::int64_t, std::string, std::greater<>> bound;
  for (const v1::Address& address : group_addresses) {
    if (address.status().bound_interface() == interface && address.status().family() == family)
      bound[address.status().binding()] = Ip(address);
  }
  Json json = Json::array();
  for (const auto& [binding, ip] : bound) json.push_back(ip);
  return json;
}

Json RenderSide(const v1::InterfaceSide& side, const std::string& name, v1::Family family,
                const Addresses& own, const Addresses& group_addresses) {
  return {{"mtu", side.mtu()},
          {"router", side.forwarding()},
          {"up_addresses", side.up_addresses()},
          {"duplicate_addresses", side.duplicate_addresses()},
          {"auto_address_up", side.auto_address_up()},
          {"cast", side.cast()},
          {"routes_hidden", side.routes_hidden()},
          {"bound", Bound(name, family, group_addresses)},
          {"addresses", RenderAddresses(own, family, false)}};
}

Json Flags(const v1::Interface::Status& status) {
  Json flags = Json::array();
  const auto has = [&](v1::Interface::Flag flag) {
    return std::find(status.flags().begin(), status.flags().end(), flag) != status.flags().end();
  };
  if (has(v1::Interface::FLAG_FAILED)) flags.push_back("failed");
  if (has(v1::Interface::FLAG_INACTIVE)) flags.push_back("inactive");
  if (has(v1::Interface::FLAG_OFFLINE)) flags.push_back("offline");
  if (has(v1::Interface::FLAG_STANDBY)) flags.push_back("standby");
  return flags;
}

}  // namespace

std::string MacTypeName(v1::MacType type) {
  if (type == v1::MAC_TYPE_UNSPECIFIED) return "";
  return NameOf(static_cast<core::MacType>(type - 1));
}

Json RenderCounters(const v1::Counters& counters, bool link_up) {
  core::Counters values{};
  const auto* descriptor = v1::Counters::descriptor();
  const auto* reflection = v1::Counters::GetReflection();
  for (std::size_t i = 0; i < core::kCounterCount; ++i) {
    const auto* field = descriptor->FindFieldByName(NameOf(static_cast<core::Counter>(i)));
    values[i] = reflection->GetUInt64(counters, field);
  }
  return RenderStats(values, link_up);
}

absl::StatusOr<Json> RenderServer(LiveClient& client, const std::string& hidden) {
  NSD_ASSIGN_OR_RETURN(const auto groups, client.Groups());
  NSD_ASSIGN_OR_RETURN(const auto interfaces, client.Interfaces());
  std::map<std::string, Addresses> of_group;
  Json rendered_groups = Json::array();
  for (const v1::Group& group : groups) {
    NSD_ASSIGN_OR_RETURN(Addresses addresses, client.Addresses(group.name()));
    rendered_groups.push_back(RenderGroup(group, addresses));
    of_group[group.name()] = std::move(addresses);
  }
  Json rendered_interfaces = Json::array();
  for (const v1::Interface& interface : interfaces) {
    const std::string name = interface.name().substr(interface.name().rfind('/') + 1);
    if (name == hidden) continue;
    NSD_ASSIGN_OR_RETURN(const Addresses own, client.Addresses(interface.name()));
    const v1::Interface::Status& status = interface.status();
    const Addresses& data = of_group[GroupName(status.group())];
    rendered_interfaces.push_back(
        {{"interface", name},
         {"mac_type", MacTypeName(status.mac_type())},
         {"hwaddr", status.hardware_address()},
         {"group", TextOrNull(status.group())},
         {"flags", Flags(status)},
         {"ipv4",
          status.has_ipv4() ? RenderSide(status.ipv4(), name, v1::FAMILY_IPV4, own, data) : Json()},
         {"ipv6", status.has_ipv6() ? RenderSide(status.ipv6(), name, v1::FAMILY_IPV6, own, data)
                                    : Json()}});
  }
  return Json{{"groups", rendered_groups}, {"interfaces", rendered_interfaces}};
}

void OmitWhatTheApiLacks(Json& state) {
  state.erase("time");
  for (const char* list : {"groups", "interfaces"}) {
    for (Json& object : state[list]) {
      for (const char* family : {"ipv4", "ipv6"}) {
        if (object[family].is_null()) continue;
        for (const char* field : {"pending", "hwaddr_length", "retry_in"})
          object[family].erase(field);
      }
    }
  }
}

}  // namespace netstackd::vectors
