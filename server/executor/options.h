// What the executor can be told, and what it tells about itself.
#ifndef NETSTACKD_SERVER_EXECUTOR_OPTIONS_H_
#define NETSTACKD_SERVER_EXECUTOR_OPTIONS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "core/apply.h"
#include "storage/journal.h"

namespace netstackd::executor {

struct Options {
  const Clock* clock = &Clock::Real();
  core::Limits limits;
  core::Hooks* hooks = nullptr;
  core::Trace* trace = nullptr;
  std::size_t queue_max = 10000;         // commands that wait; more: QUOTA_EXCEEDED
  std::size_t batch_max = 1024;          // transactions made durable together
  std::int64_t history_max = 1'000'000;  // revisions kept
  std::int64_t history_bytes_max = std::int64_t{1} << 30;
  absl::Duration history_age_max = absl::Hours(24);
  absl::Duration history_age_min = absl::Minutes(10);  // never younger, whatever the limits say
  std::size_t recent_max = 10'000;                     // newest revisions also kept in memory
  std::int64_t recent_bytes_max = 8 << 20;             // bytes of them
  std::int64_t floor_lag_max = 20'000;  // head - floor that starts a checkpoint under load
  std::size_t checkpoint_chunk = 500;   // objects written at a time
  // What waits for a time waits at least so long after a start.
  absl::Duration grace = absl::Seconds(15);
  // Called at a start, before anything is written, if all that is there was written in an older
  // format: from then on the program that wrote it will refuse it. An error ends the start. Null:
  // nothing is done.
  std::function<absl::Status(std::uint32_t format, storage::Revision head)> before_upgrade;
};

// What an operator wants to know.
struct Status {
  std::string store_id;
  storage::Extent extent;
  storage::Usage usage;
  bool writable = true;
  std::string read_only_reason;  // empty if writable
  absl::Time started;
  absl::Duration recovery;  // from opening the journal to the published state
  std::int64_t recovered_objects = 0;
  std::int64_t recovered_records = 0;
  std::size_t queued = 0;
};

}  // namespace netstackd::executor

#endif  // NETSTACKD_SERVER_EXECUTOR_OPTIONS_H_
