// The writer: takes what is queued, has it decided, committed and answered, and in between
// keeps the journal tidy.
#ifndef NETSTACKD_SERVER_EXECUTOR_WRITER_H_
#define NETSTACKD_SERVER_EXECUTOR_WRITER_H_

#include <cstdint>
#include <optional>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/thread_role.h"
#include "server/executor/answering.h"
#include "server/executor/batch.h"
#include "server/executor/decider.h"
#include "server/executor/helper_thread.h"
#include "server/executor/options.h"
#include "server/executor/store.h"
#include "server/executor/submission_queue.h"

namespace netstackd::executor {

// Ownership  Owns the thread and the working state. Borrows everything it is made with, which must
//            outlive it.
// Threads    Start and Join from one thread. `role_` is played by whoever has the turn of the
//            queue: the writer thread, or a caller in Lead. Maintenance, timers and orders are the
//            writer thread's alone.
// Order      Requests in the order of the queue. A timer that falls due waits until everything that
//            was queued at that moment is decided.
// Bounds     A batch ends after kBatchBytesMax, whatever is queued. One step of maintenance writes
//            or deletes one chunk.
class Writer {
 public:
  static constexpr std::int64_t kBatchBytesMax = 16 << 20;

  Writer(const Options& options, storage::Journal* journal, SubmissionQueue* queue,
         HelperThread* helper, RecentRecords* recent, WriteGate* gate, Store store,
         core::State working);

  // Before Start: nobody was there for so long.
  void Restarted(absl::Duration down);
  void Start();
  // By a caller to whom SubmissionQueue::Push gave the turn: does the work of the writer
  // thread for what is queued now, in its place.
  void Lead();
  // After SubmissionQueue::Close; waits for the thread.
  void Join();

 private:
  void Run();
  // One round; false after the last.
  bool Step() ABSL_EXCLUSIVE_LOCKS_REQUIRED(role_);

  void Process(std::vector<Pending> requests) ABSL_EXCLUSIVE_LOCKS_REQUIRED(role_);
  void Decide(Pending pending, Batch* batch) ABSL_EXCLUSIVE_LOCKS_REQUIRED(role_);
  // Makes the batch durable and answers everyone in it; leaves an empty one.
  void Commit(Batch* batch) ABSL_EXCLUSIVE_LOCKS_REQUIRED(role_);
  void Replay(Revision revision, Pending pending, Answering* answering)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(role_);
  void FireDueTimers() ABSL_EXCLUSIVE_LOCKS_REQUIRED(role_);
  // Adds the time in which nothing could be committed to all deadlines, before anything is decided
  // after it.
  void DelayDeadlines() ABSL_EXCLUSIVE_LOCKS_REQUIRED(role_);
  // Decides and commits something that nobody asked for.
  absl::StatusOr<Outcome> Perform(core::Op op, const char* method)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(role_);

  // What is to be done beside requests. True if something was done.
  bool Maintain() ABSL_EXCLUSIVE_LOCKS_REQUIRED(role_);
  bool TrailIsDue() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(role_);
  bool CompactionIsDue() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(role_);
  void Probe() ABSL_EXCLUSIVE_LOCKS_REQUIRED(role_);
  // Revisions below this one may go because somebody asked for it. 0: nobody did.
  Revision Asked() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(role_);
  // Answers the orders that are carried out, or all if abandoned. `worked`: what Maintain said.
  void CompleteOrders(bool abandoned, bool worked) ABSL_EXCLUSIVE_LOCKS_REQUIRED(role_);
  bool IsDone(bool worked, PlacedOrder* placed) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(role_);
  void Answer(bool abandoned, Order* order) ABSL_EXCLUSIVE_LOCKS_REQUIRED(role_);
  // How long nothing has to be done unless something is queued.
  absl::Duration WaitTime() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(role_);
  absl::Duration Quiet() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(role_);

  const Options& options_;
  storage::Journal* const journal_;
  SubmissionQueue* const queue_;
  HelperThread* const helper_;
  RecentRecords* const recent_;
  WriteGate* const gate_;

  ThreadRole role_;
  Store store_ ABSL_GUARDED_BY(role_);
  Decider decider_ ABSL_GUARDED_BY(role_);
  std::optional<Batch> undecided_ ABSL_GUARDED_BY(role_);  // its callers have been answered
  std::vector<PlacedOrder> orders_ ABSL_GUARDED_BY(role_);
  std::optional<std::uint64_t> timer_barrier_ ABSL_GUARDED_BY(role_);  // requests before a timer
  absl::Duration timers_not_before_ ABSL_GUARDED_BY(role_);            // Clock::Steady
  absl::Duration lost_ ABSL_GUARDED_BY(role_);  // time to be added to the deadlines
  std::optional<absl::Duration> closed_since_ ABSL_GUARDED_BY(role_);  // the gate; Clock::Steady
  absl::Time deadlines_not_before_ ABSL_GUARDED_BY(role_) = absl::InfinitePast();
  absl::Duration last_work_ ABSL_GUARDED_BY(role_);  // Clock::Steady
  bool idled_ ABSL_GUARDED_BY(role_) = false;        // Journal::Idle was called since the last work
  bool closing_ ABSL_GUARDED_BY(role_) = false;
  std::thread thread_;
};

}  // namespace netstackd::executor

#endif  // NETSTACKD_SERVER_EXECUTOR_WRITER_H_
