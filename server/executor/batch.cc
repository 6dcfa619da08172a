#include "server/executor/batch.h"

#include "core/apply.h"

namespace netstackd::executor {

void Batch::TakeBack(core::State& working) const {
  for (auto it = deltas.rbegin(); it != deltas.rend(); ++it) core::Unfold(working, *it);
}

}  // namespace netstackd::executor
