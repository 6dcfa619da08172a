#include "core/health/probe_report.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/health/constants.h"
#include "core/health/failure.h"
#include "core/health/instances.h"
#include "core/health/members.h"
#include "core/health/probing.h"
#include "core/health/repair.h"
#include "core/health/round_trip.h"
#include "core/health/targets.h"
#include "core/queries.h"

namespace netstackd::core::health {
namespace {

enum class Kind : std::uint8_t { kNew, kRestarted, kLate, kKnown };

RecentProbe* FindRecent(Probing& probing, std::uint16_t sequence) {
  for (RecentProbe& probe : probing.recent) {
    if (probe.sequence == sequence) return &probe;
  }
  return nullptr;
}

// How a probe stands to those that are known. Sequences wrap; whoever starts again from 1 is told
// by the time.
Kind KindOf(Probing& probing, const ProbeResult& probe) {
  if (probing.recent.empty()) {
    return probe.start > probing.newest_start ? Kind::kNew : Kind::kKnown;
  }
  const auto ahead = static_cast<std::int16_t>(
      static_cast<std::uint16_t>(probe.sequence - probing.recent.back().sequence));
  if (ahead > 0) return probe.start >= probing.newest_start ? Kind::kNew : Kind::kKnown;
  if (probe.start > probing.newest_start) return Kind::kRestarted;
  const RecentProbe* known = FindRecent(probing, probe.sequence);
  return known != nullptr && known->lost && !probe.lost ? Kind::kLate : Kind::kKnown;
}

void Remember(Probing& probing, const ProbeResult& probe, std::uint8_t tag, Kind kind) {
  if (kind == Kind::kLate) {
    RecentProbe& known = *FindRecent(probing, probe.sequence);
    known.lost = false;
    known.end = probe.end;
  } else {
    if (kind == Kind::kRestarted) probing.recent.clear();
    if (probing.recent.size() >= kRecentMax) probing.recent.erase(probing.recent.begin());
    probing.recent.push_back(
        {.sequence = probe.sequence, .tag = tag, .lost = probe.lost, .end = probe.end});
    probing.newest_start = std::max(probing.newest_start, probe.start);
  }
  if (probe.lost) return;
  probing.quiet = false;
  probing.last_success = std::max(probing.last_success, probe.end);
}

// Takes the round-trip time in, if it may count. True if the target's average is another one now.
bool TakeSample(ProbeTarget& target, const ProbeResult& probe, bool counts,
                absl::Duration interval) {
  if (probe.lost || probe.start <= target.newest_answer) return false;
  target.newest_answer = probe.start;
  return counts && AddSample(target, probe.rtt, interval) == Sample::kUsed;
}

bool AllAllowLower(const Edit& edit, GroupUid group, absl::Duration interval) {
  const auto& members = edit.index().interfaces_of(group);
  return std::all_of(members.begin(), members.end(), [&](InterfaceUid uid) {
    const Interface& member = edit[uid];
    if (member.flags.failed) return true;
    return std::all_of(member.detection.probing.begin(), member.detection.probing.end(),
                       [&](const auto& one) { return !one || AllowsLower(*one, interval); });
  });
}

// What a new average does: an exception is put aside, a slow target slows the group down, fast
// ones let it come back.
void Adapt(Edit& edit, InterfaceUid uid, Family family, const IpAddress& ip, absl::Time at) {
  const GroupUid group = edit[uid].group;
  const absl::Duration effective = EffectiveDetectionTime(edit[group]);
  const absl::Duration wanted = WantedDetectionTime(edit[group]);
  const absl::Duration interval = ProbeInterval(effective);
  Probing probing = *edit[uid].detection.probing[IndexOf(family)];
  const ProbeTarget target = *FindTarget(probing, ip);
  const auto put = [&](absl::Duration time, absl::Time raised) {
    edit.Update(group, [&](Group& changed) {
      changed.detection.detection_time = time == wanted ? absl::ZeroDuration() : time;
      changed.detection.raised = raised;
    });
  };
  if (CrttMs(target) > absl::ToInt64Milliseconds(interval)) {
    if (!IsException(probing, target.tag, interval)) return put(RaisedDetectionTime(target), at);
    edit.Update(uid, [&](Interface& changed) {
      PutAside(*changed.detection.probing[IndexOf(family)], target.tag, TargetState::kSlow, at);
    });
    return;
  }
  const absl::Time raised = edit[group].detection.raised;
  const bool may_lower =
      effective > wanted && at - raised >= SettlingTime() && AllAllowLower(edit, group, interval);
  if (may_lower) put(LoweredDetectionTime(effective, wanted), raised);
}

class Report {
 public:
  Report(Edit& edit, InterfaceUid uid, Family family, Result& result)
      : edit_(edit), uid_(uid), family_(family), result_(result) {}

