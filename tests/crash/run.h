// Many lives, sixteen writers, and a check after every death.
#ifndef NETSTACKD_TESTS_CRASH_RUN_H_
#define NETSTACKD_TESTS_CRASH_RUN_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/crash/findings.h"
#include "tests/crash/lives.h"
#include "tests/crash/writer.h"

namespace netstackd::crash {

struct RunOptions {
  std::uint64_t seed = 1;
  int writers = 16;
  // It ends when one of them is reached, or something was found.
  std::int64_t kills_max = 20;
  absl::Duration time_max = absl::InfiniteDuration();
  // If there are any: these lives instead of random ones, and an operator in each of them.
  std::vector<Death> script;
  LifeOptions life;
};

struct RunReport {
  std::vector<Finding> findings;
  absl::Duration time;
  std::int64_t kills = 0;
  std::map<std::string, std::int64_t> deaths;  // NameOf(Death::Kind) -> kills
  std::map<std::string, std::int64_t> steps;   // as Lives::StepsDied
  WriterCounts counts;                         // of all writers
  std::int64_t reads = 0;
  std::int64_t backups = 0;
  std::int64_t compactions = 0;
  std::int64_t checks = 0;
  std::int64_t head = 0;  // newest revision
};

// Starts servers, kills them, and checks what every next one finds. The seed decides on requests
// and deaths; the system decides what happens at the same time.
RunReport RunCrashes(const RunOptions& options);

// For people, several lines.
std::string ToText(const RunReport& report);

}  // namespace netstackd::crash

#endif  // NETSTACKD_TESTS_CRASH_RUN_H_
