// A process is killed, the next one begins, and then the power goes.
#include <gtest/gtest.h>

#include <random>

#include "storage/faulty/simulated_disk.h"
#include "storage/sqlite/sqlite_journal.h"
#include "storage/testing/journal_content.h"

namespace netstackd::storage::sqlite {
namespace {

using testing_support::ContentOf;
using testing_support::MakeRecords;

constexpr int kLosses = 6;  // at each moment

class DoubleFaultTest : public testing::Test {
 protected:
  using Disks = std::vector<std::unique_ptr<SimulatedDisk>>;

  std::unique_ptr<Journal> MustOpen(SimulatedDisk* disk) {
    Options options;
    options.files = disk;
    options.warn = [this](const std::string& warning) { warnings_.push_back(warning); };
    auto journal = Open("/state/journal", options);
    EXPECT_TRUE(journal.ok()) << journal.status();
    return journal.ok() ? *std::move(journal) : nullptr;
  }
  // The disk as a kill before each change that `work` makes leaves it.
  static Disks KillsDuring(SimulatedDisk* disk, const std::function<void()>& work) {
    Disks kills;
    disk->OnChange([&] { kills.push_back(disk->AfterKill()); });
    work();
    disk->OnChange(nullptr);
    return kills;
  }
  Disks LossesDuring(SimulatedDisk* disk, const std::function<void()>& work) {
    Disks losses;
    disk->OnChange([&] {
      for (int i = 0; i < kLosses; ++i) losses.push_back(disk->AfterPowerLoss(random_));
    });
    work();
    disk->OnChange(nullptr);
    return losses;
  }

  std::mt19937_64 random_{11};
  std::vector<std::string> warnings_;
};

TEST_F(DoubleFaultTest, WhatAKilledWriterLeftInTheCacheIsDurableOrNotThere) {
  SimulatedDisk disk;
  ASSERT_TRUE(disk.MakeDirectory("/state").ok());
  ASSERT_TRUE(disk.SyncDirectory("/").ok());
  auto journal = MustOpen(&disk);
  ASSERT_TRUE(journal->Append(0, MakeRecords(1, 5)).ok());
  const Disks kills = KillsDuring(&disk, [&] {
    ASSERT_TRUE(journal->Append(5, MakeRecords(6, 4)).ok());
    ASSERT_TRUE(journal->Idle().ok());
    ASSERT_TRUE(journal->Append(9, MakeRecords(10, 1)).ok());
  });
  EXPECT_GT(kills.size(), 10u);
  int losses = 0;
  for (const auto& killed : kills) {
    for (const auto& lost : LossesDuring(killed.get(), [&] { MustOpen(killed.get()); })) {
      ++losses;
      const auto again = MustOpen(lost.get());
      ASSERT_NE(again, nullptr);
      EXPECT_GE(again->extent().head, 5);
      EXPECT_EQ(ContentOf(*again)->records, MakeRecords(1, static_cast<int>(again->extent().head)));
    }
  }
  EXPECT_GT(losses, 300);
  EXPECT_TRUE(warnings_.empty()) << warnings_.front();
}

TEST_F(DoubleFaultTest, AJournalThatAKilledProcessBeganToMakeIsAsGoodAsAnother) {
  SimulatedDisk disk;
  ASSERT_TRUE(disk.MakeDirectory("/state").ok());
  ASSERT_TRUE(disk.SyncDirectory("/").ok());
  const Disks kills = KillsDuring(&disk, [&] { MustOpen(&disk); });
  EXPECT_GT(kills.size(), 20u);
  for (const auto& killed : kills) {
    const auto journal = MustOpen(killed.get());
    ASSERT_NE(journal, nullptr);
    warnings_.clear();  // of a side file that was not made yet
    ASSERT_TRUE(journal->Append(0, MakeRecords(1, 3)).ok());
    for (int i = 0; i < kLosses; ++i) {
      const auto lost = killed->AfterPowerLoss(random_);
      const auto again = MustOpen(lost.get());
      ASSERT_NE(again, nullptr);
      EXPECT_EQ(ContentOf(*again)->records, MakeRecords(1, 3));
      EXPECT_TRUE(warnings_.empty()) << warnings_.front();
    }
  }
}

}  // namespace
}  // namespace netstackd::storage::sqlite
