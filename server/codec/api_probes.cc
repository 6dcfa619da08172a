#include "server/codec/api_probes.h"

#include "server/codec/api_values.h"

namespace netstackd::codec {
namespace {

const core::Probing* ProbingOf(const core::Image<core::Interface>& image, core::Family family) {
  if (!image) return nullptr;
  const auto& probing = image->detection.probing[core::IndexOf(family)];
  return probing ? &*probing : nullptr;
}

// Images keep the probes of the newest report: what this change brought are others.
bool IsFresh(const core::Probing* before, const core::Probing* after) {
  if (after == nullptr || after->newest.empty()) return false;
  return before == nullptr || before->newest != after->newest;
}

void Append(const core::Interface& interface, const core::ProbeResult& from,
            v1::StreamProbesResponse* to) {
  auto* out = to->add_probes();
  out->set_ip_interface(interface.name);
  v1::Probe* probe = out->mutable_probe();
  probe->set_sequence(from.sequence);
  probe->set_target(core::ToString(from.target));
  *probe->mutable_start_time() = ToProto(from.start);
  *probe->mutable_end_time() = ToProto(from.end);
  probe->set_lost(from.lost);
  if (!from.lost) {
    if (from.net_rtt) *probe->mutable_net_rtt() = ToProto(*from.net_rtt);
    *probe->mutable_rtt() = ToProto(from.rtt);
  }
  if (from.average_ns == 0) return;
  *out->mutable_rtt_avg() = ToProto(absl::Nanoseconds(from.average_ns));
  *out->mutable_rtt_dev() = ToProto(absl::Nanoseconds(from.deviation_ns));
}

}  // namespace

bool HasProbes(const core::Change<core::Interface>& change) {
  for (const core::Family family : core::kFamilies) {
    if (IsFresh(ProbingOf(change.before, family), ProbingOf(change.after, family))) return true;
  }
  return false;
}

void AppendProbes(const core::Change<core::Interface>& change, v1::StreamProbesResponse* to) {
  for (const core::Family family : core::kFamilies) {
    const core::Probing* after = ProbingOf(change.after, family);
    if (!IsFresh(ProbingOf(change.before, family), after)) continue;
    for (const core::ProbeResult& probe : after->newest) Append(*change.after, probe, to);
  }
}

}  // namespace netstackd::codec
