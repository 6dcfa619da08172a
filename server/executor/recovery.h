// From a journal to the state it stands for. Folds only: no rule is run.
#ifndef NETSTACKD_SERVER_EXECUTOR_RECOVERY_H_
#define NETSTACKD_SERVER_EXECUTOR_RECOVERY_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "core/delta.h"
#include "core/state.h"
#include "storage/journal.h"

namespace netstackd::executor {

struct RecoveredState {
  core::State state;
  storage::Revision revision = 0;  // newest durable one
  std::int64_t objects = 0;        // read from the object table, tombstones included
  std::int64_t records = 0;        // kept revisions that were read
  std::uint32_t format = 0;        // newest one that anything was written in; 0: nothing is there
};

// Told every kept revision, oldest first, with its deltas; they are empty at and below the floor.
using RecordVisitor =
    std::function<void(storage::Record record, const std::vector<core::Delta>& deltas)>;

// Reads `journal` whole: object table, then the revisions above its floor, leaving out images that
// are older than the table's. `visit` may be null. Cost: O(journal).
//
// Errors: those of Journal::Load; JOURNAL_CORRUPT if bytes cannot be decoded, if a revision does
// not begin where the one before it ended, or if the state breaks an invariant (named).
absl::StatusOr<RecoveredState> Recover(storage::Journal& journal,
                                       const RecordVisitor& visit = nullptr);

}  // namespace netstackd::executor

#endif  // NETSTACKD_SERVER_EXECUTOR_RECOVERY_H_
