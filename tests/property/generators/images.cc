#include "tests/property/generators/images.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/slots.h"

namespace netstackd::generators {
namespace {

template <typename Uid>
Uid AnyUid() {
  return Uid(*rc::gen::arbitrary<std::uint64_t>());
}

template <typename Uid>
Uid RealUid() {
  return Uid(*rc::gen::nonZero<std::uint64_t>());
}

bool AnyBool() { return *rc::gen::arbitrary<bool>(); }
std::string AnyText() { return *rc::gen::arbitrary<std::string>(); }
std::uint32_t AnyMtu() { return *rc::gen::arbitrary<std::uint32_t>(); }

template <typename Make>
auto Maybe(Make make) -> std::optional<decltype(make())> {
  if (!AnyBool()) return std::nullopt;
  return make();
}

absl::Time AnyTime() { return absl::FromUnixNanos(*rc::gen::arbitrary<std::int64_t>()); }
absl::Duration AnyDuration() { return absl::Nanoseconds(*rc::gen::arbitrary<std::int64_t>()); }

template <typename Enum>
Enum AnyOf(std::uint8_t count) {
  return static_cast<Enum>(*rc::gen::inRange<std::uint8_t>(0, count));
}

core::Counters AnyCounters() {
  core::Counters counters{};
  for (std::uint64_t& counter : counters) counter = *rc::gen::arbitrary<std::uint64_t>();
  return counters;
}

core::IpAddress AnyIp() {
  core::IpAddress ip;
  auto& [family, bytes] = ip;
  family = AnyOf<core::Family>(2);
  const std::size_t size = family == core::Family::kIpv4 ? 4 : 16;
  for (std::size_t i = 0; i < size; ++i) bytes[i] = *rc::gen::arbitrary<std::uint8_t>();
  return ip;
}

core::Meta AnyMeta() {
  core::Meta meta;
  auto& [create_revision, update_revision, generation, create_time, update_time, labels] = meta;
  create_revision = *rc::gen::arbitrary<std::int64_t>();
  update_revision = *rc::gen::arbitrary<std::int64_t>();
  generation = *rc::gen::arbitrary<std::int64_t>();
  create_time = AnyTime();
  update_time = AnyTime();
  const int count = *rc::gen::inRange(0, 4);
  for (int i = 0; i < count; ++i) labels.Mutable()[AnyText()] = AnyText();
  return meta;
}

core::FailureDetection AnyFailureDetection() {
  core::FailureDetection detection;
  auto& [link, probe, detection_time, targets] = detection;
  link = Maybe(AnyBool);
  probe = Maybe(AnyBool);
  detection_time = Maybe(AnyDuration);
  const int count = *rc::gen::inRange(0, 4);
  for (int i = 0; i < count; ++i) targets.push_back(AnyText());
  return detection;
}

core::Announce AnyAnnounce() {
  core::Announce announce;
  auto& [count, interval, refresh] = announce;
  count = Maybe([] { return *rc::gen::arbitrary<std::int32_t>(); });
  interval = Maybe(AnyDuration);
  refresh = Maybe(AnyDuration);
  return announce;
}

core::GroupSpec AnyGroupSpec() {
  core::GroupSpec spec;
  auto& [interface_name, ipv4, ipv6, failure_detection, failback, failback_hold, announce] = spec;
  interface_name = AnyText();
  ipv4 = AnyBool();
  ipv6 = AnyBool();
  failure_detection = Maybe(AnyFailureDetection);
  failback = Maybe(AnyBool);
  failback_hold = Maybe(AnyDuration);
  announce = Maybe(AnyAnnounce);
  return spec;
}

core::GroupSide AnyGroupSide() {
  core::GroupSide side;
  auto& [mtu, forwarding, class_of_service, datalink_up, zero_address_up, cast, next] = side;
  mtu = AnyMtu();
  forwarding = AnyBool();
  class_of_service = AnyBool();
  datalink_up = AnyBool();
  zero_address_up = AnyBool();
  cast = AnyUid<core::InterfaceUid>();
  next = AnyUid<core::InterfaceUid>();
  return side;
}

core::InterfaceSpec AnyInterfaceSpec() {
  core::InterfaceSpec spec;
  auto& [device, ipv4, ipv6, up, side_up, side_mtu] = spec;
  device = AnyText();
  ipv4 = AnyBool();
  ipv6 = AnyBool();
  up = Maybe(AnyBool);
  side_up = {Maybe(AnyBool), Maybe(AnyBool)};
  side_mtu = {AnyMtu(), AnyMtu()};
  return spec;
}

core::ObservedSide AnyObservedSide() {
  core::ObservedSide side;
  auto& [mtu, capabilities] = side;
  mtu = AnyMtu();
  auto& [multicast, no_arp, no_nud, external_resolver, class_of_service] = capabilities;
  multicast = AnyBool();
  no_arp = AnyBool();
  no_nud = AnyBool();
  external_resolver = AnyBool();
  class_of_service = AnyBool();
  return side;
}

core::InterfaceSide AnyInterfaceSide() {
  core::InterfaceSide side;
  auto& [mtu, forwarding, auto_address_up, usesrc, pending, joined, activated, retry_at,
         retry_order] = side;
  mtu = AnyMtu();
  forwarding = AnyBool();
  auto_address_up = AnyBool();
  usesrc = AnyOf<core::UsesrcRole>(3);
  pending = AnyBool();
  joined = *rc::gen::arbitrary<core::Order>();
  activated = *rc::gen::arbitrary<core::Order>();
  retry_at = Maybe(AnyTime);
  retry_order = *rc::gen::arbitrary<core::Order>();
  return side;
}

core::InterfaceFlags AnyFlags() {
  core::InterfaceFlags flags;
  auto& [failed, inactive, offline, standby] = flags;
  failed = AnyBool();
  inactive = AnyBool();
  offline = AnyBool();
  standby = AnyBool();
  return flags;
}

// Also the time that stands for "never".
absl::Time AnyTimeOrNone() { return AnyBool() ? absl::Time() : AnyTime(); }

core::ProbeTarget AnyTarget() {
  core::ProbeTarget target;
  auto& [ip, tag, state, state_since, average, deviation, held, newest_answer] = target;
  ip = AnyIp();
  tag = *rc::gen::arbitrary<std::uint8_t>();
  state = AnyOf<core::TargetState>(4);
  state_since = AnyTimeOrNone();
  average = *rc::gen::arbitrary<std::int64_t>();
  deviation = *rc::gen::arbitrary<std::int64_t>();
  held = Maybe([] { return *rc::gen::arbitrary<std::int64_t>(); });
  newest_answer = AnyTimeOrNone();
  return target;
}

core::ProbeResult AnyProbe() {
  core::ProbeResult probe;
  auto& [sequence, target, start, end, lost, net_rtt, rtt, average, deviation] = probe;
  sequence = *rc::gen::arbitrary<std::uint16_t>();
  target = AnyIp();
  start = AnyTimeOrNone();
  end = AnyTimeOrNone();
  lost = AnyBool();
  net_rtt = Maybe(AnyDuration);
  rtt = AnyDuration();
  average = *rc::gen::arbitrary<std::int64_t>();
  deviation = *rc::gen::arbitrary<std::int64_t>();
  return probe;
}

core::RecentProbe AnyRecent() {
  core::RecentProbe probe;
  auto& [sequence, tag, lost, end] = probe;
  sequence = *rc::gen::arbitrary<std::uint16_t>();
  tag = *rc::gen::arbitrary<std::uint8_t>();
  lost = AnyBool();
  end = AnyTimeOrNone();
  return probe;
}

template <typename Make>
auto Several(Make make) -> std::vector<decltype(make())> {
  std::vector<decltype(make())> several;
  const int count = *rc::gen::inRange(0, 3);
  for (int i = 0; i < count; ++i) several.push_back(make());
  return several;
}

core::Probing AnyProbing() {
  core::Probing probing;
  auto& [test, mode, targets, appeared, quiet, recent, newest_start, last_success, newest] =
      probing;
  test = AnyUid<core::AddressUid>();
  mode = AnyOf<core::TargetMode>(3);
  targets = Several(AnyTarget);
  appeared = AnyTimeOrNone();
  quiet = AnyBool();
  recent = Several(AnyRecent);
  newest_start = AnyTimeOrNone();
  last_success = AnyTimeOrNone();
  newest = Several(AnyProbe);
  return probing;
}

core::Detection AnyDetection() {
  core::Detection detection;
  auto& [link_seen, link_known, link_ups, repair_at, failback_at, duplicate_hardware, failure,
         cause, cause_seen, cause_subject, probing] = detection;
  link_seen = AnyTimeOrNone();
  link_known = AnyTimeOrNone();
  link_ups = {AnyTimeOrNone(), AnyTimeOrNone()};
  repair_at = Maybe(AnyTimeOrNone);
  failback_at = Maybe(AnyTimeOrNone);
  duplicate_hardware = AnyBool();
  failure = AnyOf<core::Cause>(12);
  cause = AnyOf<core::Cause>(12);
  cause_seen = AnyTimeOrNone();
  cause_subject = AnyUid<core::InterfaceUid>();
  probing = {Maybe(AnyProbing), Maybe(AnyProbing)};
  return detection;
}

core::GroupDetection AnyGroupDetection() {
  core::GroupDetection detection;
  auto& [detection_time, raised] = detection;
  detection_time = AnyDuration();
  raised = AnyTimeOrNone();
  return detection;
}

core::Placement AnyPlacement() {
  core::Placement placement;
  auto& [from, subject, cause, moves, seen, since, revision] = placement;
  from = AnyUid<core::InterfaceUid>();
  subject = AnyUid<core::InterfaceUid>();
  cause = AnyOf<core::Cause>(12);
  moves = *rc::gen::arbitrary<std::uint32_t>();
  seen = AnyTimeOrNone();
  since = AnyTimeOrNone();
  revision = *rc::gen::arbitrary<std::int64_t>();
  return placement;
}

template <typename T>
rc::Gen<core::Delta> DeltaOf(rc::Gen<T> images) {
  return rc::gen::exec([images] {
    const int shape = *rc::gen::inRange(0, 3);
    auto before = std::make_shared<T>(*images);
    auto after = std::make_shared<T>(*images);
    after->uid = before->uid;
    core::Change<T> change;
    if (shape != 0) change.before = std::move(before);
    if (shape != 1) change.after = std::move(after);
    return core::Delta(std::move(change));
  });
}

}  // namespace

rc::Gen<core::Group> AnyGroup() {
  return rc::gen::exec([] {
    core::Group group;
    auto& [uid, zone, name, interface_name, meta, spec, mac_type, baseline, detection, sides] =
        group;
    uid = RealUid<core::GroupUid>();
    zone = AnyUid<core::ZoneUid>();
    name = AnyText();
    interface_name = AnyText();
    meta = AnyMeta();
    spec = AnyGroupSpec();
    mac_type = Maybe([] { return AnyOf<core::MacType>(5); });
    baseline = Maybe(AnyCounters).value_or(core::Counters{});
    detection = Maybe(AnyGroupDetection).value_or(core::GroupDetection{});
    sides = {Maybe(AnyGroupSide), Maybe(AnyGroupSide)};
    return group;
  });
}

rc::Gen<core::Interface> AnyInterface() {
  return rc::gen::exec([] {
    core::Interface interface;
    auto& [uid, zone, name, meta, spec, group, flags, mac_type, hardware_address, is_virtual, link,
           observed, counters, wide_counters, counted, last_transition, detection, sides] =
        interface;
    uid = RealUid<core::InterfaceUid>();
    zone = AnyUid<core::ZoneUid>();
    name = AnyText();
    meta = AnyMeta();
    spec = AnyInterfaceSpec();
    group = AnyUid<core::GroupUid>();
    flags = AnyFlags();
    mac_type = AnyOf<core::MacType>(5);
    hardware_address = AnyText();
    is_virtual = AnyBool();
    link = AnyOf<core::LinkState>(3);
    observed = {AnyObservedSide(), AnyObservedSide()};
    counters = Maybe(AnyCounters);
    wide_counters = *rc::gen::inRange<std::uint16_t>(0, 1u << core::kCounterCount);
    counted = Maybe(AnyCounters).value_or(core::Counters{});
    last_transition = AnyTime();
    detection = Maybe(AnyDetection).value_or(core::Detection{});
    sides = {Maybe(AnyInterfaceSide), Maybe(AnyInterfaceSide)};
    return interface;
  });
}

rc::Gen<core::Address> AnyAddress() {
  return rc::gen::exec([] {
    core::Address address;
    auto& [uid, group, interface, meta, ip, prefix_length, asked_up, test, managed_by,
           point_to_point, slot, up, duplicate, bound, binding, announced, announce_initial,
           placement] = address;
    uid = RealUid<core::AddressUid>();
    group = AnyUid<core::GroupUid>();
    interface = AnyUid<core::InterfaceUid>();
    meta = AnyMeta();
    ip = AnyIp();
    prefix_length =
        static_cast<std::uint8_t>(*rc::gen::inRange(0, core::MaxPrefixLength(ip.family) + 1));
    asked_up = Maybe(AnyBool);
    test = AnyBool();
    managed_by = AnyOf<core::ManagedBy>(3);
    point_to_point = AnyBool();
    slot = *rc::gen::inRange<std::uint32_t>(0, core::kSlotLimit);
    up = AnyBool();
    duplicate = AnyBool();
    bound = AnyUid<core::InterfaceUid>();
    binding = *rc::gen::arbitrary<core::Order>();
    announced = AnyBool();
    announce_initial = AnyBool();
    placement = Maybe(AnyPlacement).value_or(core::Placement{});
    return address;
  });
}

rc::Gen<core::ArpEntry> AnyArpEntry() {
  return rc::gen::exec([] {
    core::ArpEntry entry;
    auto& [uid, group, meta, ip, hardware_address, proxy, notified, permanent, order] = entry;
    uid = RealUid<core::ArpEntryUid>();
    group = AnyUid<core::GroupUid>();
    meta = AnyMeta();
    ip = AnyIp();
    hardware_address = AnyText();
    proxy = AnyBool();
    notified = AnyBool();
    permanent = AnyBool();
    order = *rc::gen::arbitrary<core::Order>();
    return entry;
  });
}

rc::Gen<core::Delta> AnyDelta() {
  return rc::gen::oneOf(DeltaOf<core::Group>(AnyGroup()), DeltaOf<core::Interface>(AnyInterface()),
                        DeltaOf<core::Address>(AnyAddress()),
                        DeltaOf<core::ArpEntry>(AnyArpEntry()));
}

}  // namespace netstackd::generators
