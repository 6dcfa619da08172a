// A process is killed, the next one begins, and then the power goes.
#include <gtest/gtest.h>

#include <random>

#include "base/error.h"
#include "storage/faulty/simulated_disk.h"
#include "storage/sqlite/restore.h"
#include "storage/sqlite/schema.h"
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

// A made-up future.
const Schema& NextSchema() {
  static const Schema* const next = [] {
    auto* schema = new Schema(OurSchema());
    const std::string table = "CREATE TABLE notes (id INTEGER PRIMARY KEY, note TEXT) STRICT";
    schema->version = kSchemaVersion + 1;
    schema->tables.push_back({"notes", table});
    schema->migrations.push_back(
        {kSchemaVersion + 1,
         {table, "INSERT INTO notes SELECT revision, principal FROM revisions"}});
    return schema;
  }();
  return *next;
}

TEST_F(DoubleFaultTest, AMigrationHappensOrNotAndItsBackupIsThereFirst) {
  SimulatedDisk disk;
  ASSERT_TRUE(disk.MakeDirectory("/state").ok());
  ASSERT_TRUE(disk.SyncDirectory("/").ok());
  ASSERT_TRUE(MustOpen(&disk)->Append(0, MakeRecords(1, 7)).ok());
  const auto open = [](SimulatedDisk* on, const Schema* schema) {
    Options options;
    options.files = on;
    options.schema = schema;
    return Open("/state/journal", options);
  };
  const Disks losses = LossesDuring(&disk, [&] { ASSERT_TRUE(open(&disk, &NextSchema()).ok()); });
  int before = 0;
  int after = 0;
  for (const auto& lost : losses) {
    // An older program either finds its own version, or refuses a newer one.
    const auto older = open(lost->AfterKill().get(), nullptr).status();
    ++(older.ok() ? before : after);
    const std::string backup = "/state/journal/before-schema-2-revision-7.backup";
    if (!older.ok()) {
      EXPECT_EQ(ReasonOf(older), ErrorReason::kNotSupported) << older;
      const auto copy = lost->AfterKill();
      const auto restored = Restore(backup, "/state/restored", *copy);
      ASSERT_TRUE(restored.ok()) << restored.status();
      EXPECT_EQ(restored->head, 7);
    }
    const auto newer = open(lost.get(), &NextSchema());
    ASSERT_TRUE(newer.ok()) << newer.status();
    EXPECT_TRUE(lost->Exists(backup));
    EXPECT_EQ(ContentOf(**newer)->records, MakeRecords(1, 7));
  }
  EXPECT_GT(before, 10);
  EXPECT_GT(after, 10);
}

TEST_F(DoubleFaultTest, ABackupIsWholeOnceItHasItsName) {
  SimulatedDisk disk;
  ASSERT_TRUE(disk.MakeDirectory("/state").ok());
  ASSERT_TRUE(disk.SyncDirectory("/").ok());
  const auto journal = MustOpen(&disk);
  ASSERT_TRUE(journal->Append(0, MakeRecords(1, 7)).ok());
  Disks losses = LossesDuring(&disk, [&] { ASSERT_TRUE(journal->Backup("/backup").ok()); });
  losses.push_back(disk.AfterPowerLoss(random_));
  EXPECT_TRUE(losses.back()->Exists("/backup"));
  for (const auto& lost : losses) {
    if (!lost->Exists("/backup")) continue;
    const auto restored = Restore("/backup", "/restored", *lost);
    ASSERT_TRUE(restored.ok()) << restored.status();
    EXPECT_EQ(restored->head, 7);
  }
}

TEST_F(DoubleFaultTest, ARestoreIsWholeOrRefusedOrNotThere) {
  SimulatedDisk disk;
  ASSERT_TRUE(disk.MakeDirectory("/state").ok());
  const auto journal = MustOpen(&disk);
  ASSERT_TRUE(journal->Append(0, MakeRecords(1, 7)).ok());
  ASSERT_TRUE(journal->Backup("/backup").ok());
  ASSERT_TRUE(disk.SyncDirectory("/").ok());
  const auto restored = [](SimulatedDisk* on) {
    Options options;
    options.files = on;
    return Open("/restored", options);
  };
  const Disks losses =
      LossesDuring(&disk, [&] { ASSERT_TRUE(Restore("/backup", "/restored", disk).ok()); });
  int whole = 0;
  int refused = 0;
  for (const auto& lost : losses) {
    const auto opened = restored(lost.get());
    if (!opened.ok()) {
      ++refused;
      EXPECT_EQ(opened.status().code(), absl::StatusCode::kDataLoss) << opened.status();
    } else if ((*opened)->extent().head > 0) {
      ++whole;
      EXPECT_EQ(ContentOf(**opened)->records, MakeRecords(1, 7));
    }
  }
  EXPECT_GT(whole, 0);
  EXPECT_GT(refused, 0);
  // What was told to be done is there.
  for (int i = 0; i < kLosses; ++i) {
    const auto lost = disk.AfterPowerLoss(random_);
    const auto opened = restored(lost.get());
    ASSERT_TRUE(opened.ok()) << opened.status();
    EXPECT_EQ(ContentOf(**opened)->records, MakeRecords(1, 7));
  }
}

}  // namespace
}  // namespace netstackd::storage::sqlite
