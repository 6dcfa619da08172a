// Laws of the executor: what the journal holds, what readers see and what callers were told are the
// same story, whatever is asked, whatever fails, and wherever it is cut off.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "server/executor/executor.h"
#include "server/executor/recovery.h"
#include "server/executor/testing/requests.h"
#include "storage/faulty/faulty_journal.h"
#include "storage/memory/memory_journal.h"
#include "storage/testing/journal_content.h"
#include "tests/property/generators/commands.h"
#include "tests/property/laws.h"

namespace netstackd {
namespace {

using executor::Executor;
using executor::Outcome;
using executor::Recover;
using executor::Request;
using executor::Revision;
using executor::testing_support::Ask;
using executor::testing_support::BytesOf;
using generators::Step;
using storage::Fault;
using storage::testing_support::Content;
using storage::testing_support::ContentOf;

using Strings = std::vector<std::string>;

// What happens next in a run.
struct Action {
  enum class Kind { kStep, kFlush, kAdvance, kRestart, kFault, kCrash } kind = Kind::kStep;
  Step step;
  Fault fault;
  absl::Duration advance;
};

void showValue(const Action& action, std::ostream& out) {
  switch (action.kind) {
    case Action::Kind::kStep:
      showValue(action.step, out);
      break;
    case Action::Kind::kFlush:
      out << "flush";
      break;
    case Action::Kind::kAdvance:
      out << "advance " << absl::FormatDuration(action.advance);
      break;
    case Action::Kind::kRestart:
      out << "restart";
      break;
    case Action::Kind::kFault:
      out << "fault in call " << action.fault.nth << " of kind "
          << static_cast<int>(action.fault.call) << ", data " << static_cast<int>(action.fault.data)
          << ", " << action.fault.failing_reopens << " failing reopens";
      break;
    case Action::Kind::kCrash:
      out << "crash";
      break;
  }
}

rc::Gen<Action> ActionOf(Action::Kind kind) {
  return rc::gen::exec([kind] {
    Action action;
    action.kind = kind;
    if (kind == Action::Kind::kStep) action.step = *generators::AnyStep();
    if (kind == Action::Kind::kAdvance) {
      action.advance = absl::Milliseconds(*rc::gen::element(50, 200, 1000, 130'000, 700'000));
    }
    if (kind == Action::Kind::kFault) {
      action.fault.call = static_cast<Fault::Call>(*rc::gen::inRange(0, 3));
      action.fault.data = static_cast<Fault::Data>(*rc::gen::inRange(0, 3));
      action.fault.nth = *rc::gen::inRange(1, 3);
      action.fault.failing_reopens = *rc::gen::inRange(0, 3);
    }
    return action;
  });
}

rc::Gen<std::vector<Action>> Healthy() {
  return rc::gen::container<std::vector<Action>>(
      rc::gen::weightedOneOf<Action>({{12, ActionOf(Action::Kind::kStep)},
                                      {1, ActionOf(Action::Kind::kFlush)},
                                      {1, ActionOf(Action::Kind::kAdvance)},
                                      {1, ActionOf(Action::Kind::kRestart)}}));
}

rc::Gen<std::vector<Action>> Unhealthy() {
  return rc::gen::container<std::vector<Action>>(
      rc::gen::weightedOneOf<Action>({{16, ActionOf(Action::Kind::kStep)},
                                      {2, ActionOf(Action::Kind::kFlush)},
                                      {3, ActionOf(Action::Kind::kAdvance)},
                                      {1, ActionOf(Action::Kind::kRestart)},
                                      {3, ActionOf(Action::Kind::kFault)},
                                      {1, ActionOf(Action::Kind::kCrash)}}));
}

// One executor after the other on one journal, asked one thing after the other.
template <typename JournalType>
class Run {
 public:
  Run() {
    options_.clock = &clock_;
    options_.checkpoint_chunk = 3;
    options_.recent_max = 4;
    options_.history_max = 10;
    Restart();
    for (const Step& step : generators::SmallWorld()) {
      RC_ASSERT(executor_->Execute(RequestFor(step)).ok());
    }
  }

