#include "server/executor/executor.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/status_macros.h"
#include "server/codec/journal_codec.h"
#include "server/executor/answering.h"
#include "server/executor/helper_thread.h"
#include "server/executor/recent_records.h"
#include "server/executor/recovery.h"
#include "server/executor/submission_queue.h"
#include "server/executor/write_gate.h"
#include "server/executor/writer.h"

namespace netstackd::executor {
namespace {

// History reads and backups that wait.
constexpr std::size_t kHelperTasksMax = 256;

// One value that one thread waits for.
template <typename T>
class Waiter {
 public:
  void Set(T value) {
    MutexLock lock(&mu_);
    value_ = std::move(value);
    // Under the lock: whoever waits may destroy this as soon as it is released.
    set_.NotifyOne();
  }
  T Take() {
    MutexLock lock(&mu_);
    while (!value_) set_.Wait(&mu_);
    return *std::move(value_);
  }

 private:
  Mutex mu_;
  CondVar set_;
  std::optional<T> value_ ABSL_GUARDED_BY(mu_);
};

}  // namespace

// Ownership  Owns the threads and what they share.
class Executor::Impl {
 public:
  Impl(const Options& options, storage::Journal* journal, Published* published)
      : options_(options),
        journal_(journal),
        published_(published),
        started_(options.clock->Now()),
        recent_(options.recent_max, options.recent_bytes_max),
        queue_(options.queue_max),
        helper_(kHelperTasksMax) {}

  absl::Status Start() {
    const absl::Duration begin = options_.clock->Steady();
    Store store(options_, journal_, published_, &recent_, &gate_, journal_->extent().floor);
    absl::Time newest = options_.clock->Now();
    NSD_ASSIGN_OR_RETURN(
        RecoveredState found,
        Recover(*journal_, [&](storage::Record record, const std::vector<core::Delta>& deltas) {
          newest = record.time;
          store.Remember(std::make_shared<const storage::Record>(std::move(record)), deltas);
        }));
    if (options_.before_upgrade && found.format > 0 && found.format < codec::kJournalFormat) {
      NSD_RETURN_IF_ERROR(options_.before_upgrade(found.format, found.revision));
    }
    recovered_objects_ = found.objects;
    recovered_records_ = found.records;
    core::State working = found.state;  // shares the images
    store.Begin(std::move(found.state), found.revision);
    recovery_ = options_.clock->Steady() - begin;
    writer_.emplace(options_, journal_, &queue_, &helper_, &recent_, &gate_, std::move(store),
                    std::move(working));
    writer_->Restarted(options_.clock->Now() - newest);
    writer_->Start();
    return absl::OkStatus();
  }

  absl::Status Submit(Request request, Done done) {
    NSD_ASSIGN_OR_RETURN(Pending pending, MakePending(std::move(request)));
    pending.done = std::move(done);
    return queue_.Push(std::move(pending));
  }

  void SubmitTogether(std::vector<Submission> submissions, bool may_lead) {
    Answering refused;
    std::vector<Pending> together;
    together.reserve(submissions.size());
    for (Submission& one : submissions) {
      auto pending = MakePending(std::move(one.request));
      if (!pending.ok()) {
        one.done(pending.status());
        continue;
      }
      pending->done = std::move(one.done);
      together.push_back(*std::move(pending));
    }
    const SubmissionQueue::Pushed pushed = queue_.Push(&together, may_lead);
    for (std::size_t i = pushed.count; i < together.size(); ++i) {
      refused.Give(std::move(together[i]), pushed.refusal);
    }
    if (pushed.lead) writer_->Lead();
  }

  template <typename T>
  void OnHelper(std::function<absl::StatusOr<T>()> work,
                std::function<void(absl::StatusOr<T>)> done) {
    const absl::Status posted = helper_.Post([work, done](const absl::Status& go) {
      if (go.ok()) {
        done(work());
      } else {
        done(go);
      }
    });
    if (!posted.ok()) done(posted);
  }

  void History(Revision from, Revision to, std::int64_t limit,
               std::function<void(absl::StatusOr<std::vector<storage::Record>>)> done) {
    using Records = std::vector<storage::Record>;
    if (from < 1 || limit < 1) {
      return done(MakeError(ErrorReason::kInvalidRequest, "revisions and limits begin at 1"));
    }
    {
      // A row may be durable before it is published.
      MutexLock lock(&published_->mu);
      to = std::min(to, published_->revision);
    }
    if (from > to) return done(Records());
    if (auto recent = recent_.Range(from, to, limit)) return done(*std::move(recent));
    OnHelper<Records>(
        [journal = journal_, from, to, limit] { return journal->History(from, to, limit); },
        std::move(done));
  }

