#include "tests/vectors/render.h"

#include "core/queries.h"

namespace netstackd::vectors {
namespace {

using namespace netstackd::core;  // every name here is one of core's

Json NameOrNull(const State& state, InterfaceUid uid) {
  const Interface* interface = state.interface(uid);
  return interface == nullptr ? Json(nullptr) : Json(interface->name);
}

template <typename Container>
Json Names(const State& state, const Container& ordered) {
  Json names = Json::array();
  for (const auto& [order, uid] : ordered) names.push_back(NameOrNull(state, uid));
  return names;
}

Json RenderAddress(const State& state, const Address& address) {
  Json json = {{"slot", address.slot}, {"address", ToString(address.ip)}, {"up", address.up}};
  if (address.group) {
    json["bound_to"] = NameOrNull(state, address.bound);
    json["announced"] = address.announced;
  }
  if (address.duplicate) json["duplicate"] = true;
  if (address.test) json["test"] = true;
  if (address.point_to_point) json["point_to_point"] = true;
  if (address.managed_by != ManagedBy::kNobody)
    json["managed_by"] = address.managed_by == ManagedBy::kDhcp ? "dhcp" : "addrconf";
  return json;
}

Json RenderAddresses(const State& state, const SideIndex& side) {
  Json addresses = Json::array();
  for (const auto& [slot, uid] : side.by_slot) {
    addresses.push_back(RenderAddress(state, *state.address(uid)));
  }
  return addresses;
}

Json RenderArp(const State& state, const SideIndex& side) {
  Json entries = Json::array();
  for (auto at = side.arp.rbegin(); at != side.arp.rend(); ++at) {
    const ArpEntry& entry = *state.arp_entry(at->second);
    if (!entry.permanent) continue;
    entries.push_back({{"address", ToString(entry.ip)},
                       {"hwaddr", FormatHardwareAddress(entry.hardware_address)},
                       {"proxy", entry.proxy},
                       {"notified", entry.notified}});
  }
  return entries;
}

Json RenderSide(const State& state, const Group& group, Family family) {
  const auto& side = group.sides[IndexOf(family)];
  if (!side) return nullptr;
  const SideIndex& index = state.index().side(group.uid, family);
  Json json = {
      {"mtu", side->mtu},
      {"pending", index.pending},
      {"hwaddr_length", index.members.empty() ? 0 : HardwareAddressLength(*group.mac_type)},
      {"router", side->forwarding},
      {"cos", side->class_of_service},
      {"datalink_up", side->datalink_up},
      {"up_addresses", UpAddresses(state, group, family)},
      {"duplicate_addresses", index.duplicates},
      {"members", Names(state, index.members)},
      {"active", Names(state, index.active)},
      {"cast", NameOrNull(state, side->cast)},
      {"next", NameOrNull(state, side->next)},
      {"addresses", RenderAddresses(state, index)}};
  if (family == Family::kIpv4) {
    json["zero_address_up"] = side->zero_address_up;
    json["arp"] = RenderArp(state, index);
  }
  return json;
}

Json RenderSide(const State& state, const Interface& interface, Family family, absl::Time now) {
  const auto& side = interface.sides[IndexOf(family)];
  if (!side) return nullptr;
  const SideIndex& index = state.index().side(interface.uid, family);
  const Group* group = state.group(interface.group);
  Json bound = Json::array();
  for (auto at = index.bound.rbegin(); at != index.bound.rend(); ++at) {
    bound.push_back(ToString(state.address(at->second)->ip));
  }
  const bool cast = group != nullptr && group->sides[IndexOf(family)] &&
                    group->sides[IndexOf(family)]->cast == interface.uid;
  return {{"mtu", side->mtu},
          {"router", side->forwarding},
          {"up_addresses", UpAddresses(state, interface, family)},
          {"duplicate_addresses", index.duplicates},
          {"auto_address_up", side->auto_address_up},
          {"cast", cast},
          {"routes_hidden", side->joined != 0},
          {"retry_in", side->retry_at ? Json(absl::ToInt64Seconds(*side->retry_at - now)) : Json()},
          {"bound", bound},
          {"addresses", RenderAddresses(state, index)}};
}

Json RenderGroup(const State& state, const Group& group) {
  const bool link_up = LinkUp(state, group);
  return {{"group", group.name},
          {"group_interface", group.interface_name},
          {"link_up", link_up},
          {"failed", !link_up},
          {"mac_type", group.mac_type ? Json(NameOf(*group.mac_type)) : Json()},
          {"interface_count", state.index().interfaces_of(group.uid).size()},
          {"active_count", ActiveSides(state, group)},
          {"ipv4", RenderSide(state, group, Family::kIpv4)},
          {"ipv6", RenderSide(state, group, Family::kIpv6)}};
}

Json RenderInterface(const State& state, const Interface& interface, absl::Time now) {
  const Group* group = state.group(interface.group);
  Json flags = Json::array();
  if (interface.flags.failed) flags.push_back("failed");
  if (interface.flags.inactive) flags.push_back("inactive");
  if (interface.flags.offline) flags.push_back("offline");
  if (interface.flags.standby) flags.push_back("standby");
  return {{"interface", interface.name},
          {"mac_type", NameOf(interface.mac_type)},
          {"hwaddr", FormatHardwareAddress(interface.hardware_address)},
          {"group", group == nullptr ? Json() : Json(group->name)},
          {"flags", flags},
          {"ipv4", RenderSide(state, interface, Family::kIpv4, now)},
          {"ipv6", RenderSide(state, interface, Family::kIpv6, now)}};
}

// Which fields an event of a kind has.
struct Form {
  const char* name;
  bool family = false;
  bool address = false;  // null means "auto"
  bool hardware_address = false;
  const char* on = nullptr;
  const char* number = nullptr;
};

Form FormOf(EventKind kind) {
  switch (kind) {
    case EventKind::kAddressAnnounce:
      return {"address_announce", true, true, true, nullptr, nullptr};
    case EventKind::kAddressAnnounceFailed:
      return {"address_announce_failed", true, true, false, nullptr, nullptr};
    case EventKind::kAddressWithdraw:
      return {"address_withdraw", true, true, false, nullptr, nullptr};
    case EventKind::kAddressMoved:
      return {"address_moved", true, true, false, nullptr, "slot"};
    case EventKind::kResolverActivate:
      return {"resolver_activate", false, false, false, nullptr, nullptr};
    case EventKind::kResolverDeactivate:
      return {"resolver_deactivate", false, false, false, nullptr, nullptr};
    case EventKind::kArpAnnounce:
      return {"arp_announce", false, true, true, "proxy", nullptr};
    case EventKind::kArpWithdraw:
      return {"arp_withdraw", false, true, false, nullptr, nullptr};
    case EventKind::kMulticastJoin:
      return {"multicast_join", true, false, false, nullptr, nullptr};
    case EventKind::kMulticastLeave:
      return {"multicast_leave", true, false, false, nullptr, nullptr};
    case EventKind::kGroupLink:
      return {"group_link", false, false, false, "up", nullptr};
    case EventKind::kGroupMtu:
      return {"group_mtu", true, false, false, nullptr, "mtu"};
    case EventKind::kGroupDatalink:
      return {"group_datalink", true, false, false, "up", nullptr};
    case EventKind::kRetryScheduled:
      return {"retry_scheduled", true, false, false, nullptr, "seconds"};
    case EventKind::kRetryCancelled:
      return {"retry_cancelled", true, false, false, nullptr, nullptr};
    case EventKind::kRetryFired:
      return {"retry_fired", true, false, false, nullptr, nullptr};
    case EventKind::kRouteCacheFlush:
      return {"route_cache_flush", true, false, false, nullptr, nullptr};
    case EventKind::kRoutesHide:
      return {"routes_hide", true, false, false, nullptr, nullptr};
    case EventKind::kRoutesUnhide:
      return {"routes_unhide", true, false, false, nullptr, nullptr};
    case EventKind::kBroadcastRefresh:
      return {"broadcast_refresh", false, false, false, nullptr, nullptr};
    case EventKind::kMembershipsReset:
      return {"memberships_reset", true, false, false, nullptr, nullptr};
    case EventKind::kInterfaceShown:
      return {"interface_shown", true, false, false, nullptr, nullptr};
    case EventKind::kAddressShown:
      return {"address_shown", true, true, false, nullptr, nullptr};
    case EventKind::kInterfaceMulticastJoin:
      return {"interface_multicast_join", true, true, false, nullptr, nullptr};
    case EventKind::kInterfaceMulticastLeave:
      return {"interface_multicast_leave", true, true, false, nullptr, nullptr};
    case EventKind::kRouterChanged:
      return {"router_changed", true, false, false, "enabled", nullptr};
  }
  return {};
}

}  // namespace

Json RenderState(const core::State& state, absl::Time now) {
  Json groups = Json::array();
  for (const auto& [name, uid] : state.index().groups()) {
    groups.push_back(RenderGroup(state, *state.group(uid)));
  }
  Json interfaces = Json::array();
  for (const auto& [name, uid] : state.index().interfaces()) {
    interfaces.push_back(RenderInterface(state, *state.interface(uid), now));
  }
  return {{"time", absl::ToUnixSeconds(now)}, {"groups", groups}, {"interfaces", interfaces}};
}

Json RenderEvent(const core::Event& event) {
  const Form form = FormOf(event.kind);
  Json json = {{"event", form.name}};
  if (event.kind == EventKind::kRouteCacheFlush)
    json["scope"] = event.group != nullptr ? "group" : "interface";
  if (event.group != nullptr) json["group"] = *event.group;
  if (event.interface != nullptr) json["interface"] = *event.interface;
  if (form.family) json["family"] = NameOf(event.family);
  if (form.address) json["address"] = event.address ? ToString(*event.address) : "auto";
  if (form.hardware_address) json["hwaddr"] = FormatHardwareAddress(*event.hardware_address);
  if (form.on != nullptr) json[form.on] = event.on;
  if (form.number != nullptr) json[form.number] = event.number;
  if (event.kind == EventKind::kAddressAnnounce) json["mode"] = event.on ? "initial" : "rebind";
  if (event.all_hosts || event.solicited_node) {
    Json scopes = Json::array();
    if (event.all_hosts) scopes.push_back("all_hosts");
    if (event.solicited_node) scopes.push_back("solicited_node");
    json["scopes"] = scopes;
  }
  return json;
}

Json RenderStats(const core::Counters& counters, bool link_up) {
  Json json = {{"link_up", link_up}};
  for (std::size_t i = 0; i < kCounterCount; ++i) {
    const auto counter = static_cast<Counter>(i);
    const std::uint64_t value = Is64Bit(counter) ? counters[i] : counters[i] & 0xffffffffu;
    json[NameOf(counter)] = std::to_string(value);
  }
  return json;
}

}  // namespace netstackd::vectors
