// Decides requests one after the other on a state that runs ahead of the published one.
#ifndef NETSTACKD_SERVER_EXECUTOR_DECIDER_H_
#define NETSTACKD_SERVER_EXECUTOR_DECIDER_H_

#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/apply.h"
#include "core/state.h"
#include "server/executor/batch.h"
#include "server/executor/options.h"
#include "server/executor/request.h"
#include "server/executor/request_memory.h"

namespace netstackd::executor {

// Ownership  Owns the working state. Borrows the clock, hooks and trace of `options`.
// Threads    The writer thread only.
class Decider {
 public:
  Decider(const Options& options, core::State working)
      : options_(options), working_(std::move(working)) {}

  // What the decisions of one batch stand on.
  struct Ground {
    Revision head = 0;          // newest durable revision
    bool history_full = false;  // nothing that changes anything is accepted
    const RequestMemory* memory = nullptr;
  };

  // Decides and adds the answer to `batch`, and if something changed a record too, which the
  // working state then holds. Runs no rule for a request that was done before.
  void Decide(Pending pending, const Ground& ground, Batch* batch);

  // The batch will never be durable: the working state is what it was before.
  void Drop(const Batch& batch) { batch.TakeBack(working_); }

  const core::State& working() const { return working_; }
  // Wall time in microseconds, the unit the journal keeps.
  absl::Time Now() const;

 private:
  // Fills `answer` and returns true if the request was done before.
  bool Repeat(const Ground& ground, const Batch& batch, Batch::Answer* answer) const;
  absl::StatusOr<Outcome> Run(const Pending& pending, const Ground& ground, Batch* batch);
  // Accepts a transition that changed something, or gives the reason why not.
  absl::StatusOr<Outcome> Accept(const Pending& pending, const Ground& ground, absl::Time now,
                                 Revision revision, core::Transition transition, Batch* batch);

  const Options& options_;
  core::State working_;
};

}  // namespace netstackd::executor

#endif  // NETSTACKD_SERVER_EXECUTOR_DECIDER_H_
