#include "server/codec/api_operations.h"

#include <optional>
#include <string>
#include <vector>

#include "server/codec/api_names.h"
#include "server/codec/api_values.h"

namespace netstackd::codec {
namespace {

core::Labels LabelsOf(const v1::Meta& meta) {
  return core::Labels(meta.labels().begin(), meta.labels().end());
}

std::vector<std::string> Strings(const google::protobuf::RepeatedPtrField<std::string>& from) {
  return {from.begin(), from.end()};
}

std::optional<core::Announce> AnnounceOf(const v1::Group::Spec& spec) {
  if (!spec.has_announce()) return std::nullopt;
  const v1::Group::Announce& from = spec.announce();
  core::Announce to;
  if (from.has_count()) to.count = from.count();
  if (from.has_interval()) to.interval = FromProto(from.interval());
  if (from.has_refresh()) to.refresh = FromProto(from.refresh());
  return to;
}

core::FailureDetection DetectionOf(const v1::Group::FailureDetection& from) {
  core::FailureDetection to;
  if (from.has_link()) to.link = from.link();
  if (from.has_probe()) to.probe = from.probe();
  if (from.has_detection_time()) to.detection_time = FromProto(from.detection_time());
  to.targets = Strings(from.targets());
  return to;
}

core::GroupSpec SpecOf(const v1::Group::Spec& from) {
  core::GroupSpec to;
  to.interface_name = from.interface_name();
  to.ipv4 = from.ipv4();
  to.ipv6 = from.ipv6();
  if (from.has_failure_detection()) to.failure_detection = DetectionOf(from.failure_detection());
  if (from.has_failback()) to.failback = from.failback();
  if (from.has_failback_hold()) to.failback_hold = FromProto(from.failback_hold());
  to.announce = AnnounceOf(from);
  return to;
}

core::InterfaceSpec SpecOf(const v1::Interface::Spec& from) {
  core::InterfaceSpec to;
  to.device = from.device();
  to.ipv4 = from.ipv4();
  to.ipv6 = from.ipv6();
  if (from.has_up()) to.up = from.up();
  if (from.has_ipv4_up()) to.side_up[0] = from.ipv4_up();
  if (from.has_ipv6_up()) to.side_up[1] = from.ipv6_up();
  to.side_mtu = {from.ipv4_mtu(), from.ipv6_mtu()};
  return to;
}

core::ProbeResult ProbeOf(const v1::Probe& from) {
  core::ProbeResult to;
  to.sequence = static_cast<std::uint16_t>(from.sequence());
  to.target = *core::ParseIpAddress(from.target());
  to.start = FromProto(from.start_time());
  to.lost = from.lost();
  if (from.has_net_rtt()) to.net_rtt = FromProto(from.net_rtt());
  to.rtt = FromProto(from.rtt());
  if (from.has_end_time()) {
    to.end = FromProto(from.end_time());
  } else if (!from.lost()) {
    to.end = to.start + to.rtt;
  }
  return to;
}

core::ProbingReport ProbingOf(const v1::ProbeReport& from) {
  core::ProbingReport to;
  for (const v1::Probe& probe : from.probes()) to.probes.push_back(ProbeOf(probe));
  if (from.has_targets()) {
    core::TargetReport& targets = to.targets.emplace();
    targets.mode = from.targets().mode() == v1::TARGET_MODE_MULTICAST ? core::TargetMode::kMulticast
                                                                      : core::TargetMode::kRoutes;
    for (const std::string& ip : from.targets().addresses()) {
      targets.ips.push_back(*core::ParseIpAddress(ip));
    }
  }
  return to;
}

core::SideReport SideOf(const v1::SideReport& from) {
  core::SideReport to;
  if (from.has_mtu()) to.mtu = from.mtu();
  if (from.has_capabilities()) to.capabilities = FromProto(from.capabilities());
  if (from.usesrc() != v1::USESRC_ROLE_UNSPECIFIED) to.usesrc = FromProto(from.usesrc());
  if (from.has_probing()) to.probing = ProbingOf(from.probing());
  return to;
}

core::InterfaceFlags FlagsOf(const google::protobuf::RepeatedField<int>& from) {
  core::InterfaceFlags to;
  for (const int flag : from) {
    to.failed |= flag == v1::Interface::FLAG_FAILED;
    to.inactive |= flag == v1::Interface::FLAG_INACTIVE;
    to.offline |= flag == v1::Interface::FLAG_OFFLINE;
    to.standby |= flag == v1::Interface::FLAG_STANDBY;
  }
  return to;
}

}  // namespace

core::CreateGroup ToCreate(const v1::Group& group) {
  return {.spec = SpecOf(group.spec()), .labels = LabelsOf(group.meta())};
}

core::CreateInterface ToCreate(const v1::Interface& interface) {
  return {.spec = SpecOf(interface.spec()),
          .group = interface.spec().group(),
          .standby = interface.spec().standby(),
          .labels = LabelsOf(interface.meta())};
}

core::CreateAddress ToCreate(const v1::Address& address) {
  const v1::Address::Spec& spec = address.spec();
  core::CreateAddress to;
  to.prefix_length = ParseCidr(spec.cidr())->prefix_length;
  if (spec.has_up()) to.up = spec.up();
  to.test = spec.test();
  to.managed_by = FromProto(spec.managed_by());
  to.point_to_point = spec.point_to_point();
  to.labels = LabelsOf(address.meta());
  return to;
}

core::UpdateGroup ToUpdate(const v1::Group& group, const Mask& mask) {
  const core::GroupSpec spec = SpecOf(group.spec());
  core::UpdateGroup to;
  const auto put = [&mask](const char* leaf, auto& patch, const auto& value) {
    if (mask.Covers(leaf)) patch = value;
  };
  put("spec.interface_name", to.interface_name, spec.interface_name);
  put("spec.ipv4", to.ipv4, spec.ipv4);
  put("spec.ipv6", to.ipv6, spec.ipv6);
  if (mask.Covers("spec.failure_detection")) {
    to.failure_detection = std::optional(spec.failure_detection);
  } else {
    const core::FailureDetection& detection = spec.Detection();
    put("spec.failure_detection.link", to.detect_link, std::optional(detection.link));
    put("spec.failure_detection.probe", to.detect_probe, std::optional(detection.probe));
    put("spec.failure_detection.detection_time", to.detection_time,
        std::optional(detection.detection_time));
    put("spec.failure_detection.targets", to.targets, detection.targets);
  }
  put("spec.failback", to.failback, std::optional(spec.failback));
  put("spec.failback_hold", to.failback_hold, std::optional(spec.failback_hold));
  put("spec.announce", to.announce, std::optional(spec.announce));
  put("meta.labels", to.labels, LabelsOf(group.meta()));
  return to;
}

core::UpdateInterface ToUpdate(const v1::Interface& interface, const Mask& mask) {
  const core::InterfaceSpec spec = SpecOf(interface.spec());
  core::UpdateInterface to;
  const auto put = [&mask](const char* leaf, auto& patch, const auto& value) {
    if (mask.Covers(leaf)) patch = value;
  };
  put("spec.device", to.device, spec.device);
  put("spec.group", to.group, interface.spec().group());
  put("spec.standby", to.standby, interface.spec().standby());
  put("spec.ipv4", to.ipv4, spec.ipv4);
  put("spec.ipv6", to.ipv6, spec.ipv6);
  put("spec.up", to.up, std::optional(spec.up));
  put("spec.ipv4_up", to.side_up[0], std::optional(spec.side_up[0]));
  put("spec.ipv6_up", to.side_up[1], std::optional(spec.side_up[1]));
  put("spec.ipv4_mtu", to.side_mtu[0], spec.side_mtu[0]);
  put("spec.ipv6_mtu", to.side_mtu[1], spec.side_mtu[1]);
  put("meta.labels", to.labels, LabelsOf(interface.meta()));
  return to;
}

core::UpdateAddress ToUpdate(const v1::Address& address, const Mask& mask) {
  const v1::Address::Spec& spec = address.spec();
  core::UpdateAddress to;
  if (mask.Covers("spec.cidr")) to.prefix_length = ParseCidr(spec.cidr())->prefix_length;
  if (mask.Covers("spec.up")) {
    to.up.emplace(spec.has_up() ? std::optional(spec.up()) : std::nullopt);
  }
  if (mask.Covers("spec.test")) to.test = spec.test();
  if (mask.Covers("spec.managed_by")) to.managed_by = FromProto(spec.managed_by());
  if (mask.Covers("spec.point_to_point")) to.point_to_point = spec.point_to_point();
  if (mask.Covers("meta.labels")) to.labels = LabelsOf(address.meta());
  return to;
}

core::ReportInterface ToReport(const v1::InterfaceReport& report) {
  core::ReportInterface to;
  if (report.has_observe_time()) to.seen = FromProto(report.observe_time());
  if (report.mac_type() != v1::MAC_TYPE_UNSPECIFIED) to.mac_type = FromProto(report.mac_type());
  if (report.has_hardware_address()) {
    to.hardware_address = core::ParseHardwareAddress(report.hardware_address());
  }
  if (report.has_link_mtu()) to.link_mtu = report.link_mtu();
  if (report.has_is_virtual()) to.is_virtual = report.is_virtual();
  if (report.has_ipv4()) to.sides[0] = SideOf(report.ipv4());
  if (report.has_ipv6()) to.sides[1] = SideOf(report.ipv6());
  to.counters = FromProto(report.counters());
  for (const std::string& name : report.wide_counters()) {
    to.wide.push_back(*core::ParseCounter(name));
  }
  to.counters_gone = report.counters_gone();
  if (report.link() != v1::Interface::LINK_UNSPECIFIED) to.link = FromProto(report.link());
  for (const std::string& name : report.duplicate_addresses()) {
    to.duplicates.push_back(NameOf(name));
  }
  to.detector_set = FlagsOf(report.detector().set());
  to.detector_clear = FlagsOf(report.detector().clear());
  return to;
}

}  // namespace netstackd::codec
