// crash_soak: kills servers for as long as it is told to.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <random>

#include "absl/strings/str_cat.h"
#include "tests/crash/run.h"
#include "tests/crash/sweep.h"

namespace netstackd::crash {
namespace {

int SweepAll(std::uint64_t seed, std::int64_t stride) {
  SweepOptions options;
  options.seed = seed;
  options.stride = stride;
  const SweepReport report = RunSweep(options);
  std::printf("%lld lives, %lld kills at steps\n", static_cast<long long>(report.lives),
              static_cast<long long>(report.kills));
  for (const auto& [step, count] : report.steps) {
    std::printf("  died at %s: %lld\n", step.c_str(), static_cast<long long>(count));
  }
  for (const std::string& finding : report.findings) {
    std::printf("WRONG: crash_soak --seed %llu %s\n", static_cast<unsigned long long>(seed),
                finding.c_str());
  }
  return report.findings.empty() ? 0 : 1;
}

int OneStep(std::uint64_t seed, const std::string& text, const std::string& ground) {
  const auto step = ParseFailpoint(text);
  if (!step) {
    std::fprintf(stderr, "crash_soak: %s is no step such as any:17:half\n", text.c_str());
    return 2;
  }
  const RunReport report =
      RunStep(seed, ground == "fresh" ? Ground::kFresh : Ground::kCrashed, *step);
  std::printf("%s", ToText(report).c_str());
  return report.findings.empty() ? 0 : 1;
}

}  // namespace
}  // namespace netstackd::crash

int main(int argc, char** argv) {
  using namespace netstackd::crash;
  RunOptions options;
  options.seed = std::random_device{}();
  options.kills_max = 1'000'000'000;
  double minutes = 1.0;
  CLI::App app("Kills servers, and compares what clients were told with what the next one finds.",
               "crash_soak");
  app.add_option("--minutes", minutes, "how long")->capture_default_str();
  app.add_option("--kills", options.kills_max, "end after so many kills");
  app.add_option("--seed", options.seed, "of requests and deaths (random)");
  app.add_flag("--product", options.life.product, "netstackd itself, without deaths at steps");
  app.add_option("--early_ack_ms", options.life.early_ack_ms,
                 "plant a bug: answer before the commit, which follows so much later");
  app.add_flag("--forgetful", options.life.forgetful, "plant a bug: forget request ids at a start");
  bool sweep = false;
  std::int64_t stride = 1;
  app.add_option("--stride", stride, "for --sweep: every so many steps")
      ->check(CLI::PositiveNumber);
  std::string step;
  std::string ground = "fresh";
  app.add_flag("--sweep", sweep, "instead: a death at every step of a short life, one by one");
  app.add_option("--step", step, "instead: one of these, such as any:17:half");
  app.add_option("--ground", ground, "for --step: what the life finds")
      ->check(CLI::IsMember({"fresh", "crashed"}))
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  options.time_max = absl::Minutes(minutes);

  if (sweep) return SweepAll(options.seed, stride);
  if (!step.empty()) return OneStep(options.seed, step, ground);
  std::string repeat = absl::StrCat(argv[0], " --seed ", options.seed, " --minutes ", minutes,
                                    options.life.product ? " --product" : "",
                                    options.life.forgetful ? " --forgetful" : "");
  if (options.life.early_ack_ms >= 0) {
    absl::StrAppend(&repeat, " --early_ack_ms ", options.life.early_ack_ms);
  }
  std::printf("%s\n", repeat.c_str());
  std::fflush(stdout);
  const RunReport report = RunCrashes(options);
  std::printf("%s", ToText(report).c_str());
  if (report.findings.empty()) return 0;
  std::printf("again with: %s\n", repeat.c_str());
  return 1;
}
