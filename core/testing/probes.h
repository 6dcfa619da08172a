// Short words for what probes saw, for tests of failure detection. Time is virtual.
#ifndef NETSTACKD_CORE_TESTING_PROBES_H_
#define NETSTACKD_CORE_TESTING_PROBES_H_

#include <map>
#include <string>
#include <vector>

#include "core/health/probing.h"
#include "core/testing/lab.h"

namespace netstackd::core {

// A lab whose members can probe: member number n has the test address 192.0.2.(100 + n)/24.
class ProbeLab : public Lab {
 public:
  ProbeLab() { now = absl::FromUnixSeconds(1'700'000'000); }

  absl::Status AddProber(const std::string& name, const std::string& group, bool standby = false) {
    absl::Status status = AddInterface(name, group, standby);
    if (!status.ok()) return status;
    CreateAddress op;
    op.prefix_length = 24;
    op.test = true;
    return Do(At(InterfaceName(name), "192.0.2." + std::to_string(100 + ++probers_)), op);
  }
  absl::Status Targets(const std::string& name, TargetMode mode,
                       const std::vector<std::string>& ips) {
    ProbingReport report;
    report.targets.emplace().mode = mode;
    for (const std::string& ip : ips) report.targets->ips.push_back(*ParseIpAddress(ip));
    return Report(name, report);
  }
  // "+" answered, "-" lost: one probe a second, each ending half a second after it began.
  absl::Status Probe(const std::string& name, const std::string& results,
                     const std::string& target = "192.0.2.1") {
    for (const char result : results) {
      now += absl::Seconds(1);
      ProbingReport report;
      ProbeResult& probe = report.probes.emplace_back();
      probe.sequence = ++sequences_[name];
      probe.target = *ParseIpAddress(target);
      probe.start = now - absl::Milliseconds(500);
      probe.lost = result == '-';
      probe.rtt = probe.lost ? absl::ZeroDuration() : rtt;
      absl::Status status = Report(name, report);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }
  absl::Status Report(const std::string& name, const ProbingReport& probing) {
    ReportInterface op;
    op.sides[0].emplace().probing = probing;
    return Do(InterfaceName(name), op);
  }
  void Pass(absl::Duration duration) { now += duration; }
  absl::Status Fire() { return Do(Name{}, FireTimers{}); }
  const Probing& probing(const std::string& name) const {
    return *interface(name).detection.probing[0];
  }
  bool failed(const std::string& name) const { return interface(name).flags.failed; }

  absl::Duration rtt = absl::Milliseconds(1);

 private:
  int probers_ = 0;
  std::map<std::string, std::uint16_t> sequences_;
};

}  // namespace netstackd::core

#endif  // NETSTACKD_CORE_TESTING_PROBES_H_
