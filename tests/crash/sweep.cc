#include "tests/crash/sweep.h"

#include "absl/strings/str_cat.h"

namespace netstackd::crash {
namespace {

constexpr std::int64_t kCalls = 15;  // answered in a life
// A life has no more steps than this.
constexpr std::int64_t kStepsMax = 5'000;

void Add(const RunReport& run, Ground ground, const Failpoint& step, SweepReport* report) {
  ++report->lives;
  report->kills += run.kills;
  for (const auto& [name, count] : run.steps) report->steps[name] += count;
  for (const Finding& finding : run.findings) {
    report->findings.push_back(absl::StrCat("--step ", ToString(step), " --ground ",
                                            ground == Ground::kFresh ? "fresh" : "crashed", ": ",
                                            NameOf(finding.wrong), ": ", finding.what));
  }
}

}  // namespace

RunReport RunStep(std::uint64_t seed, Ground ground, const Failpoint& step) {
  RunOptions options;
  options.seed = seed;
  options.writers = 1;
  if (ground == Ground::kCrashed) {
    Death before;
    before.calls = 2 * kCalls;
    options.script.push_back(before);
  }
  Death death;
  death.kind = Death::Kind::kStep;
  death.step = step;
  death.calls = kCalls;
  death.stops = true;
  options.script.push_back(death);
  return RunCrashes(options);
}

SweepReport RunSweep(const SweepOptions& options) {
  SweepReport report;
  for (const Ground ground : {Ground::kFresh, Ground::kCrashed}) {
    for (std::int64_t nth = options.first; nth <= kStepsMax; nth += options.stride) {
      bool reached = false;
      for (const auto when :
           {Failpoint::When::kBefore, Failpoint::When::kHalf, Failpoint::When::kAfter}) {
        const Failpoint step{Step::kAny, nth, when};
        const RunReport run = RunStep(options.seed, ground, step);
        Add(run, ground, step, &report);
        if (!report.findings.empty()) return report;
        reached = reached || !run.steps.empty();
      }
      if (!reached) break;
    }
  }
  return report;
}

}  // namespace netstackd::crash
