#include "tests/power/run.h"

#include <sqlite3.h>

#include <memory>
#include <random>

#include "absl/strings/str_cat.h"
#include "storage/faulty/simulated_disk.h"
#include "tests/power/ledger.h"
#include "tests/power/life.h"

namespace netstackd::power {
namespace {

constexpr std::size_t kFindingsMax = 10;
// Changes of a short life, about: to draw where it is cut.
constexpr double kChangesOfALife = 60;
constexpr int kStepsAfter = 2;

// Numbers that are as good as independent for different arguments.
std::uint64_t Mix(std::uint64_t a, std::uint64_t b) {
  std::seed_seq seed{static_cast<std::uint32_t>(a), static_cast<std::uint32_t>(a >> 32),
                     static_cast<std::uint32_t>(b), static_cast<std::uint32_t>(b >> 32)};
  std::mt19937_64 random(seed);
  return random();
}

// Cuts the power before the changes of a disk, and lives on with what is left.
class Cutter {
 public:
  Cutter(const RunOptions& options, RunReport* report) : options_(options), report_(report) {}

  // A life of `steps`; `share` of its changes are cut, `depth` more times at most.
  absl::Time Live(storage::SimulatedDisk* disk, Ledger* ledger, const LifeOptions& life,
                  double share, int depth) {
    std::uint64_t change = 0;
    disk->OnChange([&, disk, share, depth] {
      std::mt19937_64 random(Mix(life.seed, ++change));
      const double chance = std::uniform_real_distribution<double>(0, 1)(random);
      if (chance < share) Cut(*disk, *ledger, life, change, depth, random);
    });
    Life one(disk, ledger, life);
    one.Run();
    disk->OnChange(nullptr);
    if (depth == options_.depth) report_->changes += static_cast<std::int64_t>(change);
    return one.now();
  }

 private:
  void Cut(const storage::SimulatedDisk& disk, const Ledger& told, const LifeOptions& life,
           std::uint64_t change, int depth, std::mt19937_64& random) {
    if (report_->findings.size() >= kFindingsMax) return;
    Ledger ledger(told);  // before the disk: what was answered by now must be on it
    const bool kill = random() % 8 == 0;
    const auto after = kill ? disk.AfterKill() : disk.AfterPowerLoss(random);
    ++(kill ? report_->kills : report_->power_losses);
    if (depth < options_.depth) ++report_->double_faults;
    LifeOptions next = life;
    next.name = absl::StrCat(life.name, kill ? ".kill" : ".cut", change);
    next.seed = random();
    next.steps = kStepsAfter;
    next.begin = life.begin + absl::Hours(1);
    const double share = depth > 1 ? options_.nested_cuts / kChangesOfALife : 0;
    Live(after.get(), &ledger, next, share, depth - 1);
    for (const std::string& finding : ledger.findings()) {
      report_->findings.push_back(absl::StrCat(next.name, ": ", finding));
    }
  }

  const RunOptions options_;
  RunReport* const report_;
};

}  // namespace

RunReport RunPowerLosses(const RunOptions& options) {
  // The salts of the log are SQLite's own random numbers.
  sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, static_cast<int>(options.seed),
                       static_cast<sqlite3*>(nullptr));
  RunReport report;
  storage::SimulatedDisk disk(options.seed);
  if (options.lying_disk) disk.LieAboutSyncs(storage::DiskFile::kWal);
  Ledger ledger;
  LifeOptions life;
  life.seed = options.seed;
  life.name = absl::StrCat("s", options.seed);
  life.steps = options.steps;
  life.hasty = options.hasty;
  Cutter(options, &report).Live(&disk, &ledger, life, options.cuts, options.depth);
  for (const std::string& finding : ledger.findings()) report.findings.push_back(finding);
  report.revisions = ledger.head();
  report.requests = static_cast<std::int64_t>(ledger.asked());
  return report;
}

}  // namespace netstackd::power
