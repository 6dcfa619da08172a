// Histories of a real server that is killed in between.
#ifndef NETSTACKD_TESTS_LINEARIZABILITY_RUN_H_
#define NETSTACKD_TESTS_LINEARIZABILITY_RUN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/crash/lives.h"

namespace netstackd::linearizability {

struct RunOptions {
  std::uint64_t seed = 1;
  int clients = 8;
  int objects = 3;          // in each round, new ones
  int lives = 4;            // of the server in a round, the last one ends it
  std::int64_t calls = 60;  // answered in a life
  // It ends when one of them is reached, or a history cannot be explained.
  std::int64_t rounds_max = 5;
  absl::Duration time_max = absl::InfiniteDuration();
  crash::LifeOptions life;
};

struct RunReport {
  // Histories that no order explains, and whatever else went wrong.
  std::vector<std::string> findings;
  absl::Duration time;
  std::int64_t rounds = 0;
  std::int64_t kills = 0;
  std::int64_t histories = 0;
  std::int64_t operations = 0;
  std::int64_t unanswered = 0;  // given up
  std::int64_t too_long = 0;    // histories whose search was given up
};

// The seed decides on requests and deaths; the system decides what happens at the same time.
RunReport RunHistories(const RunOptions& options);

std::string ToText(const RunReport& report);

}  // namespace netstackd::linearizability

#endif  // NETSTACKD_TESTS_LINEARIZABILITY_RUN_H_
