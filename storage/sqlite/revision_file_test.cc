#include "storage/sqlite/revision_file.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>

#include "storage/faulty/simulated_disk.h"
#include "storage/store_id.h"
#include "storage/testing/journal_files.h"
#include "storage/testing/temporary_directory.h"

namespace netstackd::storage::sqlite {
namespace {

using testing_support::FlipBit;
using testing_support::ReadWhole;
using testing_support::WriteWhole;

class RevisionFileTest : public testing::Test {
 protected:
  // -1: no valid slot.
  Revision Found() {
    const auto file = RevisionFile::Open(FileSystem::Real(), path_);
    if (!file.ok() || !file->found()) return -1;
    EXPECT_EQ(file->found()->store_id, store_id_);
    return file->found()->revision;
  }
  void Write(Revision first, Revision last) {
    auto file = RevisionFile::Open(FileSystem::Real(), path_);
    ASSERT_TRUE(file.ok());
    for (Revision r = first; r <= last; ++r) {
      ASSERT_TRUE(file->Write({store_id_, r}).ok());
      ASSERT_TRUE(file->Sync().ok());
    }
  }

  const testing_support::TemporaryDirectory directory_;
  const std::string path_ = directory_.path() + "/REVISION";
  const std::string store_id_ = NewStoreId();
};

TEST_F(RevisionFileTest, ANewFileSaysNothing) {
  EXPECT_EQ(Found(), -1);
  EXPECT_EQ(ReadWhole(path_).size(), 8192u);
}

TEST_F(RevisionFileTest, TheNewestWriteCounts) {
  Write(1, 6);
  EXPECT_EQ(Found(), 6);
  Write(7, 7);
  EXPECT_EQ(Found(), 7);
}

TEST_F(RevisionFileTest, ADamagedSlotLeavesTheOneBefore) {
  Write(1, 6);
  const std::string good = ReadWhole(path_);
  for (std::size_t block = 0; block < 2; ++block) {
    for (std::size_t at = 0; at < 64; ++at) {
      WriteWhole(path_, good);
      FlipBit(path_, block * 4096 + at, static_cast<unsigned>(at % 8));
      const Revision found = Found();
      EXPECT_TRUE(found == 6 || found == 5) << "byte " << at << " of block " << block;
    }
  }
}

TEST_F(RevisionFileTest, AWriteTornOffAnywhereLeavesTheOneBefore) {
  Write(1, 5);
  const std::string before = ReadWhole(path_);
  Write(6, 6);
  const std::string after = ReadWhole(path_);
  for (std::size_t cut = 0; cut < 8192; cut += cut % 4096 < 64 ? 1 : 504) {
    WriteWhole(path_, after.substr(0, cut) + before.substr(cut));
    const Revision found = Found();
    EXPECT_TRUE(found == 5 || found == 6) << cut;
  }
}

TEST_F(RevisionFileTest, AFileWithoutAValidSlotSaysNothingAndCanBeUsedAgain) {
  for (const std::string& bytes : {std::string(), std::string(10, 'x'), std::string(9000, '\0')}) {
    WriteWhole(path_, bytes);
    EXPECT_EQ(Found(), -1);
    Write(9, 9);
    EXPECT_EQ(Found(), 9);
  }
}

bool WriteAll(SimulatedDisk& disk, const std::string& store_id, Revision first, Revision last) {
  auto file = RevisionFile::Open(disk, "/REVISION");
  bool done = file.ok();
  for (Revision r = first; done && r <= last; ++r) {
    done = file->Write({store_id, r}).ok() && (r > 1 || file->Sync().ok());
  }
  return done;
}

// Whatever is torn, what was synced is there: the first of eleven writes by two processes.
TEST_F(RevisionFileTest, APowerLossLeavesAtLeastWhatWasSynced) {
  for (const bool killed : {false, true}) {
    auto disk = std::make_unique<SimulatedDisk>();
    ASSERT_TRUE(WriteAll(*disk, store_id_, 1, 6));
    if (killed) disk = disk->AfterKill();
    ASSERT_TRUE(WriteAll(*disk, store_id_, 7, 11));
    int newest = 0;
    for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
      std::mt19937_64 random(seed);
      const auto after = disk->AfterPowerLoss(random);
      const auto file = RevisionFile::Open(*after, "/REVISION");
      ASSERT_TRUE(file.ok());
      ASSERT_TRUE(file->found().has_value()) << "seed " << seed << ", killed: " << killed;
      ASSERT_GE(file->found()->revision, 1);
      if (file->found()->revision == 11) ++newest;
    }
    EXPECT_GT(newest, 100) << "what was not synced survives now and then";
  }
}

}  // namespace
}  // namespace netstackd::storage::sqlite
