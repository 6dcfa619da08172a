#include "tests/power/small_disk.h"

#include <sched.h>
#include <sys/mount.h>

#include <optional>

#include "storage/faulty/simulated_disk.h"
#include "storage/testing/temporary_directory.h"

namespace netstackd::power {
namespace {

class MountedDisk final : public SmallDisk {
 public:
  ~MountedDisk() override { umount2(directory_.path().c_str(), MNT_DETACH); }
  bool Mount() {
    if (unshare(CLONE_NEWNS) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
    return mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
           mount("tmpfs", directory_.path().c_str(), "tmpfs", 0, "size=4m") == 0;
  }

  storage::FileSystem& files() override { return storage::FileSystem::Real(); }
  std::string directory() const override { return directory_.path(); }
  void Fill() override {
    const auto filler = files().Open(directory_.path() + "/filler", storage::FileMode::kCreate);
    if (!filler.ok()) return;
    for (std::size_t at = 0; (*filler)->Write(at, std::string(4096, 'f')).ok(); at += 4096) {
    }
  }
  void Free() override { files().Remove(directory_.path() + "/filler").IgnoreError(); }

 private:
  const storage::testing_support::TemporaryDirectory directory_;
};

class SimulatedSmallDisk final : public SmallDisk {
 public:
  SimulatedSmallDisk() { disk_.SetCapacity(4 << 20); }
  storage::FileSystem& files() override { return disk_; }
  std::string directory() const override { return "/"; }
  void Fill() override { disk_.SetCapacity(disk_.used()); }
  void Free() override { disk_.SetCapacity(4 << 20); }

 private:
  storage::SimulatedDisk disk_;
};

}  // namespace

std::unique_ptr<SmallDisk> MountSmallDisk() {
  auto disk = std::make_unique<MountedDisk>();
  if (!disk->Mount()) return nullptr;
  return disk;
}

std::unique_ptr<SmallDisk> SimulateSmallDisk() { return std::make_unique<SimulatedSmallDisk>(); }

}  // namespace netstackd::power
