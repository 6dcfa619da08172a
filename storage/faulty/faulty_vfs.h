// A SQLite VFS over the default one that counts syncs and fails writes and syncs as it is told.
#ifndef NETSTACKD_STORAGE_FAULTY_FAULTY_VFS_H_
#define NETSTACKD_STORAGE_FAULTY_FAULTY_VFS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace netstackd::storage {

enum class VfsFile : std::uint8_t { kDatabase, kWal, kOther };
enum class VfsCall : std::uint8_t { kWrite, kSync };

struct VfsFault {
  VfsFile file = VfsFile::kWal;
  VfsCall call = VfsCall::kSync;
  int nth = 1;  // 1: the first such call from now on
  // Share of the bytes that reach the medium: of a write, of its own; of a sync, of the writes
  // since the one before. As after a real failed sync, reading gives what is on the medium.
  enum class Data : std::uint8_t { kAll, kHalf, kNone } data = Data::kNone;
  bool disk_full = false;
};

// Registered under name() as long as it lives, which is longer than every connection that uses it.
// Thread-safe.
class FaultyVfs {
 public:
  FaultyVfs();
  ~FaultyVfs();
  FaultyVfs(const FaultyVfs&) = delete;
  FaultyVfs& operator=(const FaultyVfs&) = delete;

  const std::string& name() const;
  // Replaces the fault that is set, if any.
  void Set(const std::optional<VfsFault>& fault);
  // True once the fault has struck.
  bool struck() const;
  // Successful syncs so far.
  int syncs(VfsFile file) const;

  struct State;

 private:
  std::unique_ptr<State> state_;
};

}  // namespace netstackd::storage

#endif  // NETSTACKD_STORAGE_FAULTY_FAULTY_VFS_H_