  void Restart() {
    executor_.reset();
    while (!journal_.Reopen().ok()) {  // a new process opens the journal anew
    }
    auto started = Executor::Start(options_, &journal_);
    RC_LOG() << started.status().ToString() << "\n";
    RC_ASSERT(started.ok());
    executor_ = *std::move(started);
  }

  // A request of its own: it has a new id.
  Request RequestFor(const Step& step) {
    Request request = Ask(step.command.target, step.command.op, std::to_string(++requests_));
    request.hash = step.text;
    return request;
  }

  absl::StatusOr<Outcome> Do(const Step& step) {
    Request request = RequestFor(step);
    const absl::StatusOr<Outcome> outcome = executor_->Execute(request);
    RC_LOG() << step.text << ": " << outcome.status().ToString() << "\n";
    if (outcome.ok() && outcome->changed) done_.emplace_back(std::move(request), *outcome);
    return outcome;
  }

  // Everything that was acknowledged and is kept is answered the same way again.
  void RepeatAll() {
    const Revision first = journal_.extent().first;
    for (const auto& known : done_) {
      if (known.second.revision < first) continue;
      absl::StatusOr<Outcome> again = executor_->Execute(known.first);
      for (int tries = 0; !again.ok() && tries < 20; ++tries) {  // a fault may still be waiting
        clock_.Advance(absl::Seconds(11));
        executor_->Flush();
        again = executor_->Execute(known.first);
      }
      RC_LOG() << again.status().ToString() << "\n";
      RC_ASSERT(again.ok());
      RC_ASSERT(again->replayed);
      RC_ASSERT(again->revision == known.second.revision);
      RC_ASSERT(again->answer == known.second.answer);
    }
  }

  std::string State() const {
    return executor_->Read([](const core::State& state, Revision) { return BytesOf(state); });
  }
  Revision revision() const {
    return executor_->Read([](const core::State&, Revision revision) { return revision; });
  }
  Strings BrokenPlacement() const {
    return executor_->Read(
        [](const core::State& state, Revision) { return laws::BrokenPlacement(state); });
  }
  // What a new process would begin with.
  void CheckRecovery() {
    const absl::StatusOr<executor::RecoveredState> found = Recover(journal_);
    RC_LOG() << found.status().ToString() << "\n";
    RC_ASSERT(found.ok());
    RC_ASSERT(found->revision == revision());
    RC_ASSERT(BytesOf(found->state) == State());
  }
  Content JournalContent() { return ContentOf(journal_).value(); }

  FakeClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  JournalType journal_;
  executor::Options options_;
  std::unique_ptr<Executor> executor_;
  std::vector<std::pair<Request, Outcome>> done_;
  int requests_ = 0;
};

template <typename JournalType>
void CheckHealthyRun() {
  const std::vector<Action> actions = *Healthy();
  Run<JournalType> run;
  bool caught_up = false;  // the object table: otherwise it may be written at any time
  for (const Action& action : actions) {
    switch (action.kind) {
      case Action::Kind::kStep: {
        const std::string state = run.State();
        const Content journal = run.JournalContent();
        const absl::StatusOr<Outcome> outcome = run.Do(action.step);
        if (outcome.ok() && outcome->changed) {
          caught_up = false;
        } else {
          const Content after = run.JournalContent();
          RC_ASSERT(run.State() == state);
          RC_ASSERT(after.records == journal.records);
          if (caught_up) RC_ASSERT(after.objects == journal.objects);
        }
        break;
      }
      case Action::Kind::kFlush:
      case Action::Kind::kAdvance:
        run.clock_.Advance(action.advance);
        run.executor_->Flush();
        caught_up = true;
        break;
      default:
        run.Restart();
        break;
    }
    run.CheckRecovery();
    RC_ASSERT(run.BrokenPlacement() == Strings());
  }
  run.RepeatAll();
}

RC_GTEST_PROP(ExecutorTest, TheJournalTellsTheStateInMemory, ()) {
  CheckHealthyRun<storage::MemoryJournal>();
}

RC_GTEST_PROP(ExecutorTest, TheJournalTellsTheStateOnAMediumThatCanLose, ()) {
  CheckHealthyRun<storage::FaultyJournal>();
}

// After a power loss everything acknowledged is there, and beyond that at most the one change whose
// caller was told that nobody knows.
void CheckCrash(Run<storage::FaultyJournal>* run) {
  // The executor goes on for a moment after the loss; it must have nothing left to write.
  run->executor_->Flush();
  const bool writable = run->executor_->GetStatus().writable;
  run->journal_.Crash();
  const absl::StatusOr<executor::RecoveredState> found = Recover(run->journal_);
  RC_LOG() << "after the crash: " << found.status().ToString() << "\n";
  RC_ASSERT(found.ok());
  if (found->revision == run->revision()) {
    RC_ASSERT(BytesOf(found->state) == run->State());
  } else {
    RC_ASSERT(!writable);
    RC_ASSERT(found->revision == run->revision() + 1);
  }
  run->Restart();
}

void Apply(const Action& action, Run<storage::FaultyJournal>* run) {
  switch (action.kind) {
    case Action::Kind::kStep: {
      const std::string state = run->State();
      const absl::StatusOr<Outcome> outcome = run->Do(action.step);
      // What was dropped, refused or is not known is not visible.
      if (!outcome.ok()) RC_ASSERT(run->State() == state);
      break;
    }
    case Action::Kind::kFlush:
    case Action::Kind::kAdvance:
      run->clock_.Advance(action.advance);
      run->executor_->Flush();
      break;
    case Action::Kind::kFault:
      run->journal_.Inject(action.fault);
      break;
    case Action::Kind::kRestart:
      run->Restart();
      break;
    case Action::Kind::kCrash:
      CheckCrash(run);
      break;
  }
}

RC_GTEST_PROP(ExecutorTest, FailedWritesNeverPartTheStateFromTheJournal, ()) {
  const std::vector<Action> actions = *Unhealthy();
  Run<storage::FaultyJournal> run;
  for (const Action& action : actions) {
    Apply(action, &run);
    // A chunk that fails in the background reopens the journal at any time; not after a flush.
    if (action.kind != Action::Kind::kStep && action.kind != Action::Kind::kFault) {
      run.executor_->Flush();
      if (run.executor_->GetStatus().writable) run.CheckRecovery();
    }
    RC_ASSERT(run.BrokenPlacement() == Strings());
  }
  CheckCrash(&run);
  run.RepeatAll();
}

// Several callers at once, who read in between, on a journal that fails once.
RC_GTEST_PROP(ExecutorTest, CallersAtOnceAndReadersSeeOneStory, ()) {
  constexpr int kCallers = 4;
  std::vector<std::vector<Step>> steps;
  for (int i = 0; i < kCallers; ++i) {
    steps.push_back(*rc::gen::container<std::vector<Step>>(generators::AnyStep()));
  }
  Run<storage::FaultyJournal> run;
  std::vector<Request> requests[kCallers];
  for (int i = 0; i < kCallers; ++i) {
    for (const Step& step : steps[static_cast<std::size_t>(i)]) {
      requests[i].push_back(run.RequestFor(step));
    }
  }
  Fault fault;
  fault.nth = 5;
  fault.data = *rc::gen::element(Fault::Data::kKept, Fault::Data::kLost, Fault::Data::kTorn);
  run.journal_.Inject(fault);
  // RapidCheck's assertions belong to this thread; the others only count.
  std::vector<int> broken(kCallers, 0);
  std::vector<std::thread> callers;
  for (int i = 0; i < kCallers; ++i) {
    callers.emplace_back([&run, &mine = requests[i], &count = broken[static_cast<std::size_t>(i)]] {
      Revision seen = 0;
      for (const Request& request : mine) {
        const absl::StatusOr<Outcome> outcome = run.executor_->Execute(request);
        const Revision now = run.revision();
        if (now < seen || (outcome.ok() && now < outcome->revision)) ++count;
        if (!run.BrokenPlacement().empty()) ++count;
        seen = now;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  RC_ASSERT(broken == std::vector<int>(kCallers, 0));
  run.executor_->Flush();
  RC_ASSERT(run.executor_->GetStatus().writable);
  run.CheckRecovery();
}

}  // namespace
}  // namespace netstackd
