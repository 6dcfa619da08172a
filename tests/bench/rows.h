// Where the rows come from. A function measures what is selected and nothing else.
#ifndef NETSTACKD_TESTS_BENCH_ROWS_H_
#define NETSTACKD_TESTS_BENCH_ROWS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/bench/report.h"

namespace netstackd::bench {

struct Setup {
  Selection only;
  std::string directory;  // empty, ours, on a real disk; one sub-directory for each server
  absl::Duration round;   // how long one load is measured
  int rounds = 0;         // how often, each time beside its limits; the median counts
};

absl::StatusOr<std::vector<Row>> DiskRows(const Setup& setup);
absl::StatusOr<std::vector<Row>> DurableRows(const Setup& setup);
absl::StatusOr<std::vector<Row>> WatchRows(const Setup& setup);
// Growth of the rules, of memory, of a restart and of reads with what is there.
absl::StatusOr<std::vector<Row>> CoreRows(const Setup& setup);
absl::StatusOr<std::vector<Row>> MemoryRows(const Setup& setup);
absl::StatusOr<std::vector<Row>> RestartRows(const Setup& setup);
absl::StatusOr<std::vector<Row>> ReadRows(const Setup& setup);

}  // namespace netstackd::bench

#endif  // NETSTACKD_TESTS_BENCH_ROWS_H_
