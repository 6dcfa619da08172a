#include "storage/faulty/simulated_disk.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <set>

#include "base/error.h"

namespace netstackd::storage {
namespace {

class SimulatedDiskTest : public testing::Test {
 protected:
  std::unique_ptr<File> Make(const std::string& path) {
    auto file = disk_.Open(path, FileMode::kCreate);
    EXPECT_TRUE(file.ok()) << file.status();
    return *std::move(file);
  }
  // What `path` may be after a power loss: bytes, or "-" if it is not there.
  std::set<std::string> After(const std::string& path) {
    std::set<std::string> found;
    for (int i = 0; i < 400; ++i) {
      const auto disk = disk_.AfterPowerLoss(random_);
      found.insert(disk->Exists(path) ? disk->Peek(path) : "-");
    }
    return found;
  }

  SimulatedDisk disk_;
  std::mt19937_64 random_{7};
};

TEST_F(SimulatedDiskTest, ANameIsThereOnceItsDirectoryIsSynced) {
  const auto file = Make("/f");
  ASSERT_TRUE(file->Write(0, "x").ok());
  ASSERT_TRUE(file->Sync().ok());
  EXPECT_EQ(After("/f"), (std::set<std::string>{"-", "x"}));
  ASSERT_TRUE(disk_.SyncDirectory("/").ok());
  EXPECT_EQ(After("/f"), (std::set<std::string>{"x"}));
}

TEST_F(SimulatedDiskTest, WhatIsNotSyncedMaySurviveInAnyPart) {
  const auto file = Make("/f");
  ASSERT_TRUE(disk_.SyncDirectory("/").ok());
  ASSERT_TRUE(file->Write(0, std::string(1024, 'a')).ok());
  ASSERT_TRUE(file->Sync().ok());
  ASSERT_TRUE(file->Write(0, std::string(512, 'b')).ok());
  ASSERT_TRUE(file->Write(512, std::string(512, 'c')).ok());
  const std::set<std::string> found = After("/f");
  const auto may = [&found](char first, char second) {
    return found.count(std::string(512, first) + std::string(512, second)) != 0;
  };
  EXPECT_TRUE(may('a', 'a') && may('b', 'a') && may('a', 'c') && may('b', 'c'));
  bool torn = false;
  for (const std::string& bytes : found) {
    ASSERT_EQ(bytes.size(), 1024u);
    torn = torn || (bytes[0] != bytes[511] && bytes[0] != 'c');
    for (std::size_t i = 0; i < 512; ++i) EXPECT_TRUE(bytes[i] == 'a' || bytes[i] == 'b');
  }
  EXPECT_TRUE(torn);
  ASSERT_TRUE(file->Sync().ok());
  EXPECT_EQ(After("/f").size(), 1u);
}

TEST_F(SimulatedDiskTest, SizesArePendingToo) {
  const auto file = Make("/f");
  ASSERT_TRUE(disk_.SyncDirectory("/").ok());
  ASSERT_TRUE(file->Write(0, "long").ok());
  ASSERT_TRUE(file->Sync().ok());
  ASSERT_TRUE(file->Truncate(0).ok());
  const std::set<std::string> found = After("/f");
  EXPECT_TRUE(found.count("") != 0 && found.count("long") != 0);
  EXPECT_EQ(disk_.Peek("/f"), "");
}

TEST_F(SimulatedDiskTest, ARenameHappensOrNot) {
  ASSERT_TRUE(Make("/f")->Sync().ok());
  ASSERT_TRUE(disk_.SyncDirectory("/").ok());
  ASSERT_TRUE(disk_.Rename("/f", "/g").ok());
  for (int i = 0; i < 200; ++i) {
    const auto disk = disk_.AfterPowerLoss(random_);
    EXPECT_NE(disk->Exists("/f"), disk->Exists("/g"));
  }
  EXPECT_EQ(ReasonOf(disk_.Rename("/nowhere", "/x")), ErrorReason::kStorageUnavailable);
  Make("/x");
  EXPECT_EQ(ReasonOf(disk_.Rename("/g", "/x")), ErrorReason::kInvalidRequest);
}

TEST_F(SimulatedDiskTest, AFileGoesWithItsDirectory) {
  ASSERT_TRUE(disk_.MakeDirectory("/d").ok());
  ASSERT_TRUE(Make("/d/f")->Sync().ok());
  ASSERT_TRUE(disk_.SyncDirectory("/d").ok());
  EXPECT_EQ(After("/d/f"), (std::set<std::string>{"-", ""}));
  ASSERT_TRUE(disk_.SyncDirectory("/").ok());
  EXPECT_EQ(After("/d/f"), (std::set<std::string>{""}));
}

TEST_F(SimulatedDiskTest, AKillLosesNothingButTheLocks) {
  const auto file = Make("/f");
  ASSERT_TRUE(file->Write(0, "x").ok());
  EXPECT_TRUE(*file->TryLock());
  EXPECT_FALSE(*Make("/f")->TryLock());
  const auto after = disk_.AfterKill();
  EXPECT_EQ(after->Peek("/f"), "x");
  EXPECT_TRUE(*(*after->Open("/f", FileMode::kWrite))->TryLock());
  // What was pending still is.
  std::set<bool> there;
  for (int i = 0; i < 100; ++i) there.insert(after->AfterPowerLoss(random_)->Exists("/f"));
  EXPECT_EQ(there.size(), 2u);
}

TEST_F(SimulatedDiskTest, AFailedSyncMayLeaveACleanCacheThatIsNotOnTheMedium) {
  const auto file = Make("/f");
  ASSERT_TRUE(disk_.SyncDirectory("/").ok());
  ASSERT_TRUE(file->Write(0, "x").ok());
  disk_.Set(DiskFault{.file = DiskFile::kOther, .stays_cached = true});
  EXPECT_FALSE(file->Sync().ok());
  EXPECT_EQ(disk_.struck(), 1);
  EXPECT_TRUE(file->Sync().ok());
  EXPECT_EQ(*file->Read(0, 10), "x");
  EXPECT_EQ(After("/f"), (std::set<std::string>{""}));
  ASSERT_TRUE(file->Write(0, "x").ok());
  EXPECT_TRUE(file->Sync().ok());
  EXPECT_EQ(After("/f"), (std::set<std::string>{"x"}));
}

TEST_F(SimulatedDiskTest, AFullDiskTakesNothingNewAndGivesWhatItHas) {
  const auto file = Make("/f");
  disk_.SetCapacity(8192);
  ASSERT_TRUE(file->Write(0, std::string(8192, 'x')).ok());
  EXPECT_EQ(ReasonOf(file->Write(8192, "y")), ErrorReason::kResourceExhausted);
  EXPECT_TRUE(file->Write(0, "z").ok());
  EXPECT_EQ(*file->Read(0, 2), "zx");
  disk_.SetCapacity(std::nullopt);
  EXPECT_TRUE(file->Write(8192, "y").ok());
  disk_.SetReadOnly(true);
  EXPECT_EQ(ReasonOf(file->Write(0, "y")), ErrorReason::kStorageUnavailable);
}

}  // namespace
}  // namespace netstackd::storage
