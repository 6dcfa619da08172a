// An executor on a journal that can fail, with a clock that stands still.
#ifndef NETSTACKD_SERVER_EXECUTOR_TESTING_EXECUTOR_TEST_BASE_H_
#define NETSTACKD_SERVER_EXECUTOR_TESTING_EXECUTOR_TEST_BASE_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "server/executor/executor.h"
#include "server/executor/testing/requests.h"
#include "storage/faulty/faulty_journal.h"
#include "storage/testing/journal_content.h"

namespace netstackd::executor::testing_support {

class ExecutorTestBase : public testing::Test {
 protected:
  ExecutorTestBase() { options_.clock = &clock_; }
  ~ExecutorTestBase() override { barrier_.Open(); }

  // Starts on what the journal holds; ends the executor before, if there was one.
  void Start() {
    executor_.reset();
    auto started = Executor::Start(options_, &journal_);
    ASSERT_TRUE(started.ok()) << started.status();
    executor_ = *std::move(started);
  }

  absl::StatusOr<Outcome> Execute(Request request) {
    return executor_->Execute(std::move(request));
  }
  // Executes what must succeed.
  Outcome Must(Request request) {
    const absl::StatusOr<Outcome> outcome = Execute(std::move(request));
    EXPECT_TRUE(outcome.ok()) << outcome.status();
    return outcome.ok() ? *outcome : Outcome{};
  }
  void Submit(Request request) {
    const absl::Status submitted = executor_->Submit(std::move(request), answers_.Next());
    ASSERT_TRUE(submitted.ok()) << submitted;
  }

  // Every Append waits at the barrier from now on.
  void HoldAppends() {
    journal_.OnAppend([this] { barrier_.Pass(); });
  }

  bool HasGroup(const std::string& name) const {
    return executor_->Read([&name](const core::State& state, Revision) {
      return state.FindGroup(core::kGlobalZone, name) != nullptr;
    });
  }
  Revision revision() const {
    return executor_->Read([](const core::State&, Revision revision) { return revision; });
  }
  std::string StateBytes() const {
    return executor_->Read([](const core::State& state, Revision) { return BytesOf(state); });
  }
  storage::testing_support::Content JournalContent() {
    return storage::testing_support::ContentOf(journal_).value();
  }
  std::vector<storage::Record> Rows() { return JournalContent().records; }
  int appends() const { return journal_.calls(storage::Fault::Call::kAppend); }

  absl::StatusOr<std::vector<storage::Record>> History(Revision from, Revision to) {
    absl::StatusOr<std::vector<storage::Record>> result;
    Answers came;
    executor_->History(from, to, 1000, [&](absl::StatusOr<std::vector<storage::Record>> rows) {
      result = std::move(rows);
      came.Next()(Outcome{});
    });
    came.Wait(1);
    return result;
  }
  absl::StatusOr<Revision> Compact(Revision keep_from) {
    absl::StatusOr<Revision> result;
    Answers came;
    executor_->Compact(keep_from, [&](absl::StatusOr<Revision> first) {
      result = first;
      came.Next()(Outcome{});
    });
    came.Wait(1);
    return result;
  }

  FakeClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  storage::FaultyJournal journal_;
  Barrier barrier_;
  Answers answers_;
  Options options_;
  std::unique_ptr<Executor> executor_;
};

inline std::optional<ErrorReason> ReasonIn(const absl::StatusOr<Outcome>& outcome) {
  return ReasonOf(outcome.status());
}

}  // namespace netstackd::executor::testing_support

#endif  // NETSTACKD_SERVER_EXECUTOR_TESTING_EXECUTOR_TEST_BASE_H_
