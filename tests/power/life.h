// One life of a server on a simulated disk: recovery, a check, and a script of work.
#ifndef NETSTACKD_TESTS_POWER_LIFE_H_
#define NETSTACKD_TESTS_POWER_LIFE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "server/executor/executor.h"
#include "storage/faulty/simulated_disk.h"
#include "tests/power/ledger.h"
#include "tests/power/script.h"
#include "tests/power/wrapped_journal.h"

namespace netstackd::power {

inline constexpr char kDirectory[] = "/state";

struct LifeOptions {
  std::uint64_t seed = 1;
  std::string name;  // of its request ids
  int steps = 20;
  absl::Time begin = absl::FromUnixSeconds(1'700'000'000);
  bool hasty = false;  // with the bug of HastyJournal
  // Failures are expected: what is refused is tried again, for a while.
  bool patient = false;
};

// The real executor on the real journal. Every step is begun from the answer to the one before, on
// the thread that gave it, so that a life is the same each time.
//
// Ownership  borrows disk and ledger.
// Threads    Run from one thread; the rest runs on the executor's.
class Life {
 public:
  Life(storage::SimulatedDisk* disk, Ledger* ledger, const LifeOptions& options);
  ~Life();

  // From the start to a clean end. Findings go to the ledger.
  void Run();
  // Wall time at the end.
  absl::Time now() const { return clock_.Now(); }

 private:
  absl::Status Start();
  void AwaitEnd();
  void CheckSideFile();
  void Begin();  // the next step, or the end
  void Ask(const RequestPtr& request, int attempt);
  void Answered(const RequestPtr& request, int attempt,
                const absl::StatusOr<executor::Outcome>& outcome);
  void Arrived();  // one answer of the present step
  void Finish();

  storage::SimulatedDisk* const disk_;
  Ledger* const ledger_;
  const LifeOptions options_;
  FakeClock clock_;
  Script script_;
  std::unique_ptr<WitnessJournal> journal_;
  std::unique_ptr<executor::Executor> executor_;
  std::vector<std::string> warnings_;
  std::optional<Step> first_;
  int begun_ = 0;  // steps
  int backups_ = 0;
  bool idling_ = false;

  Mutex mu_;
  CondVar ended_;
  int open_ ABSL_GUARDED_BY(mu_) = 0;  // answers that the present step waits for
  int answers_ ABSL_GUARDED_BY(mu_) = 0;
  bool over_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace netstackd::power

#endif  // NETSTACKD_TESTS_POWER_LIFE_H_
