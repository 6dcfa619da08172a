#include "server/executor/writer.h"

#include <algorithm>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <variant>

#include "base/error.h"
#include "server/executor/answering.h"
#include "server/executor/endings.h"

namespace netstackd::executor {
namespace {

// The journal is left alone for this long after the last request: a caller that asks one thing
// after the other does not wait for chunks.
constexpr absl::Duration kQuiet = absl::Milliseconds(20);
constexpr absl::Duration kIdle = absl::Seconds(5);
// Longest wait: what depends on age is looked at this often.
constexpr absl::Duration kWaitMax = absl::Minutes(1);
// A timer that changed nothing, or could not be recorded, is not fired again for this long.
constexpr absl::Duration kTimerRetry = absl::Seconds(1);
// A commit that takes longer is a stall, during which no deadline counts.
constexpr absl::Duration kStallMin = absl::Seconds(1);
// Revisions that may go before any are deleted under load.
constexpr std::int64_t kCompactMin = 1000;

absl::Status ReadOnly(const std::string& reason) {
  return MakeError(ErrorReason::kStoreReadOnly, "writes are refused for now: " + reason);
}

}  // namespace

Writer::Writer(const Options& options, storage::Journal* journal, SubmissionQueue* queue,
               HelperThread* helper, RecentRecords* recent, WriteGate* gate, Store store,
               core::State working)
    : options_(options),
      journal_(journal),
      queue_(queue),
      helper_(helper),
      recent_(recent),
      gate_(gate),
      store_(std::move(store)),
      decider_(options, std::move(working)),
      timers_not_before_(options.clock->Steady()),
      last_work_(options.clock->Steady()) {}

void Writer::Restarted(absl::Duration down) {
  ThreadRoleScope scope(&role_);
  lost_ = down < kStallMin ? absl::ZeroDuration() : down;
  deadlines_not_before_ = decider_.Now() + options_.grace;
}

void Writer::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Writer::Join() {
  if (thread_.joinable()) thread_.join();
}

void Writer::Run() {
  ThreadRoleScope scope(&role_);
  while (Step()) {
  }
  queue_->Finish();
}

void Writer::Lead() {
  absl::Duration due;
  {
    ThreadRoleScope scope(&role_);
    Process(queue_->TakeRequests(options_.batch_max));
    last_work_ = options_.clock->Steady();
    idled_ = false;
    due = WaitTime();
  }
  queue_->EndTurn(due);
}

bool Writer::Step() {
  SubmissionQueue::Taken taken = queue_->Take(options_.batch_max);
  closing_ = taken.closed;
  for (PlacedOrder& order : taken.orders) orders_.push_back(std::move(order));
  if (taken.abandoned) {
    Answering answering;
    for (Pending& pending : taken.requests) answering.Give(std::move(pending), ServerStops());
  } else if (!taken.requests.empty()) {
    Process(std::move(taken.requests));
    last_work_ = options_.clock->Steady();
    idled_ = false;
  }
  if (!closing_) FireDueTimers();
  const bool worked = !taken.abandoned && Maintain();
  CompleteOrders(taken.abandoned, worked);
  if (queue_->size() > 0) return true;
  if (closing_ && (taken.abandoned || !worked)) {
    if (gate_->open()) store_.Idle();
    return false;
  }
  if (!worked) queue_->Wait(WaitTime());
  return true;
}

void Writer::Process(std::vector<Pending> requests) {
  DelayDeadlines();
  Batch batch;
  for (Pending& pending : requests) {
    Decide(std::move(pending), &batch);
    if (batch.bytes >= kBatchBytesMax) Commit(&batch);
  }
  Commit(&batch);
}

void Writer::Decide(Pending pending, Batch* batch) {
  const std::optional<std::string> closed = gate_->reason();
  if (closed) {
    Answering().Give(std::move(pending), ReadOnly(*closed));
    return;
  }
  Decider::Ground ground;
  ground.head = store_.head();
  ground.history_full = store_.HistoryFull();
  ground.memory = &store_.memory();
  decider_.Decide(std::move(pending), ground, batch);
}

void Writer::Commit(Batch* batch) {
  if (!batch->records.empty()) batch->state = decider_.working();
  absl::Status error;
  const absl::Duration begin = options_.clock->Steady();
  const Fate fate = batch->records.empty() ? Fate::kPublished : store_.Commit(batch, &error);
  const absl::Duration took = options_.clock->Steady() - begin;
  if (took >= kStallMin) lost_ += took;
  std::vector<Batch::Answer> answers = std::move(batch->answers);
  batch->answers.clear();
  if (fate == Fate::kDropped) decider_.Drop(*batch);
  if (fate == Fate::kUnknown) undecided_ = std::move(*batch);
  *batch = Batch();
  Answering answering;
  for (Batch::Answer& answer : answers) {
    if (fate != Fate::kPublished) {
      answering.Give(std::move(answer.pending), error);
    } else if (answer.replay_of != 0) {
      Replay(answer.replay_of, std::move(answer.pending), &answering);
    } else {
      answering.Give(std::move(answer.pending), std::move(answer.result));
    }
  }
}

void Writer::Replay(Revision revision, Pending pending, Answering* answering) {
  if (const auto record = recent_->Find(revision)) {
    answering->Give(std::move(pending), Outcome{revision, true, true, record->answer});
    return;
  }
  // Tasks are copied by std::function; the request is not.
  auto shared = std::make_shared<Pending>(std::move(pending));
  const absl::Status posted = helper_->Post([this, revision, shared](const absl::Status& go) {
    Answering late;
    if (!go.ok()) return late.Give(std::move(*shared), go);
    auto found = journal_->History(revision, revision, 1);
    if (found.ok() && !found->empty()) {
      return late.Give(std::move(*shared),
                       Outcome{revision, true, true, std::move(found->front().answer)});
    }
    if (found.ok() || ReasonOf(found.status()) != ErrorReason::kWatchCompacted) {
      return late.Give(std::move(*shared), found.ok() ? ServerStops() : found.status());
    }
    // Forgotten in between: the request is a new one.
    const absl::Status returned = queue_->Return(std::move(*shared));
    if (!returned.ok()) late.Give(std::move(*shared), returned);  // it was left alone
  });
  if (!posted.ok()) answering->Give(std::move(*shared), posted);
}

void Writer::DelayDeadlines() {
  const absl::Duration steady = options_.clock->Steady();
  if (!gate_->open()) {
    if (!closed_since_) closed_since_ = steady;
    return;
  }
  if (closed_since_) lost_ += steady - *std::exchange(closed_since_, std::nullopt);
  if (lost_ < kStallMin && deadlines_not_before_ == absl::InfinitePast()) return;
  const core::DelayDeadlines delay{std::exchange(lost_, absl::ZeroDuration()),
                                   std::exchange(deadlines_not_before_, absl::InfinitePast())};
  if (decider_.working().index().deadlines().empty()) return;
  if (Perform(delay, "system:DelayDeadlines").ok()) return;
  lost_ += delay.by;
  deadlines_not_before_ = delay.not_before;
}

absl::StatusOr<Outcome> Writer::Perform(core::Op op, const char* method) {
  Pending pending;
  pending.request.transaction.commands.push_back({core::Name{}, "", std::move(op)});
  pending.request.principal = "system:timer";
  pending.request.method = method;
  absl::StatusOr<Outcome> result;
  pending.done = [&result](const absl::StatusOr<Outcome>& outcome) { result = outcome; };
  Batch batch;
  Decide(std::move(pending), &batch);
  Commit(&batch);
  return result;
}

void Writer::FireDueTimers() {
  DelayDeadlines();
  const std::optional<absl::Time> next = decider_.working().index().NextTimer();
  const bool due = next && gate_->open() && *next <= decider_.Now() &&
                   options_.clock->Steady() >= timers_not_before_;
  if (!due) {
    timer_barrier_.reset();
    return;
  }
  if (!timer_barrier_) timer_barrier_ = queue_->pushed();
  if (queue_->taken() < *timer_barrier_) return;
  timer_barrier_.reset();
  const absl::StatusOr<Outcome> fired = Perform(core::FireTimers{}, "system:FireTimers");
  const bool changed = fired.ok() && fired->changed;
  if (!changed) timers_not_before_ = options_.clock->Steady() + kTimerRetry;
  last_work_ = options_.clock->Steady();
  idled_ = false;
}

absl::Duration Writer::Quiet() const { return options_.clock->Steady() - last_work_; }

bool Writer::TrailIsDue() const {
  if (!store_.TrailBehind()) return false;
  if (!orders_.empty() || store_.kept().over_bytes()) return true;
  if (store_.head() - store_.trail().floor() > options_.floor_lag_max) return true;
  return queue_->size() == 0 && (closing_ || Quiet() >= kQuiet);
}

bool Writer::CompactionIsDue() const {
  const std::int64_t count = store_.Deletable(Asked());
  return count >= kCompactMin ||
         (count > 0 && (!orders_.empty() || store_.kept().over_bytes() || Quiet() >= kQuiet));
}

bool Writer::Maintain() {
  if (!gate_->open()) {
    Probe();
    return false;
  }
  bool worked = false;
  if (TrailIsDue()) worked = store_.TrailStep();
  if (gate_->open() && !closing_ && CompactionIsDue()) {
    worked = store_.CompactStep(Asked()) || worked;
  }
  if (gate_->open() && !worked && !idled_ && Quiet() >= kIdle) {
    idled_ = true;
    store_.Idle();
  }
  return worked;
}

void Writer::Probe() {
  if (store_.ProbeIn() > absl::ZeroDuration()) return;
  const Fate fate = store_.Probe(undecided_ ? &*undecided_ : nullptr);
  if (fate == Fate::kUnknown || !undecided_) return;
  if (fate == Fate::kDropped) decider_.Drop(*undecided_);
  undecided_.reset();
}

Revision Writer::Asked() const {
  Revision asked = 0;
  for (const PlacedOrder& placed : orders_) {
    const auto* compact = std::get_if<CompactOrder>(&placed.order);
    if (compact != nullptr) asked = std::max(asked, compact->keep_from);
  }
  return asked;
}

void Writer::CompleteOrders(bool abandoned, bool worked) {
  std::vector<PlacedOrder> open;
  for (PlacedOrder& placed : orders_) {
    if (abandoned || IsDone(worked, &placed)) {
      Answer(abandoned, &placed.order);
    } else {
      open.push_back(std::move(placed));
    }
  }
  orders_ = std::move(open);
}

bool Writer::IsDone(bool worked, PlacedOrder* placed) const {
  if (queue_->taken() < placed->after) return false;
  if (placed->target == 0) placed->target = store_.head();
  // While an order is open there is no maintenance that waits for a better moment.
  if (!gate_->open() || !worked) return true;
  return store_.trail().floor() >= placed->target && store_.Deletable(Asked()) == 0;
}

void Writer::Answer(bool abandoned, Order* order) {
  if (auto* compact = std::get_if<CompactOrder>(order)) {
    const std::optional<std::string> closed = gate_->reason();
    if (abandoned) return compact->done(ServerStops());
    if (closed) return compact->done(ReadOnly(*closed));
    return compact->done(journal_->extent().first);
  }
  // Answers that are read from the journal come from the helper thread: after those.
  const std::function<void()> done = std::get<FlushOrder>(*order).done;
  if (!helper_->Post([done](const absl::Status&) { done(); }).ok()) done();
}

absl::Duration Writer::WaitTime() const {
  absl::Duration wait = kWaitMax;
  const absl::Duration steady = options_.clock->Steady();
  if (!gate_->open()) return std::min(wait, store_.ProbeIn());
  if (store_.TrailBehind()) wait = std::min(wait, kQuiet - Quiet());
  if (!idled_) wait = std::min(wait, kIdle - Quiet());
  const std::optional<absl::Time> next = decider_.working().index().NextTimer();
  if (next) {
    const absl::Duration due = *next - options_.clock->Now();
    wait = std::min(wait, std::max(due, timers_not_before_ - steady));
  }
  return std::max(wait, absl::ZeroDuration());
}

}  // namespace netstackd::executor