  void Take(ProbeResult probe) {
    Probing now = probing();
    const ProbeTarget* target = FindTarget(now, probe.target);
    if (target == nullptr || target->state != TargetState::kActive) {
      return Warn(probe, "was sent to no target that is probed");
    }
    const Kind kind = KindOf(now, probe);
    if (kind == Kind::kKnown) return Warn(probe, "is known already, or older than what is known");
    const bool sampled = Record(&probe, kind);
    const bool answered = !probe.lost;
    const IpAddress ip = probe.target;
    const absl::Time end = probe.end;
    taken_.push_back(std::move(probe));
    if (sampled) Adapt(edit_, uid_, family_, ip, end);
    if (answered) {
      CheckRepair(edit_, uid_, end, false);
    } else {
      CheckProbeFailure(edit_, uid_, family_, end);
    }
  }
  void Finish() {
    if (taken_.empty()) return;
    edit_.Update(uid_, [this](Interface& changed) {
      changed.detection.probing[IndexOf(family_)]->newest = std::move(taken_);
    });
  }

 private:
  const Probing& probing() const { return *edit_[uid_].detection.probing[IndexOf(family_)]; }

  void Warn(const ProbeResult& probe, const std::string& what) {
    result_.warnings.push_back("probe " + std::to_string(probe.sequence) + " to " +
                               ToString(probe.target) + " " + what);
  }

  bool Record(ProbeResult* probe, Kind kind) {
    const Group& group = edit_[edit_[uid_].group];
    const bool counts =
        IsFunctioning(edit_[uid_]) && StateOf(edit_.state(), group) != GroupState::kFailed;
    const absl::Duration interval = ProbeInterval(EffectiveDetectionTime(group));
    bool sampled = false;
    edit_.Update(uid_, [&](Interface& changed) {
      Probing& after = *changed.detection.probing[IndexOf(family_)];
      ProbeTarget& target = *FindTarget(after, probe->target);
      Remember(after, *probe, target.tag, kind);
      sampled = TakeSample(target, *probe, counts, interval);
      probe->average_ns = target.scaled_average_ns / 8;
      probe->deviation_ns = target.scaled_deviation_ns / 4;
    });
    return sampled;
  }

  Edit& edit_;
  const InterfaceUid uid_;
  const Family family_;
  Result& result_;
  std::vector<ProbeResult> taken_;
};

}  // namespace

void ObserveProbes(Edit& edit, InterfaceUid uid, Family family, const ProbingReport& report,
                   const std::optional<absl::Time>& seen, Result& result) {
  const absl::Time now = edit.context().now;
  const absl::Time at = std::min(seen.value_or(now), now);
  if (!IsEnabled(edit[uid], family)) {
    result.warnings.push_back(
        "this side does not probe: it is no member of a group that wants "
        "probes, or has no unique test address that is up");
    return;
  }
  if (report.targets) ObserveTargets(edit, uid, family, *report.targets, at, result);
  if (report.probes.empty()) return;
  const Interface& interface = edit[uid];
  if (interface.flags.offline || LinkIsDown(edit[interface.group], interface)) {
    result.warnings.push_back(
        "probes do not count while the interface is offline or its link is "
        "down");
    return;
  }
  Probing recovered = *interface.detection.probing[IndexOf(family)];
  Recover(recovered, at);
  if (recovered != *interface.detection.probing[IndexOf(family)]) {
    edit.Update(uid, [&](Interface& changed) {
      changed.detection.probing[IndexOf(family)] = std::move(recovered);
    });
  }
  Report taker(edit, uid, family, result);
  for (ProbeResult probe : report.probes) {
    if (probe.end == absl::Time()) probe.end = at;
    probe.end = std::min(probe.end, now);
    taker.Take(std::move(probe));
  }
  taker.Finish();
}

}  // namespace netstackd::core::health
