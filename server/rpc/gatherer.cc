#include "server/rpc/gatherer.h"

#include <utility>

namespace netstackd::rpc {

Gatherer::Gatherer(executor::Executor* executor, transport::CallServer* calls)
    : executor_(executor), calls_(calls) {
  calls_->SetIdle([this] { HandOver(); });
}

void Gatherer::Add(executor::Request request, executor::Done done) {
  gathered_.push_back({std::move(request), std::move(done)});
  if (gathered_.size() >= kTogetherMax) return HandOver();
  calls_->AskForIdle();
}

void Gatherer::HandOver() {
  if (gathered_.empty()) return;
  auto together = std::exchange(gathered_, {});
  if (together.size() > 1 || !calls_->Lonely()) {
    return executor_->SubmitTogether(std::move(together), false);
  }
  // A lonely caller waits for this thread and the disk only: a thread that has to be woken first
  // would take longer.
  calls_->Away([&] { executor_->SubmitTogether(std::move(together), true); });
}

}  // namespace netstackd::rpc