  void Backup(const std::string& path, std::function<void(absl::StatusOr<Revision>)> done) {
    OnHelper<Revision>([journal = journal_, path] { return journal->Backup(path); },
                       std::move(done));
  }

  void Compact(Revision keep_from, std::function<void(absl::StatusOr<Revision>)> done) {
    const absl::Status pushed = queue_.Push(Order(CompactOrder{keep_from, done}));
    if (!pushed.ok()) done(pushed);
  }

  void Flush() {
    Waiter<bool> flushed;
    const absl::Status pushed = queue_.Push(Order(FlushOrder{[&flushed] { flushed.Set(true); }}));
    if (pushed.ok()) flushed.Take();
  }

  void Stop(absl::Duration deadline) {
    MutexLock lock(&stop_mu_);
    queue_.Close();
    if (writer_) {
      if (!queue_.WaitFinished(deadline)) queue_.Abandon();
      writer_->Join();
    }
    helper_.Stop();
  }

  Status GetStatus() const {
    Status status;
    status.store_id = journal_->store_id();
    status.extent = journal_->extent();
    status.usage = journal_->usage();
    const std::optional<std::string> closed = gate_.reason();
    status.writable = !closed;
    status.read_only_reason = closed.value_or("");
    status.started = started_;
    status.recovery = recovery_;
    status.recovered_objects = recovered_objects_;
    status.recovered_records = recovered_records_;
    status.queued = queue_.size();
    return status;
  }

 private:
  static absl::StatusOr<Pending> MakePending(Request request) {
    if (request.principal.empty()) {
      return MakeError(ErrorReason::kInvariantViolated, "a request has no principal");
    }
    // Here, and not by the writer, of whom there is only one.
    auto mark = MarkOf(request.principal, request.request_id, request.hash);
    return Pending{std::move(request), nullptr, mark};
  }

  const Options options_;
  storage::Journal* const journal_;
  Published* const published_;
  const absl::Time started_;
  absl::Duration recovery_;  // this and the next two: set by Start, then constant
  std::int64_t recovered_objects_ = 0;
  std::int64_t recovered_records_ = 0;
  WriteGate gate_;
  RecentRecords recent_;
  SubmissionQueue queue_;
  HelperThread helper_;
  std::optional<Writer> writer_;
  Mutex stop_mu_;  // one Stop at a time; the threads never take it
};

Executor::Executor(std::unique_ptr<Published> published, std::unique_ptr<Impl> impl)
    : published_(std::move(published)), impl_(std::move(impl)) {}

Executor::~Executor() { Stop(absl::ZeroDuration()); }

absl::StatusOr<std::unique_ptr<Executor>> Executor::Start(const Options& options,
                                                          storage::Journal* journal) {
  auto published = std::make_unique<Published>();
  auto impl = std::make_unique<Impl>(options, journal, published.get());
  NSD_RETURN_IF_ERROR(impl->Start());
  return std::unique_ptr<Executor>(new Executor(std::move(published), std::move(impl)));
}

absl::Status Executor::Submit(Request request, Done done) {
  return impl_->Submit(std::move(request), std::move(done));
}

void Executor::SubmitTogether(std::vector<Submission> submissions, bool may_lead) {
  impl_->SubmitTogether(std::move(submissions), may_lead);
}

absl::StatusOr<Outcome> Executor::Execute(Request request) {
  Waiter<absl::StatusOr<Outcome>> answer;
  NSD_RETURN_IF_ERROR(impl_->Submit(std::move(request), [&answer](absl::StatusOr<Outcome> outcome) {
    answer.Set(std::move(outcome));
  }));
  return answer.Take();
}

void Executor::History(Revision from, Revision to, std::int64_t limit,
                       std::function<void(absl::StatusOr<std::vector<storage::Record>>)> done) {
  impl_->History(from, to, limit, std::move(done));
}

void Executor::Backup(const std::string& path, std::function<void(absl::StatusOr<Revision>)> done) {
  impl_->Backup(path, std::move(done));
}

void Executor::Compact(Revision keep_from, std::function<void(absl::StatusOr<Revision>)> done) {
  impl_->Compact(keep_from, std::move(done));
}

void Executor::Listen(std::shared_ptr<Listener> listener, Seat seat) {
  MutexLock lock(&published_->mu);
  // What was there is destroyed without the lock.
  published_->listeners[static_cast<std::size_t>(seat)].swap(listener);
}

void Executor::Flush() { impl_->Flush(); }

void Executor::Stop(absl::Duration deadline) { impl_->Stop(deadline); }

Status Executor::GetStatus() const { return impl_->GetStatus(); }

}  // namespace netstackd::executor
