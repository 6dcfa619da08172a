// The one writer: decides, makes durable, publishes, answers; and the reads of what is published.
#ifndef NETSTACKD_SERVER_EXECUTOR_EXECUTOR_H_
#define NETSTACKD_SERVER_EXECUTOR_EXECUTOR_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/mutex.h"
#include "core/state.h"
#include "server/executor/listener.h"
#include "server/executor/options.h"
#include "server/executor/published.h"
#include "server/executor/request.h"
#include "storage/journal.h"

namespace netstackd::executor {

// Owns the authoritative state and is the only code that changes it.
//
// Ownership  Borrows `journal`, which must outlive it and be used by nobody else.
// Threads    Everything public may be called from any thread. One private writer thread runs the
//            rules and the journal; one helper thread runs history reads and backups. A callback
//            that is called by one of the two calls nothing here that waits (Execute, Flush, Stop).
// Order      A transaction is durable before it is published, and published before its caller is
//            answered. No answer overtakes durability: rejections, no-ops and replays decided on a
//            state that is not durable yet leave together with the batch.
// Bounds     Options; Submit never blocks on the disk; SubmitTogether may, for one batch.
class Executor {
 public:
  // Recovers and starts. Errors: those of Journal::Load; JOURNAL_CORRUPT also if what was recovered
  // breaks an invariant.
  static absl::StatusOr<std::unique_ptr<Executor>> Start(const Options& options,
                                                         storage::Journal* journal);
  ~Executor();  // as Stop(absl::ZeroDuration())

  // Errors, and `done` is then never called: QUOTA_EXCEEDED, SERVER_DRAINING; INVARIANT_VIOLATED
  // if the request has no principal. Otherwise `done` gets the outcome, or what the rules say, or:
  //   REQUEST_ID_REUSED   the id stands for another request
  //   QUOTA_EXCEEDED      the kept history is full, or the transaction is too large
  //   STORE_READ_ONLY, RESOURCE_EXHAUSTED   nothing was changed: the journal could not be written
  //   OUTCOME_UNKNOWN     the journal does not tell whether anything was changed
  //   SERVER_DRAINING     nothing was changed: Stop did not wait for it
  absl::Status Submit(Request request, Done done);
  // The same for many, handed over at once; what Submit would return goes to `done`. If there is
  // one only, the writer has nothing to do and `may_lead` is set, the calling thread takes the
  // place of the writer: it waits for the disk, and `done` is called before this returns. That
  // saves two changes of threads, which is most of what a lonely caller waits for beside the disk.
  struct Submission {
    Request request;
    Done done;
  };
  void SubmitTogether(std::vector<Submission> submissions, bool may_lead);
  // The same, waiting for the answer. Not from a gRPC thread and not from `done`.
  absl::StatusOr<Outcome> Execute(Request request);

  // Calls `read(state, revision)` on the published state and returns what it returns. Leaf lock:
  // the callable is short (at most 1,000 objects), keeps images but no references, calls nothing.
  template <typename F>
  auto Read(F&& read) const {
    MutexLock lock(&published_->mu);
    return read(static_cast<const core::State&>(published_->state),
                static_cast<Revision>(published_->revision));
  }

  // Kept records that are published, oldest first, at most `limit`; from memory if they are recent
  // (`done` is then called at once), otherwise read on the helper thread. Empty if `from` is above
  // the newest. Errors: WATCH_COMPACTED, QUOTA_EXCEEDED, INVALID_REQUEST.
  void History(Revision from, Revision to, std::int64_t limit,
               std::function<void(absl::StatusOr<std::vector<storage::Record>>)> done);
  // `listener` hears of every revision that Read does not show yet, in place of whoever had this
  // seat before; null: nobody does. A call of the old one may be under way when this returns.
  void Listen(std::shared_ptr<Listener> listener, Seat seat = Seat::kWatch);

  // Writes a verified copy of the journal to `path`; `done` gets its newest revision.
  void Backup(const std::string& path, std::function<void(absl::StatusOr<Revision>)> done);
  // Forgets kept revisions below `keep_from` as far as the rules of kept history allow; `done` gets
  // the first kept revision.
  void Compact(Revision keep_from, std::function<void(absl::StatusOr<Revision>)> done);

  // Waits until everything submitted so far is answered, timers that are due have fired, the object
  // table has caught up and what may be forgotten is; without the latter two if writes are refused.
  void Flush();
  // Refuses new work, answers what waits until `deadline` has passed, then refuses that too. Waits
  // longer only for a call of the journal that does not return. Idempotent.
  void Stop(absl::Duration deadline);

  Status GetStatus() const;

 private:
  class Impl;
  Executor(std::unique_ptr<Published> published, std::unique_ptr<Impl> impl);

  const std::unique_ptr<Published> published_;  // the writer publishes here
  const std::unique_ptr<Impl> impl_;
};

}  // namespace netstackd::executor

#endif  // NETSTACKD_SERVER_EXECUTOR_EXECUTOR_H_
