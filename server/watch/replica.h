// A state of its own that is taken from revision to revision, and tells what each did.
#ifndef NETSTACKD_SERVER_WATCH_REPLICA_H_
#define NETSTACKD_SERVER_WATCH_REPLICA_H_

#include <memory>
#include <utility>

#include "core/state.h"
#include "server/executor/listener.h"
#include "server/watch/revision_events.h"

namespace netstackd::watch {

// Begins as a copy of the published state, which costs nothing, and folds the same deltas, so that
// views of exactly one revision can be collected without a lock.
// Threads  One at a time.
class Replica {
 public:
  // `state` is that of `revision`.
  Replica(core::State state, Revision revision) : state_(std::move(state)), revision_(revision) {}

  const core::State& state() const { return state_; }
  Revision revision() const { return revision_; }

  // `state` is that of the same revision; whoever else holds it shares the memory from now on.
  void Share(core::State state) { state_ = std::move(state); }

  // Folds the next revision. `dependents`: list those of renames, which costs what they are;
  // everything else costs what the revision changed.
  std::shared_ptr<RevisionEvents> Advance(const executor::Change& change, bool dependents);

 private:
  core::State state_;
  Revision revision_;
};

}  // namespace netstackd::watch

#endif  // NETSTACKD_SERVER_WATCH_REPLICA_H_
