// Finished probes, from the reports that were published to those who stream them.
#ifndef NETSTACKD_SERVER_RPC_PROBE_FEED_H_
#define NETSTACKD_SERVER_RPC_PROBE_FEED_H_

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/status/status.h"
#include "base/mutex.h"
#include "core/delta.h"
#include "netstackd/v1/moves.pb.h"
#include "server/executor/executor.h"
#include "server/rpc/worker.h"

namespace netstackd::rpc {

// One who streams: what is still to be sent to him.
//
// Threads  Any.
// Bounds   kMessagesMax messages wait; one more, and he is too slow: they are dropped.
class ProbeOutbox {
 public:
  static constexpr std::size_t kMessagesMax = 1000;

  // Short names of interfaces; none: all. `wake` is called when there is something to take, with no
  // lock held, and must not block.
  ProbeOutbox(absl::btree_set<std::string> interfaces, std::function<void()> wake)
      : interfaces_(std::move(interfaces)), wake_(std::move(wake)) {}

  // What of it is wanted is to be sent.
  void Offer(const v1::StreamProbesResponse& message);
  // Nothing comes any more; what waits is dropped.
  void End(const absl::Status& why);

  // The next message: true. False: there is none, and `*end` says if none will come.
  bool Take(v1::StreamProbesResponse* message, absl::Status* end, bool* ended);

 private:
  const absl::btree_set<std::string> interfaces_;
  const std::function<void()> wake_;
  Mutex mu_;  // leaf lock
  std::deque<v1::StreamProbesResponse> waiting_ ABSL_GUARDED_BY(mu_);
  bool ended_ ABSL_GUARDED_BY(mu_) = false;
  absl::Status end_ ABSL_GUARDED_BY(mu_);
};

// Ownership  Borrows both; the worker outlives every stream. Shares the outboxes.
// Threads    Published on the writer; the rest on any. Messages are made on the worker, once for
//            all who stream. It listens from the first stream on.
// Bounds     At most kReportsMax reports wait for the worker; beyond, everybody was too slow.
class ProbeFeed final : public executor::Listener, public std::enable_shared_from_this<ProbeFeed> {
 public:
  static constexpr std::size_t kReportsMax = 10'000;

  ProbeFeed(executor::Executor* executor, Worker* worker) : executor_(executor), worker_(worker) {}

  void Published(executor::Changes changes) override;

  // Gets what is published from now on, until Remove. After Close it is ended at once.
  void Add(std::shared_ptr<ProbeOutbox> outbox);
  void Remove(const std::shared_ptr<ProbeOutbox>& outbox);
  // Ends all with SERVER_DRAINING, now and from now on.
  void Close();

 private:
  struct Report {
    std::int64_t revision = 0;
    std::vector<core::Change<core::Interface>> changes;
  };

  // True if the worker has to be told.
  bool Queue(Report report);
  // On the worker: tells everybody what waits.
  void Deliver();

  executor::Executor* const executor_;
  Worker* const worker_;
  std::atomic<std::size_t> count_{0};  // of outboxes_, to be looked at without the lock
  Mutex mu_;                           // leaf lock
  std::vector<std::shared_ptr<ProbeOutbox>> outboxes_ ABSL_GUARDED_BY(mu_);
  std::deque<Report> reports_ ABSL_GUARDED_BY(mu_);
  bool lost_ ABSL_GUARDED_BY(mu_) = false;  // a report found no room
  bool closed_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace netstackd::rpc

#endif  // NETSTACKD_SERVER_RPC_PROBE_FEED_H_
