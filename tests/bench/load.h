// Closed loops: a number of callers, each with one call in flight, and what they saw.
#ifndef NETSTACKD_TESTS_BENCH_LOAD_H_
#define NETSTACKD_TESTS_BENCH_LOAD_H_

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/bench/report.h"

namespace netstackd::bench {

// What one measurement of a load gave.
struct Figures {
  double ops_s = 0;
  double p50_us = 0;
  double p99_us = 0;
  double cpu_us = 0;  // of the server, for each operation; 0: not asked for
};

// CPU time that a process has used so far; zero if there is no such process.
absl::Duration CpuOf(pid_t pid);

// Collects latencies for a while, without those of its first fifth.
class Stopwatch {
 public:
  explicit Stopwatch(absl::Duration length);
  bool Running() const;
  // Something that took `latency` has just ended, and counts as `operations`.
  void Add(absl::Duration latency, int operations = 1);
  Figures Result() const;
  std::int64_t operations() const { return all_operations_; }  // with those not counted above

 private:
  const absl::Duration warm_;  // this and end_: Clock::Steady
  const absl::Duration end_;
  absl::Duration first_;  // when counting began
  absl::Duration last_;
  std::int64_t operations_ = 0;
  std::int64_t all_operations_ = 0;
  std::vector<double> latencies_us_;
};

double Median(std::vector<double> numbers);
// Medians over the rounds.
Row RowOf(const std::string& name, const std::vector<Figures>& rounds);
// The median over the rounds of `f(round of a, round of b)`.
template <typename F>
double MedianRatio(const std::vector<Figures>& a, const std::vector<Figures>& b, const F& f) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) ratios.push_back(f(a[i], b[i]));
  return Median(std::move(ratios));
}

// Appends of 4 KiB, each with fdatasync, to a file of `directory`.
absl::StatusOr<Figures> Fdatasync(const std::string& directory, absl::Duration length);

// Unary calls. The client is one thread on a completion queue, the answers stay bytes: on a small
// machine it takes as little as possible from the server, and the same from each server.
struct Call {
  const std::string* method = nullptr;  // full name; outlives the call
  std::string request;                  // its bytes
};
struct Load {
  std::string target;  // of gRPC
  int callers = 1;     // one connection for each 64
  int operations = 1;  // that one call counts as
  absl::Duration length;
  std::function<Call(int caller)> next;  // what a caller calls next
  pid_t server = 0;                      // whose CPU time is to be told
};
// Errors: that of the first call that failed.
absl::StatusOr<Figures> Run(const Load& load);

// Requests of one TransactStream; a latency ends with the answer that acknowledges it.
struct StreamLoad {
  std::string target;
  int in_flight = 1;
  absl::Duration length;
  std::function<std::string(int number)> next;  // number: 0 to in_flight - 1, in turns
  pid_t server = 0;
};
// Errors: that of the stream, or of the first request that failed.
absl::StatusOr<Figures> Run(const StreamLoad& load);

}  // namespace netstackd::bench

#endif  // NETSTACKD_TESTS_BENCH_LOAD_H_
