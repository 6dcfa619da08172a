// What groups and interfaces were called at an earlier revision, also those that are gone.
#ifndef NETSTACKD_SERVER_RPC_NAME_HISTORY_H_
#define NETSTACKD_SERVER_RPC_NAME_HISTORY_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "core/delta.h"
#include "server/executor/executor.h"
#include "server/rpc/worker.h"

namespace netstackd::rpc {

// Collects the names that ended, by a rename or a removal, from the kept history. Every record is
// decoded at most once, and only if a name as old as it was asked for.
//
// Ownership  Borrows both, which outlive it.
// Threads    Any; Reach goes on on the worker.
// Bounds     kNamesMax names, what comes beyond is not kept; one Reach decodes at most kLookMax
//            records.
class NameHistory {
 public:
  static constexpr std::size_t kNamesMax = 100'000;
  static constexpr std::int64_t kLookMax = 100'000;

  NameHistory(executor::Executor* executor, Worker* worker)
      : executor_(executor), worker_(worker) {}

  // Calls `done` on the worker when all names that ended after `revision` are known, as far as the
  // history and kLookMax allow.
  void Reach(executor::Revision revision, std::function<void()> done);

  // What the object was called at `revision`, if that name ended later and was reached; otherwise
  // it is called that still.
  std::optional<std::string> At(std::uint64_t uid, executor::Revision revision) const;

 private:
  struct Search {
    executor::Revision revision = 0;  // asked for
    std::int64_t left = kLookMax;
    std::function<void()> done;
  };

  void Step(Search search);
  void Take(Search search, bool upwards,
            const absl::StatusOr<std::vector<storage::Record>>& records);
  // Of a record just above or below what is known; others are passed over.
  void Note(const storage::Record& record);
  void NoteEnds(executor::Revision revision, const std::vector<core::Delta>& deltas)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void NoteEnd(std::uint64_t uid, executor::Revision revision, const std::string& name)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // If there are too many, drops those that ended before everything that is kept.
  void Forget(executor::Revision kept) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  executor::Executor* const executor_;
  Worker* const worker_;
  mutable Mutex mu_;                                   // leaf lock
  executor::Revision first_ ABSL_GUARDED_BY(mu_) = 0;  // known from here; 0: nothing is
  executor::Revision last_ ABSL_GUARDED_BY(mu_) = 0;   // to here
  std::size_t size_ ABSL_GUARDED_BY(mu_) = 0;          // names in ended_
  std::map<std::uint64_t, std::map<executor::Revision, std::string>> ended_ ABSL_GUARDED_BY(mu_);
};

}  // namespace netstackd::rpc

#endif  // NETSTACKD_SERVER_RPC_NAME_HISTORY_H_
