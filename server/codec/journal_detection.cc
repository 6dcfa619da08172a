#include "server/codec/journal_detection.h"

#include <cstdint>
#include <limits>

#include "base/status_macros.h"
#include "server/codec/journal_values.h"

namespace netstackd::codec {
namespace {

namespace pb = ::netstackd::journal::v1;
using google::protobuf::Timestamp;
using journal_values::Corrupt;
using journal_values::EnumFromProto;
using journal_values::EnumRow;
using journal_values::EnumToProto;
using journal_values::FromBytes;
using journal_values::ToBytes;

constexpr EnumRow<core::Cause, pb::Cause> kCauses[] = {
    {core::Cause::kNone, pb::CAUSE_UNSPECIFIED},
    {core::Cause::kLink, pb::CAUSE_LINK},
    {core::Cause::kProbe, pb::CAUSE_PROBE},
    {core::Cause::kOffline, pb::CAUSE_OFFLINE},
    {core::Cause::kRepair, pb::CAUSE_REPAIR},
    {core::Cause::kRebalance, pb::CAUSE_REBALANCE},
    {core::Cause::kMembership, pb::CAUSE_MEMBERSHIP},
    {core::Cause::kRequest, pb::CAUSE_REQUEST},
    {core::Cause::kStandby, pb::CAUSE_STANDBY},
    {core::Cause::kDuplicateHardware, pb::CAUSE_DUPLICATE_HARDWARE},
    {core::Cause::kDetector, pb::CAUSE_DETECTOR},
    {core::Cause::kNoAddress, pb::CAUSE_NO_ADDRESS},
};
constexpr EnumRow<core::TargetMode, pb::TargetMode> kModes[] = {
    {core::TargetMode::kNone, pb::TARGET_MODE_UNSPECIFIED},
    {core::TargetMode::kRoutes, pb::TARGET_MODE_ROUTES},
    {core::TargetMode::kMulticast, pb::TARGET_MODE_MULTICAST},
};
constexpr EnumRow<core::TargetState, pb::TargetState> kTargetStates[] = {
    {core::TargetState::kActive, pb::TARGET_STATE_UNSPECIFIED},
    {core::TargetState::kUnused, pb::TARGET_STATE_UNUSED},
    {core::TargetState::kSlow, pb::TARGET_STATE_SLOW},
    {core::TargetState::kDead, pb::TARGET_STATE_DEAD},
};

// `make` gives the message to write to; it is not called for the time that costs nothing.
template <typename Make>
void PutTime(absl::Time time, absl::Time usual, Make make) {
  if (time != usual) journal_values::ToProto(time, make());
}

absl::Time TimeOf(bool present, const Timestamp& from, absl::Time usual = absl::UnixEpoch()) {
  return present ? journal_values::FromProto(from) : usual;
}

template <typename To>
absl::Status NumberFromProto(std::uint32_t from, const char* field, To* to) {
  if (from > std::numeric_limits<To>::max()) return Corrupt(field);
  *to = static_cast<To>(from);
  return absl::OkStatus();
}

void ToProto(const core::ProbeTarget& from, pb::ProbeTarget* to) {
  to->set_ip(ToBytes(from.ip));
  to->set_tag(from.tag);
  to->set_state(EnumToProto(kTargetStates, from.state));
  PutTime(from.state_since, absl::UnixEpoch(), [&] { return to->mutable_state_since(); });
  to->set_scaled_average_ns(from.scaled_average_ns);
  to->set_scaled_deviation_ns(from.scaled_deviation_ns);
  if (from.held_rtt_ns) to->set_held_rtt_ns(*from.held_rtt_ns);
  PutTime(from.newest_answer, absl::UnixEpoch(), [&] { return to->mutable_newest_answer(); });
}

absl::Status FromProto(const pb::ProbeTarget& from, core::ProbeTarget* to) {
  NSD_RETURN_IF_ERROR(FromBytes(from.ip(), &to->ip));
  NSD_RETURN_IF_ERROR(NumberFromProto(from.tag(), "target.tag", &to->tag));
  NSD_RETURN_IF_ERROR(EnumFromProto(kTargetStates, from.state(), "target.state", &to->state));
  to->state_since = TimeOf(from.has_state_since(), from.state_since());
  to->scaled_average_ns = from.scaled_average_ns();
  to->scaled_deviation_ns = from.scaled_deviation_ns();
  if (from.has_held_rtt_ns()) to->held_rtt_ns = from.held_rtt_ns();
  to->newest_answer = TimeOf(from.has_newest_answer(), from.newest_answer());
  return absl::OkStatus();
}

void ToProto(const core::ProbeResult& from, pb::ProbeResult* to) {
  to->set_sequence(from.sequence);
  to->set_target(ToBytes(from.target));
  PutTime(from.start, absl::UnixEpoch(), [&] { return to->mutable_start(); });
  PutTime(from.end, absl::UnixEpoch(), [&] { return to->mutable_end(); });
  to->set_lost(from.lost);
  if (from.net_rtt) journal_values::ToProto(*from.net_rtt, to->mutable_net_rtt());
  if (from.rtt != absl::ZeroDuration()) journal_values::ToProto(from.rtt, to->mutable_rtt());
  to->set_average_ns(from.average_ns);
  to->set_deviation_ns(from.deviation_ns);
}

absl::Status FromProto(const pb::ProbeResult& from, core::ProbeResult* to) {
  NSD_RETURN_IF_ERROR(NumberFromProto(from.sequence(), "probe.sequence", &to->sequence));
  NSD_RETURN_IF_ERROR(FromBytes(from.target(), &to->target));
  to->start = TimeOf(from.has_start(), from.start());
  to->end = TimeOf(from.has_end(), from.end());
  to->lost = from.lost();
  if (from.has_net_rtt()) to->net_rtt = journal_values::FromProto(from.net_rtt());
  to->rtt = journal_values::FromProto(from.rtt());
  to->average_ns = from.average_ns();
  to->deviation_ns = from.deviation_ns();
  return absl::OkStatus();
}

void ToProto(const core::RecentProbe& from, pb::RecentProbe* to) {
  to->set_sequence(from.sequence);
  to->set_tag(from.tag);
  to->set_lost(from.lost);
  PutTime(from.end, absl::UnixEpoch(), [&] { return to->mutable_end(); });
}

absl::Status FromProto(const pb::RecentProbe& from, core::RecentProbe* to) {
  NSD_RETURN_IF_ERROR(NumberFromProto(from.sequence(), "recent.sequence", &to->sequence));
  NSD_RETURN_IF_ERROR(NumberFromProto(from.tag(), "recent.tag", &to->tag));
  to->lost = from.lost();
  to->end = TimeOf(from.has_end(), from.end());
  return absl::OkStatus();
}

void ToProto(const core::Probing& from, pb::Probing* to) {
  to->set_test(from.test.value());
  to->set_mode(EnumToProto(kModes, from.mode));
  for (const core::ProbeTarget& target : from.targets) ToProto(target, to->add_targets());
  PutTime(from.appeared, absl::UnixEpoch(), [&] { return to->mutable_appeared(); });
  to->set_answered(!from.quiet);
  for (const core::RecentProbe& probe : from.recent) ToProto(probe, to->add_recent());
  PutTime(from.newest_start, absl::UnixEpoch(), [&] { return to->mutable_newest_start(); });
  PutTime(from.last_success, absl::UnixEpoch(), [&] { return to->mutable_last_success(); });
  for (const core::ProbeResult& probe : from.newest) ToProto(probe, to->add_newest());
}

absl::Status FromProto(const pb::Probing& from, std::optional<core::Probing>* made) {
  core::Probing& to = made->emplace();
  to.test = core::AddressUid(from.test());
  NSD_RETURN_IF_ERROR(EnumFromProto(kModes, from.mode(), "probing.mode", &to.mode));
  for (const pb::ProbeTarget& target : from.targets()) {
    NSD_RETURN_IF_ERROR(FromProto(target, &to.targets.emplace_back()));
  }
  to.appeared = TimeOf(from.has_appeared(), from.appeared());
  to.quiet = !from.answered();
  for (const pb::RecentProbe& probe : from.recent()) {
    NSD_RETURN_IF_ERROR(FromProto(probe, &to.recent.emplace_back()));
  }
  to.newest_start = TimeOf(from.has_newest_start(), from.newest_start());
  to.last_success = TimeOf(from.has_last_success(), from.last_success());
  for (const pb::ProbeResult& probe : from.newest()) {
    NSD_RETURN_IF_ERROR(FromProto(probe, &to.newest.emplace_back()));
  }
  return absl::OkStatus();
}

}  // namespace

void ToProto(const core::Detection& from, pb::Detection* to) {
  PutTime(from.link_seen, absl::UnixEpoch(), [&] { return to->mutable_link_seen(); });
  PutTime(from.link_known, from.link_seen, [&] { return to->mutable_link_known(); });
  PutTime(from.link_ups[0], absl::UnixEpoch(), [&] { return to->mutable_link_up(); });
  PutTime(from.link_ups[1], absl::UnixEpoch(), [&] { return to->mutable_link_up_before(); });
  if (from.repair_at) journal_values::ToProto(*from.repair_at, to->mutable_repair_at());
  if (from.failback_at) journal_values::ToProto(*from.failback_at, to->mutable_failback_at());
  to->set_duplicate_hardware(from.duplicate_hardware);
  to->set_failure(EnumToProto(kCauses, from.failure));
  to->set_cause(EnumToProto(kCauses, from.cause));
  PutTime(from.cause_seen, absl::UnixEpoch(), [&] { return to->mutable_cause_seen(); });
  to->set_cause_subject(from.cause_subject.value());
  if (from.probing[0]) ToProto(*from.probing[0], to->mutable_ipv4_probing());
  if (from.probing[1]) ToProto(*from.probing[1], to->mutable_ipv6_probing());
}

absl::Status FromProto(const pb::Detection& from, core::Detection* to) {
  to->link_seen = TimeOf(from.has_link_seen(), from.link_seen());
  to->link_known = TimeOf(from.has_link_known(), from.link_known(), to->link_seen);
  to->link_ups = {TimeOf(from.has_link_up(), from.link_up()),
                  TimeOf(from.has_link_up_before(), from.link_up_before())};
  if (from.has_repair_at()) to->repair_at = journal_values::FromProto(from.repair_at());
  if (from.has_failback_at()) to->failback_at = journal_values::FromProto(from.failback_at());
  to->duplicate_hardware = from.duplicate_hardware();
  NSD_RETURN_IF_ERROR(EnumFromProto(kCauses, from.failure(), "detection.failure", &to->failure));
  NSD_RETURN_IF_ERROR(EnumFromProto(kCauses, from.cause(), "detection.cause", &to->cause));
  to->cause_seen = TimeOf(from.has_cause_seen(), from.cause_seen());
  to->cause_subject = core::InterfaceUid(from.cause_subject());
  if (from.has_ipv4_probing()) {
    NSD_RETURN_IF_ERROR(FromProto(from.ipv4_probing(), &to->probing[0]));
  }
  if (from.has_ipv6_probing()) {
    NSD_RETURN_IF_ERROR(FromProto(from.ipv6_probing(), &to->probing[1]));
  }
  return absl::OkStatus();
}

void ToProto(const core::GroupDetection& from, pb::GroupDetection* to) {
  if (from.detection_time != absl::ZeroDuration()) {
    journal_values::ToProto(from.detection_time, to->mutable_detection_time());
  }
  PutTime(from.raised, absl::UnixEpoch(), [&] { return to->mutable_raised(); });
}

void FromProto(const pb::GroupDetection& from, core::GroupDetection* to) {
  to->detection_time = journal_values::FromProto(from.detection_time());
  to->raised = TimeOf(from.has_raised(), from.raised());
}

void ToProto(const core::Placement& from, pb::Placement* to) {
  to->set_from(from.from.value());
  to->set_subject(from.subject.value());
  to->set_cause(EnumToProto(kCauses, from.cause));
  to->set_moves(from.moves);
  PutTime(from.since, absl::UnixEpoch(), [&] { return to->mutable_since(); });
  PutTime(from.seen, from.since, [&] { return to->mutable_seen(); });
  to->set_revision(from.revision);
}

absl::Status FromProto(const pb::Placement& from, core::Placement* to) {
  to->from = core::InterfaceUid(from.from());
  to->subject = core::InterfaceUid(from.subject());
  NSD_RETURN_IF_ERROR(EnumFromProto(kCauses, from.cause(), "placement.cause", &to->cause));
  to->moves = from.moves();
  to->since = TimeOf(from.has_since(), from.since());
  to->seen = TimeOf(from.has_seen(), from.seen(), to->since);
  to->revision = from.revision();
  return absl::OkStatus();
}

}  // namespace netstackd::codec
