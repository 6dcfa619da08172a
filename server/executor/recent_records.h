// The newest revisions, in memory.
#ifndef NETSTACKD_SERVER_EXECUTOR_RECENT_RECORDS_H_
#define NETSTACKD_SERVER_EXECUTOR_RECENT_RECORDS_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "base/mutex.h"
#include "storage/journal.h"

namespace netstackd::executor {

// Threads  The writer adds and forgets; anyone reads. The lock is held for pointers only.
// Bounds   `max` records, and their bytes in all `bytes_max`, but for the newest record.
class RecentRecords {
 public:
  RecentRecords(std::size_t max, std::int64_t bytes_max) : max_(max), bytes_max_(bytes_max) {}

  // Revisions come in ascending order, without a gap.
  void Add(std::shared_ptr<const storage::Record> record);
  // The revisions below `first` are gone.
  void Forget(storage::Revision first);

  // Null if it is not here.
  std::shared_ptr<const storage::Record> Find(storage::Revision revision) const;
  // From `from` to `to` (both included), at most `limit`; nullopt if `from` is older than all that
  // is here.
  std::optional<std::vector<storage::Record>> Range(storage::Revision from, storage::Revision to,
                                                    std::int64_t limit) const;

 private:
  const std::size_t max_;
  const std::int64_t bytes_max_;
  mutable Mutex mu_;  // leaf lock
  std::deque<std::shared_ptr<const storage::Record>> records_ ABSL_GUARDED_BY(mu_);
  std::int64_t bytes_ ABSL_GUARDED_BY(mu_) = 0;  // of records_
};

}  // namespace netstackd::executor

#endif  // NETSTACKD_SERVER_EXECUTOR_RECENT_RECORDS_H_
