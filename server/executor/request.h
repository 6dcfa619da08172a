// What is asked of the executor, and what it answers.
#ifndef NETSTACKD_SERVER_EXECUTOR_REQUEST_H_
#define NETSTACKD_SERVER_EXECUTOR_REQUEST_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "core/apply.h"
#include "core/state.h"
#include "server/executor/request_memory.h"
#include "storage/journal.h"

namespace netstackd::executor {

using storage::Revision;

struct Outcome {
  Revision revision = 0;  // the transaction's; the newest if nothing changed; 0 if only validated
  bool replayed = false;  // the request id was known: `answer` is what was said the first time
  bool changed = false;
  std::string answer;  // bytes made by Request::answer
};

// Somebody who has several requests under way and wants to hear of their answers in groups.
class AnswerGroup {
 public:
  virtual ~AnswerGroup() = default;
  // One or more requests of the group have been answered, and no other will be at once. On the
  // thread that answered; must not block.
  virtual void Answered() = 0;
};

// One transaction, and who asks for it.
struct Request {
  core::Transaction transaction;
  std::string principal;  // never empty
  std::string method;
  std::string peer;
  std::string user_agent;
  std::string request_id;  // empty: no replay is wanted
  std::string hash;        // bytes; of what the request id stands for
  std::string comment;
  bool validate_only = false;
  std::shared_ptr<AnswerGroup> group;  // may be null
  // Encodes the answer, on the writer thread, from the state that the transition leads to. Gets an
  // outcome that is complete but for `answer`. May be null (an empty answer).
  std::function<std::string(const core::State&, const core::Transition&, const Outcome&)> answer;
};

// Called once and never null. Runs on the thread that committed, or on the helper thread if the
// answer had to be read from the journal; it must not block.
using Done = std::function<void(absl::StatusOr<Outcome>)>;

// A request that waits for its decision or its answer.
struct Pending {
  Request request;
  Done done;
  std::optional<RequestMark> mark = std::nullopt;  // absent: no request id
};

}  // namespace netstackd::executor

#endif  // NETSTACKD_SERVER_EXECUTOR_REQUEST_H_
