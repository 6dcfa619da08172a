// How those who asked are answered.
#ifndef NETSTACKD_SERVER_EXECUTOR_ANSWERING_H_
#define NETSTACKD_SERVER_EXECUTOR_ANSWERING_H_

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "server/executor/request.h"

namespace netstackd::executor {

// Answers callers one by one; when it goes out of scope every group among them is told, once.
// Not thread-safe.
class Answering {
 public:
  Answering() = default;
  ~Answering() {
    for (const auto& group : groups_) group->Answered();
  }
  Answering(const Answering&) = delete;
  Answering& operator=(const Answering&) = delete;

  void Give(Pending pending, absl::StatusOr<Outcome> outcome) {
    std::shared_ptr<AnswerGroup> group = std::move(pending.request.group);
    pending.done(std::move(outcome));
    if (group == nullptr) return;
    // Neighbours are likely to be of one group.
    if (std::find(groups_.rbegin(), groups_.rend(), group) == groups_.rend()) {
      groups_.push_back(std::move(group));
    }
  }

 private:
  std::vector<std::shared_ptr<AnswerGroup>> groups_;
};

}  // namespace netstackd::executor

#endif  // NETSTACKD_SERVER_EXECUTOR_ANSWERING_H_
