// A newer program on a journal of an older format: what the older one needs is kept first.
#include <gtest/gtest.h>

#include <random>
#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/codec/journal_codec.h"
#include "server/daemon/upgrade.h"
#include "server/executor/executor.h"
#include "server/executor/recovery.h"
#include "server/executor/testing/requests.h"
#include "storage/faulty/simulated_disk.h"
#include "storage/sqlite/restore.h"
#include "storage/sqlite/sqlite_journal.h"
#include "tests/power/format_one.h"
#include "tests/power/life.h"

namespace netstackd::power {
namespace {

using storage::SimulatedDisk;

constexpr int kLosses = 4;  // at each moment
const char kBackup[] = "/state/format-1-revision-3.backup";

class UpgradeTest : public testing::Test {
 protected:
  UpgradeTest() {
    const auto journal = Open(&disk_);
    EXPECT_TRUE(FillWithFormatOne(*journal).ok());
  }

  static std::unique_ptr<storage::Journal> Open(SimulatedDisk* disk,
                                                const std::string& dir = kDirectory) {
    storage::sqlite::Options options;
    options.files = disk;
    auto journal = storage::sqlite::Open(dir, options);
    EXPECT_TRUE(journal.ok()) << journal.status();
    return journal.ok() ? *std::move(journal) : nullptr;
  }
  // As the daemon does, on another disk. Null if the start is refused.
  std::unique_ptr<executor::Executor> Start(SimulatedDisk* disk, storage::Journal* journal) {
    executor::Options options;
    options.before_upgrade = [=, this](std::uint32_t format, storage::Revision head) {
      ++upgrades_;
      return daemon::BackupBeforeUpgrade(*journal, *disk, kDirectory, format, head).status();
    };
    auto started = executor::Executor::Start(options, journal);
    refusal_ = started.status();
    return started.ok() ? *std::move(started) : nullptr;
  }
  static std::uint32_t FormatIn(storage::Journal& journal) {
    const auto found = executor::Recover(journal);
    EXPECT_TRUE(found.ok()) << found.status();
    return found.ok() ? found->format : 0;
  }
  static bool WriteGroup(executor::Executor& executor) {
    return executor.Execute(executor::testing_support::AskGroup("g4")).ok();
  }

  SimulatedDisk disk_;
  int upgrades_ = 0;
  absl::Status refusal_;
};

TEST_F(UpgradeTest, TheFirstStartKeepsWhatIsThereAndTheNextOnesDoNot) {
  for (int start = 0; start < 3; ++start) {
    const auto journal = Open(&disk_);
    const auto executor = Start(&disk_, journal.get());
    ASSERT_NE(executor, nullptr) << refusal_;
    if (start == 0) {
      EXPECT_TRUE(disk_.Exists(kBackup)) << "before anything is written";
      EXPECT_TRUE(WriteGroup(*executor));
    }
    EXPECT_EQ(upgrades_, 1);
  }
  ASSERT_TRUE(storage::sqlite::Restore(kBackup, "/old", disk_).ok());
  const auto old = Open(&disk_, "/old");
  EXPECT_EQ(FormatIn(*old), 1u);
  EXPECT_EQ(old->extent().head, kFormatOneHead);
  EXPECT_EQ(FormatIn(*Open(&disk_)), codec::kJournalFormat);
}

TEST_F(UpgradeTest, AnEmptyJournalNeedsNone) {
  SimulatedDisk fresh;
  const auto journal = Open(&fresh);
  ASSERT_NE(Start(&fresh, journal.get()), nullptr) << refusal_;
  EXPECT_EQ(upgrades_, 0);
}

// No room for the copy: nothing is written, and the older program can go on.
TEST_F(UpgradeTest, WithoutTheBackupTheStartIsRefused) {
  disk_.SetCapacity(disk_.used() + 8192);
  {
    const auto journal = Open(&disk_);
    EXPECT_EQ(Start(&disk_, journal.get()), nullptr);
    EXPECT_FALSE(refusal_.ok());
  }
  disk_.SetCapacity(std::nullopt);
  EXPECT_EQ(FormatIn(*Open(&disk_)), 1u);
}

// Whatever is found after a power loss: either it is all of the old format, or the backup is there.
TEST_F(UpgradeTest, APowerLossLeavesTheOldFormatOrTheBackup) {
  std::mt19937_64 random(5);
  std::vector<std::unique_ptr<SimulatedDisk>> lost;
  disk_.OnChange([&] {
    for (int i = 0; i < kLosses; ++i) lost.push_back(disk_.AfterPowerLoss(random));
  });
  {
    const auto journal = Open(&disk_);
    const auto executor = Start(&disk_, journal.get());
    ASSERT_NE(executor, nullptr) << refusal_;
    EXPECT_TRUE(WriteGroup(*executor));
  }
  disk_.OnChange(nullptr);
  int old = 0;
  int upgraded = 0;
  for (const auto& disk : lost) {
    const std::uint32_t format = FormatIn(*Open(disk.get()));
    ++(format == 1 ? old : upgraded);
    const bool kept = disk->Exists(kBackup);
    ASSERT_TRUE(format == 1 || kept);
    if (kept) {
      const auto restored = storage::sqlite::Restore(kBackup, "/old", *disk);
      ASSERT_TRUE(restored.ok()) << restored.status();
      EXPECT_EQ(FormatIn(*Open(disk.get(), "/old")), 1u);
    }
    const auto journal = Open(disk.get());
    const auto executor = Start(disk.get(), journal.get());
    ASSERT_NE(executor, nullptr) << refusal_;
    EXPECT_TRUE(disk->Exists(kBackup));
  }
  EXPECT_GT(old, 20);
  EXPECT_GT(upgraded, 20);
}

}  // namespace
}  // namespace netstackd::power
