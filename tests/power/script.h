// What clients and the passing of time do to a server in one life.
#ifndef NETSTACKD_TESTS_POWER_SCRIPT_H_
#define NETSTACKD_TESTS_POWER_SCRIPT_H_

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "server/executor/request.h"

namespace netstackd::power {

using RequestPtr = std::shared_ptr<const executor::Request>;

struct Step {
  enum class Kind : std::uint8_t {
    kAsk,      // these requests, as one batch
    kCompact,  // the object table catches up, and old history goes
    kBackup,
    kIdle,  // long enough for the log to be emptied
  } kind = Kind::kAsk;
  std::vector<RequestPtr> requests;
};

// Draws requests over a world so small that they meet each other. Not thread-safe; the sequence
// follows from the seed.
class Script {
 public:
  // Request ids begin with `name`.
  Script(std::uint64_t seed, std::string name) : random_(seed), name_(std::move(name)) {}

  Step Next();
  // Makes the group that is never deleted; refused if it is there.
  RequestPtr Anchor();

 private:
  RequestPtr Touch();  // always changes that group
  RequestPtr Make(std::vector<core::Command> commands);
  core::Command Any();
  RequestPtr Large();
  std::uint64_t Pick(std::uint64_t n) { return random_() % n; }

  std::mt19937_64 random_;
  const std::string name_;
  int made_ = 0;
  bool asked_ = false;  // by the newest step
};

}  // namespace netstackd::power

#endif  // NETSTACKD_TESTS_POWER_SCRIPT_H_
