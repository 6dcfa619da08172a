// The state that readers see.
#ifndef NETSTACKD_SERVER_EXECUTOR_PUBLISHED_H_
#define NETSTACKD_SERVER_EXECUTOR_PUBLISHED_H_

#include <array>
#include <memory>

#include "base/mutex.h"
#include "core/state.h"
#include "server/executor/listener.h"
#include "storage/journal.h"

namespace netstackd::executor {

// Durable as a whole: `state` is exactly what the journal holds up to `revision`. Only the writer
// thread changes it, one batch under one lock, so that a reader sees a revision whole or not at
// all.
struct Published {
  mutable Mutex mu;  // leaf lock
  core::State state ABSL_GUARDED_BY(mu);
  storage::Revision revision ABSL_GUARDED_BY(mu) = 0;
  // By Seat; null: nobody listens.
  std::array<std::shared_ptr<Listener>, kSeats> listeners ABSL_GUARDED_BY(mu);
};

}  // namespace netstackd::executor

#endif  // NETSTACKD_SERVER_EXECUTOR_PUBLISHED_H_
