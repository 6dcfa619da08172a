// What waits for the writer thread.
#ifndef NETSTACKD_SERVER_EXECUTOR_SUBMISSION_QUEUE_H_
#define NETSTACKD_SERVER_EXECUTOR_SUBMISSION_QUEUE_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/mutex.h"
#include "server/executor/request.h"

namespace netstackd::executor {

// Asks for the object table to catch up.
struct FlushOrder {
  std::function<void()> done;
};
// Asks to forget revisions below `keep_from`.
struct CompactOrder {
  Revision keep_from = 0;
  std::function<void(absl::StatusOr<Revision>)> done;
};
using Order = std::variant<FlushOrder, CompactOrder>;

struct PlacedOrder {
  std::uint64_t after = 0;  // requests that were pushed before it
  Revision target = 0;      // the newest revision when those were done; 0: they are not yet
  Order order;
};

// And whose turn it is to write: the writer thread's, but while that waits for something to do, the
// turn is free, and who pushes a request may take it.
//
// Threads  Anyone pushes; who has the turn takes; the writer thread waits.
// Order    First in, first out. Orders overtake requests; `PlacedOrder::after` counts them.
// Bounds   `max` requests, and kOrdersMax orders. Nothing here blocks on anything but Wait.
class SubmissionQueue {
 public:
  static constexpr std::size_t kOrdersMax = 1024;

  explicit SubmissionQueue(std::size_t max) : max_(max) {}

  // Errors: QUOTA_EXCEEDED, SERVER_DRAINING; `pending` is then untouched.
  absl::Status Push(Pending&& pending);
  // Pushes the first of many, as many as there is room for. If it is one only, `may_lead` is set,
  // the turn is free and nothing waits, then the caller has the turn now: he takes what is there
  // and calls EndTurn.
  struct Pushed {
    std::size_t count = 0;
    bool lead = false;     // the caller has the turn
    absl::Status refusal;  // of the others
  };
  Pushed Push(std::vector<Pending>* together, bool may_lead);
  // `due`: when the writer thread has something to do, if nothing is pushed; from now.
  void EndTurn(absl::Duration due);
  // A request that was taken once already: goes to the end, whatever the bound says.
  // Errors: SERVER_DRAINING.
  absl::Status Return(Pending&& pending);
  absl::Status Push(Order&& order);

  struct Taken {
    std::vector<Pending> requests;
    std::vector<PlacedOrder> orders;
    bool closed = false;
    bool abandoned = false;
  };
  // At most `max` requests and all orders, without waiting.
  Taken Take(std::size_t max);
  // Without the orders.
  std::vector<Pending> TakeRequests(std::size_t max);
  // Until there is something to take, the queue is closed or abandoned since the last Take, or
  // `timeout` has passed. The turn is free meanwhile, and the writer thread's afterwards.
  void Wait(absl::Duration timeout);

  std::uint64_t pushed() const;  // requests, ever
  std::uint64_t taken() const;
  std::size_t size() const;

  // Nothing more comes in.
  void Close();
  // What waits is to be refused.
  void Abandon();
  // The writer thread is done; wakes WaitFinished.
  void Finish();
  // False if `timeout` passed first.
  bool WaitFinished(absl::Duration timeout);

 private:
  absl::Status CheckOpen() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  std::vector<Pending> Dequeue(std::size_t max) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::Status Enqueue(Pending&& pending, std::size_t max);

  const std::size_t max_;
  mutable Mutex mu_;  // leaf lock
  CondVar work_;
  CondVar end_;
  std::deque<Pending> requests_ ABSL_GUARDED_BY(mu_);
  std::vector<PlacedOrder> orders_ ABSL_GUARDED_BY(mu_);
  std::uint64_t pushed_ ABSL_GUARDED_BY(mu_) = 0;
  std::uint64_t taken_ ABSL_GUARDED_BY(mu_) = 0;
  bool closed_ ABSL_GUARDED_BY(mu_) = false;
  bool abandoned_ ABSL_GUARDED_BY(mu_) = false;
  bool news_ ABSL_GUARDED_BY(mu_) = false;  // closed or abandoned since the last Take
  bool finished_ ABSL_GUARDED_BY(mu_) = false;
  bool turn_ ABSL_GUARDED_BY(mu_) = true;        // somebody has it; at first the writer thread
  bool waiting_ ABSL_GUARDED_BY(mu_) = false;    // the writer thread is in Wait
  absl::Duration wake_at_ ABSL_GUARDED_BY(mu_);  // and until then; Clock::Steady
};

}  // namespace netstackd::executor

#endif  // NETSTACKD_SERVER_EXECUTOR_SUBMISSION_QUEUE_H_
