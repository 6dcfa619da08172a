// Death at every step, one after the other.
#ifndef NETSTACKD_TESTS_CRASH_SWEEP_H_
#define NETSTACKD_TESTS_CRASH_SWEEP_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/crash/run.h"

namespace netstackd::crash {

// On a directory where nothing was, or on one that a server left that was killed.
enum class Ground : std::uint8_t { kFresh, kCrashed };

// A short life with one writer, one who makes backups and compacts, and a clean stop; it dies at
// `step` if it comes to that. A second life, and the whole check.
RunReport RunStep(std::uint64_t seed, Ground ground, const Failpoint& step);

struct SweepOptions {
  std::uint64_t seed = 1;
  std::int64_t first = 1;   // the first call of any kind at which it dies
  std::int64_t stride = 1;  // from one to the next
};
struct SweepReport {
  std::int64_t lives = 0;
  std::int64_t kills = 0;
  std::map<std::string, std::int64_t> steps;  // as RunReport
  // "--step any:17:half --ground fresh": what was found.
  std::vector<std::string> findings;
};
// All steps that come before the end of such a life, before, in the middle and after, on both
// grounds. Ends early if something is found.
SweepReport RunSweep(const SweepOptions& options);

}  // namespace netstackd::crash

#endif  // NETSTACKD_TESTS_CRASH_SWEEP_H_
