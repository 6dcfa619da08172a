#include "server/codec/api_images.h"

#include "core/apply.h"
#include "core/command.h"
#include "core/health/constants.h"
#include "core/health/probing.h"
#include "core/queries.h"
#include "server/codec/api_names.h"
#include "server/codec/api_values.h"

namespace netstackd::codec {
namespace {

template <typename T>
void RenderMeta(const T& from, v1::Meta* to) {
  to->set_uid(std::to_string(from.uid.value()));
  to->set_etag(core::EtagOf(from));
  to->set_create_revision(from.meta.create_revision);
  to->set_update_revision(from.meta.update_revision);
  to->set_generation(from.meta.generation);
  *to->mutable_create_time() = ToProto(from.meta.create_time);
  *to->mutable_update_time() = ToProto(from.meta.update_time);
  for (const auto& [key, value] : *from.meta.labels) (*to->mutable_labels())[key] = value;
}

void RenderSpec(const core::GroupSpec& from, v1::Group::Spec* to) {
  to->set_interface_name(from.interface_name);
  to->set_ipv4(from.ipv4);
  to->set_ipv6(from.ipv6);
  if (from.failure_detection) {
    const core::FailureDetection& detection = *from.failure_detection;
    auto* out = to->mutable_failure_detection();
    if (detection.link) out->set_link(*detection.link);
    if (detection.probe) out->set_probe(*detection.probe);
    if (detection.detection_time) {
      *out->mutable_detection_time() = ToProto(*detection.detection_time);
    }
    for (const std::string& target : detection.targets) out->add_targets(target);
  }
  if (from.failback) to->set_failback(*from.failback);
  if (from.failback_hold) *to->mutable_failback_hold() = ToProto(*from.failback_hold);
  if (from.announce) {
    auto* out = to->mutable_announce();
    if (from.announce->count) out->set_count(*from.announce->count);
    if (from.announce->interval) *out->mutable_interval() = ToProto(*from.announce->interval);
    if (from.announce->refresh) *out->mutable_refresh() = ToProto(*from.announce->refresh);
  }
}

void RenderSpec(const core::Interface& from, const Names& names, v1::Interface::Spec* to) {
  const core::InterfaceSpec& spec = from.spec;
  to->set_device(spec.device);
  to->set_group(names.Of(from.group));
  to->set_standby(from.flags.standby);
  to->set_ipv4(spec.ipv4);
  to->set_ipv6(spec.ipv6);
  to->set_offline(from.flags.offline && !from.detection.duplicate_hardware);
  if (spec.up) to->set_up(*spec.up);
  if (spec.side_up[0]) to->set_ipv4_up(*spec.side_up[0]);
  if (spec.side_up[1]) to->set_ipv6_up(*spec.side_up[1]);
  to->set_ipv4_mtu(spec.side_mtu[0]);
  to->set_ipv6_mtu(spec.side_mtu[1]);
}

void RenderTarget(const core::ProbeTarget& from, v1::ProbeTarget* to) {
  to->set_address(core::ToString(from.ip));
  to->set_state(ToProto(from.state));
  if (from.scaled_average_ns == 0) return;
  *to->mutable_rtt_avg() = ToProto(absl::Nanoseconds(from.scaled_average_ns / 8));
  *to->mutable_rtt_dev() = ToProto(absl::Nanoseconds(from.scaled_deviation_ns / 4));
}

void RenderProbing(const core::Probing& from, v1::Probing* to) {
  // Without targets it looks for hosts that answer to multicast.
  to->set_mode(from.mode == core::TargetMode::kRoutes ? v1::TARGET_MODE_ROUTES
                                                      : v1::TARGET_MODE_MULTICAST);
  for (const bool active : {true, false}) {
    for (const core::ProbeTarget& target : from.targets) {
      const bool is_active = target.state == core::TargetState::kActive;
      if (is_active == active) RenderTarget(target, to->add_targets());
    }
  }
  to->set_consecutive_losses(static_cast<std::uint32_t>(core::health::LossesInARow(from)));
  to->set_consecutive_successes(static_cast<std::uint32_t>(core::health::SuccessesInARow(from)));
  if (from.last_success != absl::Time()) {
    *to->mutable_last_success_time() = ToProto(from.last_success);
  }
  if (from.quiet) {
    *to->mutable_quiet_until() = ToProto(from.appeared + core::health::QuietPeriod());
  }
}

void RenderSide(const core::Interface& from, core::Family family, v1::InterfaceSide* to) {
  const core::InterfaceSide& side = *from.sides[core::IndexOf(family)];
  const core::ObservedSide& observed = from.observed[core::IndexOf(family)];
  to->set_mtu(side.mtu);
  to->set_link_mtu(observed.mtu);
  to->set_forwarding(side.forwarding);
  to->set_auto_address_up(side.auto_address_up);
  to->set_member(side.joined != 0);
  to->set_active(side.activated != 0);
  to->set_routes_hidden(side.joined != 0);  // as long as it is a member
  to->set_usesrc(ToProto(side.usesrc));
  *to->mutable_capabilities() = ToProto(observed.capabilities);
  const auto& probing = from.detection.probing[core::IndexOf(family)];
  if (probing) {
    RenderProbing(*probing, to->mutable_probing());
  } else if (side.joined != 0) {
    to->mutable_probing()->set_mode(v1::TARGET_MODE_DISABLED);
  }
}

v1::Interface::Probe ApiProbeOf(const core::Interface& interface) {
  switch (core::health::ProbeStateOf(interface)) {
    case core::health::ProbeState::kOk:
      return v1::Interface::PROBE_OK;
    case core::health::ProbeState::kFailed:
      return v1::Interface::PROBE_FAILED;
    case core::health::ProbeState::kUnknown:
      return v1::Interface::PROBE_UNKNOWN;
    case core::health::ProbeState::kDisabled:
      break;
  }
  return v1::Interface::PROBE_DISABLED;
}

void RenderDetection(const core::Detection& from, v1::Interface::Status* to) {
  to->set_last_cause(ToProto(from.cause));
  to->set_flapping(from.repair_at.has_value());
  if (from.repair_at) *to->mutable_repair_time() = ToProto(*from.repair_at);
  if (from.failback_at) *to->mutable_failback_time() = ToProto(*from.failback_at);
  to->set_duplicate_hardware_address(from.duplicate_hardware);
  if (from.link_seen != absl::Time()) *to->mutable_link_time() = ToProto(from.link_seen);
}

v1::Interface::State ApiStateOf(const core::Interface& interface) {
  switch (core::StateOf(interface)) {
    case core::InterfaceState::kOk:
      return v1::Interface::STATE_OK;
    case core::InterfaceState::kFailed:
      return v1::Interface::STATE_FAILED;
    case core::InterfaceState::kOffline:
      return v1::Interface::STATE_OFFLINE;
    case core::InterfaceState::kUnknown:
      break;
  }
  return v1::Interface::STATE_UNKNOWN;
}

std::string Lookup(const std::map<std::uint64_t, std::string>& known, std::uint64_t uid) {
  const auto found = known.find(uid);
  return found == known.end() ? std::string() : found->second;
}

}  // namespace

void Names::Add(const std::vector<core::Delta>& deltas) {
  for (const core::Delta& delta : deltas) {
    if (const auto* group = std::get_if<core::Change<core::Group>>(&delta)) {
      Add(group->after ? *group->after : *group->before);
    } else if (const auto* interface = std::get_if<core::Change<core::Interface>>(&delta)) {
      Add(interface->after ? *interface->after : *interface->before);
    }
  }
}

std::string Names::Of(core::GroupUid uid) const {
  if (!uid) return {};
  if (std::string name = Lookup(known_, uid.value()); !name.empty()) return name;
  const core::Group* group = state_ == nullptr ? nullptr : state_->group(uid);
  return group == nullptr ? "uid-" + std::to_string(uid.value()) : group->name;
}

std::string Names::Of(core::InterfaceUid uid) const {
  if (!uid) return {};
  if (std::string name = Lookup(known_, uid.value()); !name.empty()) return name;
  const core::Interface* interface = state_ == nullptr ? nullptr : state_->interface(uid);
  return interface == nullptr ? "uid-" + std::to_string(uid.value()) : interface->name;
}

std::string FullName(const core::Group& group) {
  return core::ToString(core::Name{.group = group.name});
}

std::string FullName(const core::Interface& interface) {
  return core::ToString(core::Name{.interface = interface.name});
}

std::string FullName(const core::Address& address, const Names& names) {
  return core::ToString(core::Name{.group = names.Of(address.group),
                                   .interface = names.Of(address.interface),
                                   .address = address.ip});
}

void RenderImage(const core::Group& from, const Names& names, v1::Group* to) {
  to->set_name(FullName(from));
  RenderMeta(from, to->mutable_meta());
  RenderSpec(from.spec, to->mutable_spec());
  v1::Group::Status* status = to->mutable_status();
  status->set_interface_name(from.interface_name);
  if (from.mac_type) status->set_mac_type(ToProto(*from.mac_type));
  for (const core::Family family : core::kFamilies) {
    const auto& side = from.sides[core::IndexOf(family)];
    if (!side) continue;
    v1::GroupSide* out =
        family == core::Family::kIpv4 ? status->mutable_ipv4() : status->mutable_ipv6();
    out->set_mtu(side->mtu);
    out->set_forwarding(side->forwarding);
    out->set_cos(side->class_of_service);
    out->set_datalink_up(side->datalink_up);
    out->set_cast_interface(names.Of(side->cast));
    out->set_next_interface(names.Of(side->next));
    out->set_zero_address_up(side->zero_address_up);
  }
}

void RenderImage(const core::Interface& from, const Names& names, v1::Interface* to) {
  to->set_name(FullName(from));
  RenderMeta(from, to->mutable_meta());
  RenderSpec(from, names, to->mutable_spec());
  v1::Interface::Status* status = to->mutable_status();
  status->set_state(ApiStateOf(from));
  status->set_link(ToProto(from.link));
  status->set_probe(ApiProbeOf(from));
  status->set_active(core::IsActive(from));
  if (from.flags.failed) status->add_flags(v1::Interface::FLAG_FAILED);
  if (from.flags.inactive) status->add_flags(v1::Interface::FLAG_INACTIVE);
  if (from.flags.offline) status->add_flags(v1::Interface::FLAG_OFFLINE);
  if (from.flags.standby) status->add_flags(v1::Interface::FLAG_STANDBY);
  status->set_hardware_address(core::FormatHardwareAddress(from.hardware_address));
  status->set_mac_type(ToProto(from.mac_type));
  status->set_is_virtual(from.is_virtual);
  if (from.last_transition != absl::Time()) {
    *status->mutable_last_transition() = ToProto(from.last_transition);
  }
  status->set_group(names.Of(from.group));
  RenderDetection(from.detection, status);
  if (from.sides[0]) RenderSide(from, core::Family::kIpv4, status->mutable_ipv4());
  if (from.sides[1]) RenderSide(from, core::Family::kIpv6, status->mutable_ipv6());
}

void RenderImage(const core::Address& from, const Names& names, v1::Address* to) {
  to->set_name(FullName(from, names));
  RenderMeta(from, to->mutable_meta());
  v1::Address::Spec* spec = to->mutable_spec();
  spec->set_cidr(ToString(Cidr{from.ip, from.prefix_length}));
  if (from.asked_up) spec->set_up(*from.asked_up);
  spec->set_test(from.test);
  spec->set_managed_by(ToProto(from.managed_by));
  spec->set_point_to_point(from.point_to_point);
  v1::Address::Status* status = to->mutable_status();
  status->set_bound_interface(names.Of(from.bound));
  status->set_family(ToProto(from.ip.family));
  status->set_slot(from.slot);
  status->set_duplicate(from.duplicate);
  status->set_up(from.up);
  status->set_announced(from.announced);
  status->set_binding(static_cast<std::int64_t>(from.binding));
  if (from.placement.revision == 0) return;
  *status->mutable_placed_time() = ToProto(from.placement.since);
  status->set_placed_revision(from.placement.revision);
  status->set_placed_cause(ToProto(from.placement.cause));
  status->set_moves(from.placement.moves);
}

void RenderImage(const core::ArpEntry& from, v1::ArpEntry* to) {
  to->set_ip_address(core::ToString(from.ip));
  to->set_hardware_address(core::FormatHardwareAddress(from.hardware_address));
  to->set_proxy(from.proxy);
  to->set_notified(from.notified);
}

}  // namespace netstackd::codec
