// A disk in memory that forgets what was not synced, fills up, fails and lies as it is told.
#ifndef NETSTACKD_STORAGE_FAULTY_SIMULATED_DISK_H_
#define NETSTACKD_STORAGE_FAULTY_SIMULATED_DISK_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "storage/file_system.h"

namespace netstackd::storage {

// Told by the name: NAME.db, NAME-wal, and the rest.
enum class DiskFile : std::uint8_t { kDatabase, kWal, kOther };
enum class DiskCall : std::uint8_t {
  kRead,
  kWrite,
  kTruncate,
  kSync,
  kOpen,
  kDelete,
  kRename,
  kSyncDirectory,
  kLock,
};
const char* NameOf(DiskCall call);

struct DiskFault {
  std::optional<DiskFile> file = DiskFile::kWal;  // nullopt: any
  std::optional<DiskCall> call = DiskCall::kSync;
  int nth = 1;    // 1: the first such call from now on
  int times = 1;  // how many in a row
  // Share of the bytes that take effect: of a write, of its own; of a sync, of the writes since the
  // one before. A short read gives zeroes for the rest.
  enum class Data : std::uint8_t { kAll, kHalf, kNone } data = Data::kNone;
  // What a failed sync did not bring to the medium: reading still gives it, and no later sync
  // brings it there (a page cache that took the pages for clean); else reading gives what the
  // medium has.
  bool stays_cached = false;
  int error_number = 5;  // EIO
};

// Holds files, directories and their locks. Every write since the last sync of its file is pending,
// and so is every name since the last sync of its directory; a power loss keeps what was synced,
// and of each pending sector any of the versions it had, or a torn one. The bytes of a torn sector
// are each of the one or the other version: nothing is assumed that SQLite does not assume of a
// real disk (SQLITE_IOCAP_POWERSAFE_OVERWRITE).
//
// Threads  all of it from any thread. One leaf lock; SQLite works on it at will.
// Order    a copy (after a power loss, after a kill) is taken between two calls.
class SimulatedDisk final : public FileSystem {
 public:
  // The root is a directory that is there. `seed` is for what SQLite draws.
  explicit SimulatedDisk(std::uint64_t seed = 1);
  ~SimulatedDisk() override;
  SimulatedDisk(const SimulatedDisk&) = delete;
  SimulatedDisk& operator=(const SimulatedDisk&) = delete;

  // What the next boot finds. Draws sector size, how much survives, and each sector.
  std::unique_ptr<SimulatedDisk> AfterPowerLoss(std::mt19937_64& random) const;
  // What the next process finds: everything, synced or not, and nobody holds a lock.
  std::unique_ptr<SimulatedDisk> AfterKill() const;

  // Replaces the fault that is set, if any.
  void Set(const std::optional<DiskFault>& fault);
  // How often the fault has struck.
  int struck() const;
  // Bytes that fit on it, in blocks of 4 KiB for each file; nullopt: no end. Beyond: ENOSPC.
  void SetCapacity(std::optional<std::int64_t> bytes);
  std::int64_t used() const;
  // Every change fails with EROFS.
  void SetReadOnly(bool read_only);
  // From now on a sync of such a file says that it is done, and does nothing.
  void LieAboutSyncs(DiskFile file);

  // Called before everything that changes or syncs something, by whoever does it, without the lock.
  void OnChange(std::function<void()> before);
  // Changes and syncs so far.
  std::uint64_t changes() const;
  // Calls of every kind so far, reads and locks included.
  std::uint64_t calls() const;
  // Successful syncs so far.
  int syncs(DiskFile file) const;

  // The bytes of a file, and a file of these bytes, durably; beside all rules.
  std::string Peek(const std::string& path) const;
  void Poke(const std::string& path, const std::string& bytes);

  absl::StatusOr<std::unique_ptr<File>> Open(const std::string& path, FileMode mode) override;
  bool Exists(const std::string& path) override;
  std::int64_t SizeOf(const std::string& path) override;
  absl::StatusOr<std::vector<std::string>> List(const std::string& dir) override;
  absl::Status MakeDirectory(const std::string& dir) override;
  absl::Status Rename(const std::string& from, const std::string& to) override;
  absl::Status Remove(const std::string& path) override;
  absl::Status SyncDirectory(const std::string& dir) override;
  std::string sqlite_vfs() const override;

  class State;

 private:
  explicit SimulatedDisk(std::unique_ptr<State> state);

  // Behind a pointer: SQLite's structures are nobody else's to see.
  struct Vfs;
  std::unique_ptr<State> state_;
  std::unique_ptr<Vfs> vfs_;
};

}  // namespace netstackd::storage

#endif  // NETSTACKD_STORAGE_FAULTY_SIMULATED_DISK_H_
