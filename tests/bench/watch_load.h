// Watchers of one server, and writers that give them something to see.
#ifndef NETSTACKD_TESTS_BENCH_WATCH_LOAD_H_
#define NETSTACKD_TESTS_BENCH_WATCH_LOAD_H_

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/bench/load.h"

namespace netstackd::bench {

// What one message told a watcher.
struct Seen {
  bool ready = false;  // the watch stands
  int events = 0;
};

struct WatchLoad {
  std::string target;
  std::string method;   // of the watch
  std::string request;  // bytes; the only message of the client
  bool half_close = false;
  std::function<Seen(const char* bytes, std::size_t size)> look;
  int watchers = 1;
  int writers = 1;
  // Changes that may be written and not have come to all watchers, on average; the writers wait
  // then, as a server that drops or ends slow watchers would not be measured.
  int behind_max = 1;
  absl::Duration length;
  std::function<Call(int writer)> next;  // every call makes one event for every watcher
  pid_t server = 0;
};

struct WatchFigures {
  Figures events;   // events that came, all watchers together; its latency is from the beginning
                    // of a write to the event, measured only with behind_max 1
  Figures writers;  // their calls
};

// All of it is one thread on a completion queue. Errors: that of the first call that failed.
absl::StatusOr<WatchFigures> Run(const WatchLoad& load);

}  // namespace netstackd::bench

#endif  // NETSTACKD_TESTS_BENCH_WATCH_LOAD_H_
