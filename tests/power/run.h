// A life whose power is cut at every step, each time with a life after that.
#ifndef NETSTACKD_TESTS_POWER_RUN_H_
#define NETSTACKD_TESTS_POWER_RUN_H_

#include <cstdint>
#include <string>
#include <vector>

namespace netstackd::power {

struct RunOptions {
  std::uint64_t seed = 1;
  int steps = 20;   // of the first life
  double cuts = 1;  // share of its changes to the disk before which the power goes
  // Power losses in the lives after a power loss, recovery included: so deep, and so many on
  // average for each life.
  int depth = 2;
  double nested_cuts = 1;
  bool hasty = false;       // a build that answers before it commits
  bool lying_disk = false;  // a disk whose syncs of the log do nothing
};

struct RunReport {
  std::int64_t power_losses = 0;
  std::int64_t kills = 0;          // of the process, the disk unsynced
  std::int64_t double_faults = 0;  // of both, in a life after one
  std::int64_t changes = 0;        // of the disk in the first life
  std::int64_t revisions = 0;      // in the first life
  std::int64_t requests = 0;
  std::vector<std::string> findings;  // empty: nothing is wrong
};

// Everything follows from the seed.
RunReport RunPowerLosses(const RunOptions& options);

}  // namespace netstackd::power

#endif  // NETSTACKD_TESTS_POWER_RUN_H_
