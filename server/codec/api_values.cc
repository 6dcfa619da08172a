#include "server/codec/api_values.h"

#include <algorithm>

#include "base/check.h"

namespace netstackd::codec {
namespace {

// What google.protobuf.Duration and Timestamp can hold.
constexpr std::int64_t kSecondsMax = 315'576'000'000;
constexpr std::int64_t kTimeMin = -62'135'596'800;
constexpr std::int64_t kTimeMax = 253'402'300'799;

// The field of a counter has its name.
const google::protobuf::FieldDescriptor* FieldOf(core::Counter counter) {
  const auto* field = v1::Counters::descriptor()->FindFieldByName(core::NameOf(counter));
  NSD_CHECK(field != nullptr);
  return field;
}

}  // namespace

google::protobuf::Duration ToProto(absl::Duration duration) {
  absl::Duration rest;
  const std::int64_t seconds = absl::IDivDuration(duration, absl::Seconds(1), &rest);
  google::protobuf::Duration proto;
  proto.set_seconds(std::clamp(seconds, -kSecondsMax, kSecondsMax));
  if (proto.seconds() == seconds) {
    proto.set_nanos(static_cast<std::int32_t>(absl::ToInt64Nanoseconds(rest)));
  }
  return proto;
}

google::protobuf::Timestamp ToProto(absl::Time time) {
  const std::int64_t seconds = absl::ToUnixSeconds(time);  // rounds down
  google::protobuf::Timestamp proto;
  proto.set_seconds(std::clamp(seconds, kTimeMin, kTimeMax));
  if (proto.seconds() == seconds) {
    const absl::Duration rest = time - absl::FromUnixSeconds(seconds);
    proto.set_nanos(static_cast<std::int32_t>(absl::ToInt64Nanoseconds(rest)));
  }
  return proto;
}

v1::Family ToProto(core::Family family) {
  return family == core::Family::kIpv4 ? v1::FAMILY_IPV4 : v1::FAMILY_IPV6;
}

v1::MacType ToProto(core::MacType type) {
  switch (type) {
    case core::MacType::kEthernet:
      return v1::MAC_TYPE_ETHERNET;
    case core::MacType::kWifi:
      return v1::MAC_TYPE_WIFI;
    case core::MacType::kTokenRing:
      return v1::MAC_TYPE_TOKEN_RING;
    case core::MacType::kFddi:
      return v1::MAC_TYPE_FDDI;
    case core::MacType::kInfiniband:
      return v1::MAC_TYPE_INFINIBAND;
  }
  NSD_CHECK(false);
}

v1::UsesrcRole ToProto(core::UsesrcRole role) {
  switch (role) {
    case core::UsesrcRole::kNone:
      return v1::USESRC_ROLE_NONE;
    case core::UsesrcRole::kSource:
      return v1::USESRC_ROLE_SOURCE;
    case core::UsesrcRole::kClient:
      return v1::USESRC_ROLE_CLIENT;
  }
  NSD_CHECK(false);
}

v1::Address::ManagedBy ToProto(core::ManagedBy managed_by) {
  switch (managed_by) {
    case core::ManagedBy::kNobody:
      return v1::Address::MANAGED_BY_UNSPECIFIED;
    case core::ManagedBy::kDhcp:
      return v1::Address::MANAGED_BY_DHCP;
    case core::ManagedBy::kAddrconf:
      return v1::Address::MANAGED_BY_ADDRCONF;
  }
  NSD_CHECK(false);
}

v1::Interface::Link ToProto(core::LinkState link) {
  switch (link) {
    case core::LinkState::kUnknown:
      return v1::Interface::LINK_UNKNOWN;
    case core::LinkState::kUp:
      return v1::Interface::LINK_UP;
    case core::LinkState::kDown:
      return v1::Interface::LINK_DOWN;
  }
  NSD_CHECK(false);
}

v1::Cause ToProto(core::Cause cause) {
  switch (cause) {
    case core::Cause::kNone:
      return v1::CAUSE_UNSPECIFIED;
    case core::Cause::kLink:
      return v1::CAUSE_LINK;
    case core::Cause::kProbe:
      return v1::CAUSE_PROBE;
    case core::Cause::kOffline:
      return v1::CAUSE_OFFLINE;
    case core::Cause::kRepair:
      return v1::CAUSE_REPAIR;
    case core::Cause::kRebalance:
      return v1::CAUSE_REBALANCE;
    case core::Cause::kMembership:
      return v1::CAUSE_MEMBERSHIP;
    case core::Cause::kRequest:
      return v1::CAUSE_REQUEST;
    case core::Cause::kStandby:
      return v1::CAUSE_STANDBY;
    case core::Cause::kDuplicateHardware:
      return v1::CAUSE_DUPLICATE_HARDWARE_ADDRESS;
    case core::Cause::kDetector:
      return v1::CAUSE_DETECTOR;
    case core::Cause::kNoAddress:
      return v1::CAUSE_NO_ADDRESS;
  }
  NSD_CHECK(false);
}

v1::TargetState ToProto(core::TargetState state) {
  switch (state) {
    case core::TargetState::kActive:
      return v1::TARGET_STATE_ACTIVE;
    case core::TargetState::kUnused:
      return v1::TARGET_STATE_UNUSED;
    case core::TargetState::kSlow:
      return v1::TARGET_STATE_SLOW;
    case core::TargetState::kDead:
      return v1::TARGET_STATE_DEAD;
  }
  NSD_CHECK(false);
}

v1::Capabilities ToProto(const core::Capabilities& capabilities) {
  v1::Capabilities proto;
  proto.set_multicast(capabilities.multicast);
  proto.set_no_arp(capabilities.no_arp);
  proto.set_no_nud(capabilities.no_nud);
  proto.set_external_resolver(capabilities.external_resolver);
  proto.set_class_of_service(capabilities.class_of_service);
  return proto;
}

v1::Counters ToProto(const core::Counters& counters) {
  v1::Counters proto;
  for (std::size_t i = 0; i < core::kCounterCount; ++i) {
    proto.GetReflection()->SetUInt64(&proto, FieldOf(static_cast<core::Counter>(i)), counters[i]);
  }
  return proto;
}

absl::Duration FromProto(const google::protobuf::Duration& duration) {
  return absl::Seconds(duration.seconds()) + absl::Nanoseconds(duration.nanos());
}

absl::Time FromProto(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

core::Family FromProto(v1::Family family) {
  return family == v1::FAMILY_IPV6 ? core::Family::kIpv6 : core::Family::kIpv4;
}

core::MacType FromProto(v1::MacType type) {
  // The values follow each other in both; v1 begins one later, with UNSPECIFIED.
  static_assert(v1::MAC_TYPE_INFINIBAND == static_cast<int>(core::MacType::kInfiniband) + 1);
  return static_cast<core::MacType>(static_cast<int>(type) - 1);
}

core::UsesrcRole FromProto(v1::UsesrcRole role) {
  static_assert(v1::USESRC_ROLE_CLIENT == static_cast<int>(core::UsesrcRole::kClient) + 1);
  return static_cast<core::UsesrcRole>(static_cast<int>(role) - 1);
}

core::ManagedBy FromProto(v1::Address::ManagedBy managed_by) {
  if (managed_by == v1::Address::MANAGED_BY_DHCP) return core::ManagedBy::kDhcp;
  if (managed_by == v1::Address::MANAGED_BY_ADDRCONF) return core::ManagedBy::kAddrconf;
  return core::ManagedBy::kNobody;
}

core::LinkState FromProto(v1::Interface::Link link) {
  if (link == v1::Interface::LINK_UP) return core::LinkState::kUp;
  if (link == v1::Interface::LINK_DOWN) return core::LinkState::kDown;
  return core::LinkState::kUnknown;
}

core::Capabilities FromProto(const v1::Capabilities& capabilities) {
  return {.multicast = capabilities.multicast(),
          .no_arp = capabilities.no_arp(),
          .no_nud = capabilities.no_nud(),
          .external_resolver = capabilities.external_resolver(),
          .class_of_service = capabilities.class_of_service()};
}

std::map<core::Counter, std::uint64_t> FromProto(const v1::Counters& counters) {
  std::map<core::Counter, std::uint64_t> values;
  for (std::size_t i = 0; i < core::kCounterCount; ++i) {
    const auto counter = static_cast<core::Counter>(i);
    if (!counters.GetReflection()->HasField(counters, FieldOf(counter))) continue;
    values[counter] = counters.GetReflection()->GetUInt64(counters, FieldOf(counter));
  }
  return values;
}

}  // namespace netstackd::codec
