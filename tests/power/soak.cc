// power_soak: cuts the power of simulated disks for as long as it is told to.
#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdio>
#include <random>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "tests/power/flips.h"
#include "tests/power/run.h"

namespace {

using netstackd::power::RunOptions;
using netstackd::power::RunReport;

// Bits of every kind of file. False: something was found.
bool FlipBits(int count, std::uint64_t seed, const char* program) {
  using netstackd::power::FlipKind;
  const netstackd::power::Flips flips;
  for (const FlipKind kind :
       {FlipKind::kDatabase, FlipKind::kWal, FlipKind::kRevision, FlipKind::kBackup}) {
    const netstackd::power::FlipReport report = flips.Run(kind, count, seed);
    std::printf(
        "%d bits of the %s flipped: %d refused as damage, %d for another reason, %d "
        "without effect\n",
        count, NameOf(kind), report.refused, report.other, report.same);
    for (const std::string& finding : report.findings) std::printf("%s\n", finding.c_str());
    if (report.findings.empty()) continue;
    std::printf("again with: %s --flips %d --seed %lu --losses 0\n", program, count, seed);
    return false;
  }
  return true;
}

struct Totals {
  std::int64_t runs = 0;
  std::int64_t power_losses = 0;
  std::int64_t kills = 0;
  std::int64_t double_faults = 0;
};

void Print(const Totals& totals, absl::Duration time) {
  std::printf(
      "%ld runs, %ld power losses, %ld kills (of these %ld in a life after one), %.0f a s\n",
      totals.runs, totals.power_losses, totals.kills, totals.double_faults,
      static_cast<double>(totals.power_losses + totals.kills) / absl::ToDoubleSeconds(time));
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  RunOptions options;
  options.seed = std::random_device{}();
  double minutes = 1;
  int flips = 100;
  std::int64_t losses_max = 1'000'000'000'000;
  CLI::App app(
      "Cuts the power of simulated disks, and compares what clients were told with what "
      "recovery finds. Everything follows from the seed.",
      "power_soak");
  app.add_option("--minutes", minutes, "how long")->capture_default_str();
  app.add_option("--losses", losses_max, "end after so many power losses");
  app.add_option("--seed", options.seed, "of the first run; each further one adds 1 (random)");
  app.add_option("--flips", flips, "flip so many bits of each kind of file first")
      ->capture_default_str();
  app.add_flag("--hasty", options.hasty, "plant a bug: answer before the commit");
  app.add_flag("--lying-disk", options.lying_disk, "plant a bug: the log is never synced");
  CLI11_PARSE(app, argc, argv);

  const netstackd::Clock& clock = netstackd::Clock::Real();
  const absl::Duration begin = clock.Steady();
  Totals totals;
  std::printf("power_soak --seed %lu --minutes %g\n", options.seed, minutes);
  if (flips > 0 && !FlipBits(flips, options.seed, argv[0])) return 1;
  if (losses_max <= 0) return 0;
  for (; clock.Steady() - begin < absl::Minutes(minutes); ++options.seed) {
    const RunReport report = netstackd::power::RunPowerLosses(options);
    ++totals.runs;
    totals.power_losses += report.power_losses;
    totals.kills += report.kills;
    totals.double_faults += report.double_faults;
    if (!report.findings.empty()) {
      for (const std::string& finding : report.findings) std::printf("%s\n", finding.c_str());
      std::printf("again with: %s --seed %lu --losses 1 --flips 0\n", argv[0], options.seed);
      return 1;
    }
    if (totals.power_losses >= losses_max) break;
    if (totals.runs % 20 == 0) Print(totals, clock.Steady() - begin);
  }
  Print(totals, clock.Steady() - begin);
  return 0;
}
