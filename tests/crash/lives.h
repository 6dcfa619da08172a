// One server after the other on the same directory, each with a death of its own.
#ifndef NETSTACKD_TESTS_CRASH_LIVES_H_
#define NETSTACKD_TESTS_CRASH_LIVES_H_

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "netstackd/stub.h"
#include "storage/testing/temporary_directory.h"
#include "tests/crash/failpoint.h"
#include "tests/crash/nursery.h"
#include "tests/support/server_process.h"

namespace netstackd::crash {

// How a life is to end.
struct Death {
  enum class Kind : std::uint8_t {
    kRandom,   // SIGKILL while it serves
    kStartUp,  // SIGKILL before it serves, if it comes in time
    kStop,     // SIGTERM, then SIGKILL, if it comes in time
    kStep,     // SIGKILL by itself at a call on a file
    kNone,     // SIGTERM
  } kind = Kind::kRandom;
  absl::Duration after;    // from the start, or from SIGTERM
  std::int64_t calls = 0;  // answered while it serves
  Failpoint step;
  bool stops = false;  // kStep: SIGTERM instead of SIGKILL if it does not come to that step
};
const char* NameOf(Death::Kind kind);
// Any of the first four.
Death RandomDeath(std::mt19937_64* random);

// Which program serves.
struct LifeOptions {
  // netstackd itself instead of crash_server: no steps.
  bool product = false;
  int early_ack_ms = -1;   // a bug: answers come so much before the commit; below 0: they do not
  bool forgetful = false;  // a bug: request ids are not known any more after a start
};

// Owns the directory and the process that runs on it.
// Threads  one.
class Lives {
 public:
  static absl::StatusOr<std::unique_ptr<Lives>> Begin(const LifeOptions& options);

  // Starts the next one; it need not come so far that it serves.
  absl::Status Launch(const Death& death);
  // True if it serves; false if it died before. Errors: it ended by itself, or takes too long.
  absl::StatusOr<bool> AwaitReady();
  testing_support::ServerProcess& process() { return *process_; }
  // New connections to the one that runs.
  std::vector<std::shared_ptr<Stub>> Connect(int count) const;
  // Deaths by step, as the servers themselves told them: "write wal half" -> how many.
  std::map<std::string, std::int64_t> StepsDied() const;
  const std::string& directory() const { return directory_.path(); }

 private:
  explicit Lives(const LifeOptions& options) : options_(options) {}

  const LifeOptions options_;
  const storage::testing_support::TemporaryDirectory directory_;
  std::unique_ptr<Nursery> nursery_;  // null for the product
  std::unique_ptr<testing_support::ServerProcess> process_;
};

}  // namespace netstackd::crash

#endif  // NETSTACKD_TESTS_CRASH_LIVES_H_
