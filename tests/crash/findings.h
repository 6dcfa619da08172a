// What was found to be wrong.
#ifndef NETSTACKD_TESTS_CRASH_FINDINGS_H_
#define NETSTACKD_TESTS_CRASH_FINDINGS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/mutex.h"

namespace netstackd::crash {

enum class Wrong : std::uint8_t {
  kLost,        // acknowledged or seen, and not there any more
  kHalf,        // a part of a change is there, or one that was refused
  kTwice,       // one request made two changes
  kReplay,      // a repeated request got another answer than the first time
  kOrder,       // a revision did not come after those before it
  kHistory,     // history and objects do not agree
  kUnasked,     // a change nobody asked for
  kNotServing,  // the server does not start, or does not do what it must
};
constexpr const char* NameOf(Wrong wrong) {
  constexpr const char* kNames[] = {"lost",  "half",    "twice",   "replay",
                                    "order", "history", "unasked", "not serving"};
  return kNames[static_cast<std::size_t>(wrong)];
}

struct Finding {
  Wrong wrong;
  std::string what;
};

// Thread-safe. Keeps the first kMax.
class Findings {
 public:
  static constexpr std::size_t kMax = 20;

  void Add(Wrong wrong, std::string what) ABSL_LOCKS_EXCLUDED(mu_) {
    MutexLock lock(&mu_);
    if (all_.size() < kMax) all_.push_back({wrong, std::move(what)});
  }
  std::vector<Finding> all() const ABSL_LOCKS_EXCLUDED(mu_) {
    MutexLock lock(&mu_);
    return all_;
  }
  bool any() const ABSL_LOCKS_EXCLUDED(mu_) {
    MutexLock lock(&mu_);
    return !all_.empty();
  }

 private:
  mutable Mutex mu_;  // leaf lock
  std::vector<Finding> all_ ABSL_GUARDED_BY(mu_);
};

}  // namespace netstackd::crash

#endif  // NETSTACKD_TESTS_CRASH_FINDINGS_H_
