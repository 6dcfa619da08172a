// Limits of the watch hub; each has its name in the error that it causes.
#ifndef NETSTACKD_SERVER_WATCH_OPTIONS_H_
#define NETSTACKD_SERVER_WATCH_OPTIONS_H_

#include <cstddef>

#include "absl/time/time.h"
#include "base/clock.h"

namespace netstackd::watch {

struct Options {
  const Clock* clock = &Clock::Real();
  std::size_t watchers_max = 2000;   // open watches; more: QUOTA_EXCEEDED
  std::size_t selections_max = 256;  // different ones: each costs a look at every revision
  std::size_t snapshots_max = 16;    // of different revisions, held for those who still read them
  std::size_t snapshots_cached = 4;  // kept for late comers although nobody reads them
  // What may wait for one reader behind what is under way. Beyond: WATCHER_TOO_SLOW.
  std::size_t pending_bytes_max = 8u << 20;
  std::size_t pending_events_max = 10'000;
  // A message is at most this, a little below the limit of the transport.
  std::size_t message_bytes_max = 960u << 10;
  // What is encoded as one piece; half of it may come on top.
  std::size_t part_bytes_max = 256 * 1024;
  // Newest revisions kept with their events, for those who resume.
  std::size_t recent_revisions_max = 10'000;
  std::size_t recent_bytes_max = 16u << 20;  // estimated
  std::size_t changes_max = 20'000;          // published and not looked at; beyond: read again
  std::size_t slice_objects = 500;           // looked at before others have their turn
  std::size_t slice_revisions = 256;
  absl::Duration stall_max = absl::Seconds(60);         // a message that is not taken
  absl::Duration replay_stall_max = absl::Seconds(10);  // the same, of who holds up others
  absl::Duration drain_max = absl::Milliseconds(500);   // the same, while the server stops
  absl::Duration linger = absl::Seconds(30);            // the copy of the state outlives its use
};

}  // namespace netstackd::watch

#endif  // NETSTACKD_SERVER_WATCH_OPTIONS_H_
