// How much history is kept, and what may go.
#ifndef NETSTACKD_SERVER_EXECUTOR_KEPT_HISTORY_H_
#define NETSTACKD_SERVER_EXECUTOR_KEPT_HISTORY_H_

#include <cstdint>
#include <deque>

#include "absl/time/time.h"
#include "server/executor/options.h"
#include "storage/journal.h"

namespace netstackd::executor {

// Knows time and size of every kept revision, 16 bytes each. Not thread-safe.
class KeptHistory {
 public:
  struct Limits {
    std::int64_t revisions_max = 0;
    std::int64_t bytes_max = 0;
    absl::Duration age_max;
    absl::Duration age_min;  // a younger revision stays, whatever the other limits say
  };
  static Limits LimitsOf(const Options& options);

  explicit KeptHistory(const Limits& limits) : limits_(limits) {}

  // Revisions come in ascending order, without a gap.
  void Add(const storage::Record& record);
  // The revisions below `first` are gone.
  void Forget(storage::Revision first);

  // The oldest revision to keep: below it go those that break a limit or are below `asked`, oldest
  // first, but none above `floor`, none younger than age_min, and at most `most` of them.
  storage::Revision KeepFrom(absl::Time now, storage::Revision floor, storage::Revision asked,
                             std::int64_t most) const;
  // The limit on bytes is reached, and even the oldest revision is too young to go.
  bool Full(absl::Time now) const;
  bool over_bytes() const { return bytes_ >= limits_.bytes_max; }

  storage::Revision first() const { return first_; }
  std::int64_t size() const { return static_cast<std::int64_t>(rows_.size()); }
  std::int64_t bytes() const { return bytes_; }

 private:
  struct Row {
    std::int64_t time_micros;
    std::int64_t bytes;
  };

  const Limits limits_;
  storage::Revision first_ = 1;  // of rows_, or of the next one
  std::deque<Row> rows_;
  std::int64_t bytes_ = 0;
};

}  // namespace netstackd::executor

#endif  // NETSTACKD_SERVER_EXECUTOR_KEPT_HISTORY_H_
