// One group commit: transactions that become durable together, and everyone who waits for them.
#ifndef NETSTACKD_SERVER_EXECUTOR_BATCH_H_
#define NETSTACKD_SERVER_EXECUTOR_BATCH_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/statusor.h"
#include "core/delta.h"
#include "core/state.h"
#include "server/executor/request.h"
#include "server/executor/request_memory.h"
#include "storage/journal.h"

namespace netstackd::executor {

// Not thread-safe. A plain value; movable.
struct Batch {
  // A decision that waits for the batch to be durable.
  struct Answer {
    Pending pending;
    absl::StatusOr<Outcome> result = Outcome{};
    Revision replay_of = 0;  // not 0: the answer is that of this older revision
  };

  std::vector<storage::Record> records;           // without a gap
  std::vector<std::vector<core::Delta>> deltas;   // one list for each record
  std::vector<std::optional<RequestMark>> marks;  // one for each record
  std::vector<Answer> answers;                    // in the order of decision
  absl::btree_map<Digest, std::size_t> requests;  // request ids of `records`
  std::int64_t bytes = 0;                         // of `records`
  core::State state;                              // after the last record; set when it is committed

  // Takes every transition back out of the state it was decided on, newest first.
  void TakeBack(core::State& working) const;
};

}  // namespace netstackd::executor

#endif  // NETSTACKD_SERVER_EXECUTOR_BATCH_H_
