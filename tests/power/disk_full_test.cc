// A disk that is full, or cannot be written: reads go on, writes are refused with the reason, they
// resume by themselves, and nothing is lost.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>

#include "absl/strings/str_join.h"
#include "base/clock.h"
#include "base/error.h"
#include "server/executor/testing/requests.h"
#include "storage/faulty/simulated_disk.h"
#include "storage/sqlite/sqlite_journal.h"
#include "tests/power/ledger.h"
#include "tests/power/small_disk.h"
#include "tests/power/wrapped_journal.h"

namespace netstackd::power {
namespace {

using executor::Outcome;
using executor::testing_support::AskGroup;

// How often the journal was reopened.
class CountingJournal final : public WrappedJournal {
 public:
  using WrappedJournal::WrappedJournal;
  int reopened() const { return reopened_; }

 private:
  absl::StatusOr<storage::Extent> ReopenImpl() override {
    ++reopened_;
    return behind().Reopen();
  }
  int reopened_ = 0;  // the writer's; read while it is stopped
};

class Server {
 public:
  Server(storage::FileSystem* files, std::string dir) : files_(files), dir_(std::move(dir)) {}

  void Start() {
    storage::sqlite::Options options;
    options.files = files_;
    auto opened = storage::sqlite::Open(dir_, options);
    ASSERT_TRUE(opened.ok()) << opened.status();
    auto counting = std::make_unique<CountingJournal>(*std::move(opened));
    counting_ = counting.get();
    journal_ = std::make_unique<WitnessJournal>(std::move(counting), &ledger_);
    executor::Options executor_options;
    executor_options.clock = &clock_;
    auto started = executor::Executor::Start(executor_options, journal_.get());
    ASSERT_TRUE(started.ok()) << started.status();
    executor_ = *std::move(started);
    const auto found = Look(*journal_, *executor_);
    ASSERT_TRUE(found.ok()) << found.status();
    ledger_.Check(*found);
    ExpectNothingWrong();
  }
  // Ends it, and returns how often it reopened the journal.
  int Stop() {
    executor_->Stop(absl::InfiniteDuration());
    executor_.reset();
    const int reopened = counting_->reopened();
    journal_.reset();
    return reopened;
  }
  // Creates one more group, with a request of about 20 KB.
  absl::StatusOr<Outcome> Write() {
    const std::string name = "g" + std::to_string(++made_);
    executor::Request request = AskGroup(name, "id-" + name);
    request.comment.assign(20'000, 'c');
    const auto shared = std::make_shared<const executor::Request>(request);
    ledger_.Ask(shared);
    const absl::StatusOr<Outcome> outcome = executor_->Execute(request);
    ledger_.Tell(request.request_id, outcome);
    return outcome;
  }
  // Until one is refused.
  absl::Status WriteUntilRefused() {
    for (int i = 0; i < 500; ++i) {
      const absl::StatusOr<Outcome> outcome = Write();
      if (!outcome.ok()) return outcome.status();
    }
    return absl::OkStatus();
  }
  void Pass(absl::Duration time) {
    clock_.Advance(time);
    executor_->Flush();
  }
  executor::Status status() const { return executor_->GetStatus(); }
  std::size_t groups() const {
    return executor_->Read(
        [](const core::State& state, Revision) { return state.table<core::Group>().size(); });
  }
  storage::Journal& journal() { return *journal_; }
  void ExpectNothingWrong() const {
    EXPECT_TRUE(ledger_.findings().empty()) << absl::StrJoin(ledger_.findings(), "\n");
  }

 private:
  storage::FileSystem* const files_;
  const std::string dir_;
  FakeClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  Ledger ledger_;
  int made_ = 0;
  CountingJournal* counting_ = nullptr;
  std::unique_ptr<WitnessJournal> journal_;
  std::unique_ptr<executor::Executor> executor_;
};

void FillAndFree(SmallDisk* disk) {
  Server server(&disk->files(), disk->directory() + "/state");
  server.Start();
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(server.Write().ok());
  for (int round = 0; round < 3; ++round) {
    disk->Fill();
    const absl::Status refused = server.WriteUntilRefused();
    const auto reason = ReasonOf(refused);
    // Nobody knows before the log can be emptied, and that takes room too.
    EXPECT_TRUE(reason == ErrorReason::kResourceExhausted || reason == ErrorReason::kOutcomeUnknown)
        << refused;
    EXPECT_THAT(std::string(refused.message()),
                testing::AnyOf(testing::HasSubstr("full"), testing::HasSubstr("No space")));
    EXPECT_FALSE(server.status().writable);
    EXPECT_THAT(server.status().read_only_reason,
                testing::AnyOf(testing::HasSubstr("full"), testing::HasSubstr("No space")));
    // Reads go on, of the state and of the history.
    EXPECT_GE(server.groups(), 10u);
    for (int i = 0; i < 100; ++i) {
      EXPECT_EQ(ReasonOf(server.Write().status()), ErrorReason::kStoreReadOnly);
      server.Pass(absl::Milliseconds(100));
    }
    EXPECT_FALSE(server.status().writable);
    disk->Free();
    server.Pass(absl::Seconds(10));
    EXPECT_TRUE(server.status().writable) << server.status().read_only_reason;
    EXPECT_TRUE(server.Write().ok());
    EXPECT_EQ(server.journal().History(1, 3, 10)->size(), 3u);
  }
  const int reopened = server.Stop();
  EXPECT_LT(reopened, 60) << "300 refused requests";
  server.Start();
  EXPECT_TRUE(server.Write().ok());
  server.Stop();
  server.ExpectNothingWrong();
}

TEST(DiskFullTest, ASmallTmpfsThatIsFull) {
  std::unique_ptr<SmallDisk> disk = MountSmallDisk();
  if (disk == nullptr) {
    std::printf("no mount is possible here: a simulated disk takes the place of the tmpfs\n");
    disk = SimulateSmallDisk();
  }
  FillAndFree(disk.get());
}

TEST(DiskFullTest, ASimulatedDiskThatIsFull) { FillAndFree(SimulateSmallDisk().get()); }

TEST(DiskFullTest, ADiskThatTurnsReadOnlyAndBack) {
  storage::SimulatedDisk disk;
  Server server(&disk, "/state");
  server.Start();
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(server.Write().ok());
  disk.SetReadOnly(true);
  server.WriteUntilRefused().IgnoreError();
  for (int i = 0; i < 50; ++i) {
    const auto reason = ReasonOf(server.Write().status());
    EXPECT_TRUE(reason == ErrorReason::kStoreReadOnly || reason == ErrorReason::kOutcomeUnknown);
    server.Pass(absl::Milliseconds(100));
  }
  EXPECT_FALSE(server.status().writable);
  EXPECT_NE(server.status().read_only_reason, "");
  EXPECT_GE(server.groups(), 5u);
  disk.SetReadOnly(false);
  server.Pass(absl::Seconds(20));
  EXPECT_TRUE(server.status().writable) << server.status().read_only_reason;
  EXPECT_TRUE(server.Write().ok());
  EXPECT_LT(server.Stop(), 30);
  server.Start();
  server.Stop();
}

TEST(DiskFullTest, AReadOnlyDirectoryIsRefusedAtStart) {
  storage::SimulatedDisk disk;
  storage::sqlite::Options options;
  options.files = &disk;
  ASSERT_TRUE(storage::sqlite::Open("/state", options).ok());
  disk.SetReadOnly(true);
  const absl::Status refused = storage::sqlite::Open("/state", options).status();
  EXPECT_EQ(ReasonOf(refused), ErrorReason::kStorageUnavailable) << refused;
  EXPECT_THAT(std::string(refused.message()), testing::HasSubstr("Read-only file system"));
}

}  // namespace
}  // namespace netstackd::power
