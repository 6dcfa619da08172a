#include "server/codec/journal_image.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "base/status_macros.h"
#include "core/slots.h"
#include "server/codec/journal_detection.h"
#include "server/codec/journal_values.h"

namespace netstackd::codec {
namespace {

namespace pb = ::netstackd::journal::v1;
using journal_values::Corrupt;
using journal_values::EnumFromProto;
using journal_values::EnumRow;
using journal_values::EnumToProto;
using journal_values::FromBytes;
using journal_values::FromProto;
using journal_values::ToBytes;
using journal_values::ToProto;

// A value that has no row does not exist.
constexpr EnumRow<core::MacType, pb::MacType> kMacTypes[] = {
    {core::MacType::kEthernet, pb::MAC_TYPE_ETHERNET},
    {core::MacType::kWifi, pb::MAC_TYPE_WIFI},
    {core::MacType::kTokenRing, pb::MAC_TYPE_TOKEN_RING},
    {core::MacType::kFddi, pb::MAC_TYPE_FDDI},
    {core::MacType::kInfiniband, pb::MAC_TYPE_INFINIBAND},
};
constexpr EnumRow<core::LinkState, pb::LinkState> kLinkStates[] = {
    {core::LinkState::kUnknown, pb::LINK_STATE_UNKNOWN},
    {core::LinkState::kUp, pb::LINK_STATE_UP},
    {core::LinkState::kDown, pb::LINK_STATE_DOWN},
};
constexpr EnumRow<core::UsesrcRole, pb::UsesrcRole> kUsesrcRoles[] = {
    {core::UsesrcRole::kNone, pb::USESRC_ROLE_NONE},
    {core::UsesrcRole::kSource, pb::USESRC_ROLE_SOURCE},
    {core::UsesrcRole::kClient, pb::USESRC_ROLE_CLIENT},
};
constexpr EnumRow<core::ManagedBy, pb::ManagedBy> kManagers[] = {
    {core::ManagedBy::kNobody, pb::MANAGED_BY_NOBODY},
    {core::ManagedBy::kDhcp, pb::MANAGED_BY_DHCP},
    {core::ManagedBy::kAddrconf, pb::MANAGED_BY_ADDRCONF},
};
constexpr EnumRow<core::Counter, pb::Counter> kCounters[] = {
    {core::Counter::kOutBytes32, pb::COUNTER_OUT_BYTES32},
    {core::Counter::kOutBytes64, pb::COUNTER_OUT_BYTES64},
    {core::Counter::kInBytes32, pb::COUNTER_IN_BYTES32},
    {core::Counter::kInBytes64, pb::COUNTER_IN_BYTES64},
    {core::Counter::kOutPackets32, pb::COUNTER_OUT_PACKETS32},
    {core::Counter::kOutPackets64, pb::COUNTER_OUT_PACKETS64},
    {core::Counter::kOutErrors, pb::COUNTER_OUT_ERRORS},
    {core::Counter::kInPackets32, pb::COUNTER_IN_PACKETS32},
    {core::Counter::kInPackets64, pb::COUNTER_IN_PACKETS64},
    {core::Counter::kInErrors, pb::COUNTER_IN_ERRORS},
    {core::Counter::kMulticastIn, pb::COUNTER_MULTICAST_IN},
    {core::Counter::kMulticastOut, pb::COUNTER_MULTICAST_OUT},
    {core::Counter::kBroadcastIn, pb::COUNTER_BROADCAST_IN},
    {core::Counter::kBroadcastOut, pb::COUNTER_BROADCAST_OUT},
};
static_assert(std::size(kCounters) == core::kCounterCount);

void ToProto(const core::Counters& from, pb::Counters* to) {
  const auto at = [&from](core::Counter counter) {
    return from[static_cast<std::size_t>(counter)];
  };
  to->set_out_bytes32(at(core::Counter::kOutBytes32));
  to->set_out_bytes64(at(core::Counter::kOutBytes64));
  to->set_in_bytes32(at(core::Counter::kInBytes32));
  to->set_in_bytes64(at(core::Counter::kInBytes64));
  to->set_out_packets32(at(core::Counter::kOutPackets32));
  to->set_out_packets64(at(core::Counter::kOutPackets64));
  to->set_out_errors(at(core::Counter::kOutErrors));
  to->set_in_packets32(at(core::Counter::kInPackets32));
  to->set_in_packets64(at(core::Counter::kInPackets64));
  to->set_in_errors(at(core::Counter::kInErrors));
  to->set_multicast_in(at(core::Counter::kMulticastIn));
  to->set_multicast_out(at(core::Counter::kMulticastOut));
  to->set_broadcast_in(at(core::Counter::kBroadcastIn));
  to->set_broadcast_out(at(core::Counter::kBroadcastOut));
}

core::Counters FromProto(const pb::Counters& from) {
  core::Counters to{};
  const auto set = [&to](core::Counter counter, std::uint64_t value) {
    to[static_cast<std::size_t>(counter)] = value;
  };
  set(core::Counter::kOutBytes32, from.out_bytes32());
  set(core::Counter::kOutBytes64, from.out_bytes64());
  set(core::Counter::kInBytes32, from.in_bytes32());
  set(core::Counter::kInBytes64, from.in_bytes64());
  set(core::Counter::kOutPackets32, from.out_packets32());
  set(core::Counter::kOutPackets64, from.out_packets64());
  set(core::Counter::kOutErrors, from.out_errors());
  set(core::Counter::kInPackets32, from.in_packets32());
  set(core::Counter::kInPackets64, from.in_packets64());
  set(core::Counter::kInErrors, from.in_errors());
  set(core::Counter::kMulticastIn, from.multicast_in());
  set(core::Counter::kMulticastOut, from.multicast_out());
  set(core::Counter::kBroadcastIn, from.broadcast_in());
  set(core::Counter::kBroadcastOut, from.broadcast_out());
  return to;
}

// ---- Parts ----

void ToProto(const core::Meta& from, pb::Meta* to) {
  to->set_create_revision(from.create_revision);
  to->set_update_revision(from.update_revision);
  to->set_generation(from.generation);
  ToProto(from.create_time, to->mutable_create_time());
  ToProto(from.update_time, to->mutable_update_time());
  for (const auto& label : *from.labels) {
    pb::Label* added = to->add_labels();
    added->set_key(label.first);
    added->set_value(label.second);
  }
}

absl::Status FromProto(const pb::Meta& from, core::Meta* to) {
  to->create_revision = from.create_revision();
  to->update_revision = from.update_revision();
  to->generation = from.generation();
  to->create_time = FromProto(from.create_time());
  to->update_time = FromProto(from.update_time());
  for (const pb::Label& label : from.labels()) {
    if (!to->labels.Mutable().emplace(label.key(), label.value()).second)
      return Corrupt("meta.labels");
  }
  return absl::OkStatus();
}

void ToProto(const core::FailureDetection& from, pb::FailureDetection* to) {
  if (from.link) to->set_link(*from.link);
  if (from.probe) to->set_probe(*from.probe);
  if (from.detection_time) ToProto(*from.detection_time, to->mutable_detection_time());
  for (const std::string& target : from.targets) to->add_targets(target);
}

void FromProto(const pb::FailureDetection& from, core::FailureDetection* to) {
  if (from.has_link()) to->link = from.link();
  if (from.has_probe()) to->probe = from.probe();
  if (from.has_detection_time()) to->detection_time = FromProto(from.detection_time());
  to->targets.assign(from.targets().begin(), from.targets().end());
}

void ToProto(const core::Announce& from, pb::Announce* to) {
  if (from.count) to->set_count(*from.count);
  if (from.interval) ToProto(*from.interval, to->mutable_interval());
  if (from.refresh) ToProto(*from.refresh, to->mutable_refresh());
}

core::Announce FromProto(const pb::Announce& from) {
  core::Announce to;
  if (from.has_count()) to.count = from.count();
  if (from.has_interval()) to.interval = FromProto(from.interval());
  if (from.has_refresh()) to.refresh = FromProto(from.refresh());
  return to;
}

void ToProto(const core::GroupSpec& from, pb::GroupSpec* to) {
  to->set_interface_name(from.interface_name);
  to->set_ipv4(from.ipv4);
  to->set_ipv6(from.ipv6);
  if (from.failure_detection) {
    ToProto(*from.failure_detection, to->mutable_failure_detection());
  }
  if (from.failback) to->set_failback(*from.failback);
  if (from.failback_hold) ToProto(*from.failback_hold, to->mutable_failback_hold());
  if (from.announce) ToProto(*from.announce, to->mutable_announce());
}

void FromProto(const pb::GroupSpec& from, core::GroupSpec* to) {
  to->interface_name = from.interface_name();
  to->ipv4 = from.ipv4();
  to->ipv6 = from.ipv6();
  if (from.has_failure_detection()) {
    FromProto(from.failure_detection(), &to->failure_detection.emplace());
  }
  if (from.has_failback()) to->failback = from.failback();
  if (from.has_failback_hold()) to->failback_hold = FromProto(from.failback_hold());
  if (from.has_announce()) to->announce = FromProto(from.announce());
}

void ToProto(const core::GroupSide& from, pb::GroupSide* to) {
  to->set_mtu(from.mtu);
  to->set_forwarding(from.forwarding);
  to->set_class_of_service(from.class_of_service);
  to->set_datalink_up(from.datalink_up);
  to->set_zero_address_up(from.zero_address_up);
  to->set_cast(from.cast.value());
  to->set_next(from.next.value());
}

core::GroupSide FromProto(const pb::GroupSide& from) {
  core::GroupSide to;
  to.mtu = from.mtu();
  to.forwarding = from.forwarding();
  to.class_of_service = from.class_of_service();
  to.datalink_up = from.datalink_up();
  to.zero_address_up = from.zero_address_up();
  to.cast = core::InterfaceUid(from.cast());
  to.next = core::InterfaceUid(from.next());
  return to;
}

void ToProto(const core::InterfaceSpec& from, pb::InterfaceSpec* to) {
  to->set_device(from.device);
  to->set_ipv4(from.ipv4);
  to->set_ipv6(from.ipv6);
  if (from.up) to->set_up(*from.up);
  if (from.side_up[0]) to->set_ipv4_up(*from.side_up[0]);
  if (from.side_up[1]) to->set_ipv6_up(*from.side_up[1]);
  to->set_ipv4_mtu(from.side_mtu[0]);
  to->set_ipv6_mtu(from.side_mtu[1]);
}

void FromProto(const pb::InterfaceSpec& from, core::InterfaceSpec* to) {
  to->device = from.device();
  to->ipv4 = from.ipv4();
  to->ipv6 = from.ipv6();
  if (from.has_up()) to->up = from.up();
  if (from.has_ipv4_up()) to->side_up[0] = from.ipv4_up();
  if (from.has_ipv6_up()) to->side_up[1] = from.ipv6_up();
  to->side_mtu = {from.ipv4_mtu(), from.ipv6_mtu()};
}

void ToProto(const core::ObservedSide& from, pb::ObservedSide* to) {
  to->set_mtu(from.mtu);
  to->set_multicast(from.capabilities.multicast);
  to->set_no_arp(from.capabilities.no_arp);
  to->set_no_nud(from.capabilities.no_nud);
  to->set_external_resolver(from.capabilities.external_resolver);
  to->set_class_of_service(from.capabilities.class_of_service);
}

core::ObservedSide FromProto(const pb::ObservedSide& from) {
  core::ObservedSide to;
  to.mtu = from.mtu();
  to.capabilities.multicast = from.multicast();
  to.capabilities.no_arp = from.no_arp();
  to.capabilities.no_nud = from.no_nud();
  to.capabilities.external_resolver = from.external_resolver();
  to.capabilities.class_of_service = from.class_of_service();
  return to;
}

void ToProto(const core::InterfaceSide& from, pb::InterfaceSide* to) {
  to->set_mtu(from.mtu);
  to->set_forwarding(from.forwarding);
  to->set_auto_address_up(from.auto_address_up);
  to->set_usesrc(EnumToProto(kUsesrcRoles, from.usesrc));
  to->set_pending(from.pending);
  to->set_joined(from.joined);
  to->set_activated(from.activated);
  if (from.retry_at) ToProto(*from.retry_at, to->mutable_retry_at());
  to->set_retry_order(from.retry_order);
}

absl::Status FromProto(const pb::InterfaceSide& from, std::optional<core::InterfaceSide>* to) {
  core::InterfaceSide& side = to->emplace();
  side.mtu = from.mtu();
  side.forwarding = from.forwarding();
  side.auto_address_up = from.auto_address_up();
  NSD_RETURN_IF_ERROR(EnumFromProto(kUsesrcRoles, from.usesrc(), "side.usesrc", &side.usesrc));
  side.pending = from.pending();
  side.joined = from.joined();
  side.activated = from.activated();
  if (from.has_retry_at()) side.retry_at = FromProto(from.retry_at());
  side.retry_order = from.retry_order();
  return absl::OkStatus();
}

void ToProto(const core::InterfaceFlags& from, pb::InterfaceFlags* to) {
  to->set_failed(from.failed);
  to->set_inactive(from.inactive);
  to->set_offline(from.offline);
  to->set_standby(from.standby);
}

core::InterfaceFlags FromProto(const pb::InterfaceFlags& from) {
  core::InterfaceFlags to;
  to.failed = from.failed();
  to.inactive = from.inactive();
  to.offline = from.offline();
  to.standby = from.standby();
  return to;
}

template <typename Uid>
absl::Status UidFromProto(std::uint64_t from, Uid* to) {
  if (from == 0) return Corrupt("uid");
  *to = Uid(from);
  return absl::OkStatus();
}

}  // namespace

void ToProto(const core::Group& from, pb::Group* to) {
  to->set_uid(from.uid.value());
  to->set_zone(from.zone.value());
  to->set_name(from.name);
  to->set_interface_name(from.interface_name);
  ToProto(from.meta, to->mutable_meta());
  ToProto(from.spec, to->mutable_spec());
  if (from.mac_type) to->set_mac_type(EnumToProto(kMacTypes, *from.mac_type));
  if (from.baseline != core::Counters{}) ToProto(from.baseline, to->mutable_baseline());
  if (from.sides[0]) ToProto(*from.sides[0], to->mutable_ipv4_side());
  if (from.sides[1]) ToProto(*from.sides[1], to->mutable_ipv6_side());
  if (from.detection != core::GroupDetection{}) {
    ToProto(from.detection, to->mutable_detection());
  }
}

absl::Status FromProto(const pb::Group& from, core::Group* to) {
  NSD_RETURN_IF_ERROR(UidFromProto(from.uid(), &to->uid));
  to->zone = core::ZoneUid(from.zone());
  to->name = from.name();
  to->interface_name = from.interface_name();
  NSD_RETURN_IF_ERROR(FromProto(from.meta(), &to->meta));
  FromProto(from.spec(), &to->spec);
  if (from.has_mac_type()) {
    NSD_RETURN_IF_ERROR(
        EnumFromProto(kMacTypes, from.mac_type(), "mac_type", &to->mac_type.emplace()));
  }
  to->baseline = FromProto(from.baseline());
  if (from.has_ipv4_side()) to->sides[0] = FromProto(from.ipv4_side());
  if (from.has_ipv6_side()) to->sides[1] = FromProto(from.ipv6_side());
  FromProto(from.detection(), &to->detection);
  return absl::OkStatus();
}

void ToProto(const core::Interface& from, pb::Interface* to) {
  to->set_uid(from.uid.value());
  to->set_zone(from.zone.value());
  to->set_name(from.name);
  ToProto(from.meta, to->mutable_meta());
  ToProto(from.spec, to->mutable_spec());
  to->set_group(from.group.value());
  ToProto(from.flags, to->mutable_flags());
  to->set_mac_type(EnumToProto(kMacTypes, from.mac_type));
  to->set_hardware_address(from.hardware_address);
  to->set_is_virtual(from.is_virtual);
  to->set_link(EnumToProto(kLinkStates, from.link));
  ToProto(from.observed[0], to->mutable_ipv4_observed());
  ToProto(from.observed[1], to->mutable_ipv6_observed());
  if (from.counters) ToProto(*from.counters, to->mutable_counters());
  for (const auto& row : kCounters) {
    const unsigned bit = 1u << static_cast<unsigned>(row.core);
    if ((from.wide_counters & bit) != 0) to->add_wide_counters(row.proto);
  }
  if (from.counted != core::Counters{}) ToProto(from.counted, to->mutable_counted());
  ToProto(from.last_transition, to->mutable_last_transition());
  if (from.sides[0]) ToProto(*from.sides[0], to->mutable_ipv4_side());
  if (from.sides[1]) ToProto(*from.sides[1], to->mutable_ipv6_side());
  if (from.detection != core::Detection{}) ToProto(from.detection, to->mutable_detection());
}

absl::Status FromProto(const pb::Interface& from, core::Interface* to) {
  NSD_RETURN_IF_ERROR(UidFromProto(from.uid(), &to->uid));
  to->zone = core::ZoneUid(from.zone());
  to->name = from.name();
  NSD_RETURN_IF_ERROR(FromProto(from.meta(), &to->meta));
  FromProto(from.spec(), &to->spec);
  to->group = core::GroupUid(from.group());
  to->flags = FromProto(from.flags());
  NSD_RETURN_IF_ERROR(EnumFromProto(kMacTypes, from.mac_type(), "mac_type", &to->mac_type));
  to->hardware_address = from.hardware_address();
  to->is_virtual = from.is_virtual();
  NSD_RETURN_IF_ERROR(EnumFromProto(kLinkStates, from.link(), "link", &to->link));
  to->observed = {FromProto(from.ipv4_observed()), FromProto(from.ipv6_observed())};
  if (from.has_counters()) to->counters = FromProto(from.counters());
  for (const int value : from.wide_counters()) {
    core::Counter counter{};
    NSD_RETURN_IF_ERROR(
        EnumFromProto(kCounters, static_cast<pb::Counter>(value), "wide_counters", &counter));
    to->wide_counters =
        static_cast<std::uint16_t>(to->wide_counters | (1u << static_cast<unsigned>(counter)));
  }
  to->counted = FromProto(from.counted());
  to->last_transition = FromProto(from.last_transition());
  if (from.has_ipv4_side()) NSD_RETURN_IF_ERROR(FromProto(from.ipv4_side(), &to->sides[0]));
  if (from.has_ipv6_side()) NSD_RETURN_IF_ERROR(FromProto(from.ipv6_side(), &to->sides[1]));
  if (from.has_detection()) NSD_RETURN_IF_ERROR(FromProto(from.detection(), &to->detection));
  return absl::OkStatus();
}

void ToProto(const core::Address& from, pb::Address* to) {
  to->set_uid(from.uid.value());
  to->set_group(from.group.value());
  to->set_interface(from.interface.value());
  ToProto(from.meta, to->mutable_meta());
  to->set_ip(ToBytes(from.ip));
  to->set_prefix_length(from.prefix_length);
  if (from.asked_up) to->set_asked_up(*from.asked_up);
  to->set_test(from.test);
  to->set_managed_by(EnumToProto(kManagers, from.managed_by));
  to->set_point_to_point(from.point_to_point);
  to->set_slot(from.slot);
  to->set_up(from.up);
  to->set_duplicate(from.duplicate);
  to->set_bound(from.bound.value());
  to->set_binding(from.binding);
  to->set_announced(from.announced);
  to->set_announce_initial(from.announce_initial);
  if (from.placement != core::Placement{}) ToProto(from.placement, to->mutable_placement());
}

absl::Status FromProto(const pb::Address& from, core::Address* to) {
  NSD_RETURN_IF_ERROR(UidFromProto(from.uid(), &to->uid));
  to->group = core::GroupUid(from.group());
  to->interface = core::InterfaceUid(from.interface());
  NSD_RETURN_IF_ERROR(FromProto(from.meta(), &to->meta));
  NSD_RETURN_IF_ERROR(FromBytes(from.ip(), &to->ip));
  if (from.prefix_length() > core::MaxPrefixLength(to->ip.family)) return Corrupt("prefix_length");
  to->prefix_length = static_cast<std::uint8_t>(from.prefix_length());
  if (from.has_asked_up()) to->asked_up = from.asked_up();
  to->test = from.test();
  NSD_RETURN_IF_ERROR(EnumFromProto(kManagers, from.managed_by(), "managed_by", &to->managed_by));
  to->point_to_point = from.point_to_point();
  if (from.slot() >= core::kSlotLimit) return Corrupt("slot");
  to->slot = from.slot();
  to->up = from.up();
  to->duplicate = from.duplicate();
  to->bound = core::InterfaceUid(from.bound());
  to->binding = from.binding();
  to->announced = from.announced();
  to->announce_initial = from.announce_initial();
  if (from.has_placement()) NSD_RETURN_IF_ERROR(FromProto(from.placement(), &to->placement));
  return absl::OkStatus();
}

void ToProto(const core::ArpEntry& from, pb::ArpEntry* to) {
  to->set_uid(from.uid.value());
  to->set_group(from.group.value());
  ToProto(from.meta, to->mutable_meta());
  to->set_ip(ToBytes(from.ip));
  to->set_hardware_address(from.hardware_address);
  to->set_proxy(from.proxy);
  to->set_notified(from.notified);
  to->set_order(from.order);
  to->set_permanent(from.permanent);
}

absl::Status FromProto(const pb::ArpEntry& from, core::ArpEntry* to) {
  NSD_RETURN_IF_ERROR(UidFromProto(from.uid(), &to->uid));
  to->group = core::GroupUid(from.group());
  NSD_RETURN_IF_ERROR(FromProto(from.meta(), &to->meta));
  NSD_RETURN_IF_ERROR(FromBytes(from.ip(), &to->ip));
  to->hardware_address = from.hardware_address();
  to->proxy = from.proxy();
  to->notified = from.notified();
  to->order = from.order();
  to->permanent = from.permanent();
  return absl::OkStatus();
}

}  // namespace netstackd::codec
