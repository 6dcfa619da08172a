// What a simulated disk holds. Internal to storage/faulty.
#ifndef NETSTACKD_STORAGE_FAULTY_DISK_STATE_H_
#define NETSTACKD_STORAGE_FAULTY_DISK_STATE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "storage/faulty/simulated_disk.h"

namespace netstackd::storage {

// A write, or a change of the size, that is not synced.
struct PendingChange {
  bool truncate = false;
  std::size_t offset = 0;  // or the new size
  std::string bytes;
};

// A file with all who have it open. The lock of the disk guards it.
struct DiskNode {
  std::uint64_t number = 0;  // counts in the order of creation
  bool directory = false;
  std::string live;     // what reading gives
  std::string durable;  // what the medium has
  std::vector<PendingChange> pending;

  // Locks of the process: the one of File::TryLock, and those of SQLite.
  const void* locked_by = nullptr;
  int shared = 0;
  const void* reserved = nullptr;
  const void* pending_lock = nullptr;
  const void* exclusive = nullptr;
  // The index of the log, shared by the connections of this process.
  int index_users = 0;
  std::vector<std::unique_ptr<std::array<char, 32768>>> index;
  std::array<int, 8> index_locks{};  // -1: exclusive, else how many share it
};
using DiskNodePtr = std::shared_ptr<DiskNode>;

// A change of names in one directory, which survives as a whole or not at all.
struct PendingName {
  std::string directory;
  std::string removed;  // empty: none
  std::string added;    // empty: none
  DiskNodePtr node;
};

// 0, or the errno of the failure.
using ErrorNumber = int;

// Every method takes the lock; those that change something call the observer first.
class SimulatedDisk::State {
 public:
  explicit State(std::uint64_t seed);

  std::unique_ptr<State> AfterPowerLoss(std::mt19937_64& random) const;
  std::unique_ptr<State> AfterKill() const;

  // `must_be_new`: an error if it is there. `node` stays null after an error.
  ErrorNumber Open(const std::string& path, bool create, bool must_be_new, DiskNodePtr* node);
  // `size` gets the bytes that are there.
  ErrorNumber Read(const DiskNodePtr& node, const std::string& path, std::size_t offset,
                   std::size_t limit, std::string* bytes);
  ErrorNumber Write(const DiskNodePtr& node, const std::string& path, std::size_t offset,
                    const std::string& bytes);
  ErrorNumber Truncate(const DiskNodePtr& node, const std::string& path, std::size_t size);
  ErrorNumber Sync(const DiskNodePtr& node, const std::string& path);
  ErrorNumber MakeDirectory(const std::string& path);
  ErrorNumber Rename(const std::string& from, const std::string& to);
  ErrorNumber Remove(const std::string& path);
  ErrorNumber SyncDirectory(const std::string& path);
  // A fault that is set for taking a lock of this file.
  ErrorNumber LockFault(const std::string& path);

  DiskNodePtr Find(const std::string& path) const;
  std::size_t SizeOf(const DiskNodePtr& node) const;
  std::vector<std::string> List(const std::string& dir) const;
  std::uint64_t Draw();

  // Runs `work` on a node under the lock.
  template <typename Work>
  auto With(const Work& work) {
    MutexLock lock(&mu_);
    return work();
  }

  void Set(const std::optional<DiskFault>& fault);
  int struck() const;
  void SetCapacity(std::optional<std::int64_t> bytes);
  std::int64_t used() const;
  void SetReadOnly(bool read_only);
  void LieAboutSyncs(DiskFile file);
  void OnChange(std::function<void()> before);
  std::uint64_t changes() const;
  std::uint64_t calls() const;
  int syncs(DiskFile file) const;
  std::string Peek(const std::string& path) const;
  void Poke(const std::string& path, const std::string& bytes);

 private:
  using Names = std::map<std::string, DiskNodePtr>;
  // The same nodes, as copies: for each original one.
  class Copies;

  // Before every change: the observer, and the count.
  void Announce();
  // Counts a call; what to do instead of it, if it is to fail.
  std::optional<DiskFault> Due(const std::string& path, DiskCall call)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // The errno of a change that the disk as a whole refuses.
  ErrorNumber Refused(std::int64_t growth) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  std::int64_t Used() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  DiskNodePtr Make(const std::string& path, bool directory) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void Change(const DiskNodePtr& node, PendingChange change) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void FailSync(const DiskNodePtr& node, const DiskFault& fault) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void ChangeName(PendingName change) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  mutable Mutex mu_;  // leaf lock
  Names live_ ABSL_GUARDED_BY(mu_);
  Names durable_ ABSL_GUARDED_BY(mu_);
  std::vector<PendingName> pending_ ABSL_GUARDED_BY(mu_);
  std::uint64_t nodes_ ABSL_GUARDED_BY(mu_) = 0;
  std::mt19937_64 random_ ABSL_GUARDED_BY(mu_);

  std::optional<DiskFault> fault_ ABSL_GUARDED_BY(mu_);
  int struck_ ABSL_GUARDED_BY(mu_) = 0;
  std::optional<std::int64_t> capacity_ ABSL_GUARDED_BY(mu_);
  bool read_only_ ABSL_GUARDED_BY(mu_) = false;
  std::array<bool, 3> lies_ ABSL_GUARDED_BY(mu_) = {};
  std::array<int, 3> syncs_ ABSL_GUARDED_BY(mu_) = {};
  std::uint64_t changes_ ABSL_GUARDED_BY(mu_) = 0;
  std::uint64_t calls_ ABSL_GUARDED_BY(mu_) = 0;
  std::function<void()> before_ ABSL_GUARDED_BY(mu_);
};

// Applies a change to bytes, as a file system does: what lies between is zero.
void Apply(const PendingChange& change, std::string* bytes);

}  // namespace netstackd::storage

#endif  // NETSTACKD_STORAGE_FAULTY_DISK_STATE_H_
