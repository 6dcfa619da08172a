#include "storage/faulty/simulated_vfs.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "storage/files.h"

namespace netstackd::storage {
namespace {

using State = SimulatedDisk::State;

thread_local int last_error = 0;

// Beside the file itself, which SQLite allocates as plain memory.
struct Extra {
  State* state = nullptr;
  DiskNodePtr node;
  std::string path;
  bool syncs_directory = false;  // with its first sync
  int level = SQLITE_LOCK_NONE;
  bool maps_index = false;
  std::array<bool, 8> shares{};  // locks of the index that this connection shares
  std::array<bool, 8> holds{};   // and has for itself
};

struct OpenedFile {
  sqlite3_file head;  // first: SQLite sees only this
  Extra* extra;
};

Extra& Of(sqlite3_file* file) { return *reinterpret_cast<OpenedFile*>(file)->extra; }
State& Of(sqlite3_vfs* vfs) { return *static_cast<State*>(vfs->pAppData); }

// The code for an errno of a call that is known as `code`.
int CodeOf(ErrorNumber error_number, int code) {
  if (error_number == 0) return SQLITE_OK;
  last_error = error_number;
  if (error_number == ENOSPC && code == SQLITE_IOERR_WRITE) return SQLITE_FULL;
  return code;
}

int Unlock(sqlite3_file* file, int level);
int ShmUnmap(sqlite3_file* file, int remove);

int Close(sqlite3_file* file) {
  Unlock(file, SQLITE_LOCK_NONE);
  ShmUnmap(file, 0);
  delete &Of(file);
  return SQLITE_OK;
}

int Read(sqlite3_file* file, void* out, int size, sqlite3_int64 offset) {
  Extra& own = Of(file);
  const auto limit = static_cast<std::size_t>(size);
  std::string bytes;
  const ErrorNumber failed =
      own.state->Read(own.node, own.path, static_cast<std::size_t>(offset), limit, &bytes);
  if (failed != 0) return CodeOf(failed, SQLITE_IOERR_READ);
  std::memcpy(out, bytes.data(), bytes.size());
  if (bytes.size() == limit) return SQLITE_OK;
  std::memset(static_cast<char*>(out) + bytes.size(), 0, limit - bytes.size());
  return SQLITE_IOERR_SHORT_READ;
}

int Write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  Extra& own = Of(file);
  return CodeOf(own.state->Write(
                    own.node, own.path, static_cast<std::size_t>(offset),
                    std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(size))),
                SQLITE_IOERR_WRITE);
}

int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  Extra& own = Of(file);
  return CodeOf(own.state->Truncate(own.node, own.path, static_cast<std::size_t>(size)),
                SQLITE_IOERR_TRUNCATE);
}

int Sync(sqlite3_file* file, int /*flags*/) {
  Extra& own = Of(file);
  const int code = CodeOf(own.state->Sync(own.node, own.path), SQLITE_IOERR_FSYNC);
  if (code != SQLITE_OK || !std::exchange(own.syncs_directory, false)) return code;
  return CodeOf(own.state->SyncDirectory(DirectoryOf(own.path)), SQLITE_IOERR_DIR_FSYNC);
}

int FileSize(sqlite3_file* file, sqlite3_int64* size) {
  *size = static_cast<sqlite3_int64>(Of(file).state->SizeOf(Of(file).node));
  return SQLITE_OK;
}

// As SQLite's own VFS does it with byte ranges: one may prepare to write while others read.
int TakeLock(Extra& own, int level) {
  DiskNode& node = *own.node;
  const auto others = [&own](const void* owner) { return owner != nullptr && owner != &own; };
  if (own.level >= level) return SQLITE_OK;
  if (own.level == SQLITE_LOCK_NONE) {
    if (node.pending_lock != nullptr || node.exclusive != nullptr) return SQLITE_BUSY;
    ++node.shared;
    own.level = SQLITE_LOCK_SHARED;
  }
  if (level == SQLITE_LOCK_SHARED) return SQLITE_OK;
  if (others(node.reserved) || others(node.pending_lock)) return SQLITE_BUSY;
  if (level == SQLITE_LOCK_RESERVED) {
    node.reserved = &own;
    own.level = level;
    return SQLITE_OK;
  }
  node.pending_lock = &own;
  own.level = SQLITE_LOCK_PENDING;
  if (node.shared > 1) return SQLITE_BUSY;
  node.exclusive = &own;
  own.level = SQLITE_LOCK_EXCLUSIVE;
  return SQLITE_OK;
}

int Lock(sqlite3_file* file, int level) {
  Extra& own = Of(file);
  const ErrorNumber failed = own.state->LockFault(own.path);
  if (failed != 0) return CodeOf(failed, SQLITE_IOERR_LOCK);
  return own.state->With([&] { return TakeLock(own, level); });
}

int Unlock(sqlite3_file* file, int level) {
  Extra& own = Of(file);
  own.state->With([&] {
    DiskNode& node = *own.node;
    if (own.level <= level) return;
    for (const void** owner : {&node.reserved, &node.pending_lock, &node.exclusive}) {
      if (*owner == &own) *owner = nullptr;
    }
    if (level == SQLITE_LOCK_NONE) --node.shared;
    own.level = level;
  });
  return SQLITE_OK;
}

int CheckReservedLock(sqlite3_file* file, int* out) {
  Extra& own = Of(file);
  *out = own.state->With([&] { return own.node->reserved != nullptr ? 1 : 0; });
  return SQLITE_OK;
}

int FileControl(sqlite3_file* /*file*/, int /*operation*/, void* /*argument*/) {
  return SQLITE_NOTFOUND;
}
int SectorSize(sqlite3_file* /*file*/) { return 4096; }
int DeviceCharacteristics(sqlite3_file* /*file*/) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

int ShmMap(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
  Extra& own = Of(file);
  const ErrorNumber failed = own.state->LockFault(own.path);
  if (failed != 0) return CodeOf(failed, SQLITE_IOERR_SHMMAP);
  return own.state->With([&] {
    DiskNode& node = *own.node;
    NSD_CHECK(size == static_cast<int>(sizeof(std::array<char, 32768>)));
    if (!std::exchange(own.maps_index, true)) ++node.index_users;
    *out = nullptr;
    const auto wanted = static_cast<std::size_t>(page);
    while (node.index.size() <= wanted) {
      if (extend == 0) return SQLITE_OK;
      node.index.push_back(std::make_unique<std::array<char, 32768>>());
      node.index.back()->fill('\0');
    }
    *out = node.index[wanted]->data();
    return SQLITE_OK;
  });
}

// One lock of the index; the change is made only if `take` is allowed or not asked for.
bool MayTake(const Extra& own, std::size_t slot, bool shared) {
  const int now = own.node->index_locks[slot];
  if (shared) return now >= 0;
  return now == 0 || own.holds[slot];
}

void TakeIndexLock(Extra& own, std::size_t slot, bool shared) {
  int& now = own.node->index_locks[slot];
  if (shared) {
    if (!std::exchange(own.shares[slot], true)) ++now;
  } else {
    own.holds[slot] = true;
    now = -1;
  }
}

void DropIndexLock(Extra& own, std::size_t slot) {
  int& now = own.node->index_locks[slot];
  if (std::exchange(own.shares[slot], false)) --now;
  if (std::exchange(own.holds[slot], false)) now = 0;
}

int ShmLock(sqlite3_file* file, int offset, int count, int flags) {
  Extra& own = Of(file);
  return own.state->With([&] {
    const auto from = static_cast<std::size_t>(offset);
    const auto to = from + static_cast<std::size_t>(count);
    const bool shared = (flags & SQLITE_SHM_SHARED) != 0;
    const bool take = (flags & SQLITE_SHM_LOCK) != 0;
    for (std::size_t slot = from; take && slot < to; ++slot) {
      if (!MayTake(own, slot, shared)) return SQLITE_BUSY;
    }
    for (std::size_t slot = from; slot < to; ++slot) {
      if (take) {
        TakeIndexLock(own, slot, shared);
      } else {
        DropIndexLock(own, slot);
      }
    }
    return SQLITE_OK;
  });
}

// Taking the lock is a barrier.
void ShmBarrier(sqlite3_file* file) {
  Of(file).state->With([] {});
}

int ShmUnmap(sqlite3_file* file, int /*remove*/) {
  Extra& own = Of(file);
  own.state->With([&] {
    for (std::size_t slot = 0; slot < own.shares.size(); ++slot) DropIndexLock(own, slot);
    // Without users it is worth nothing: the next one rebuilds it.
    if (std::exchange(own.maps_index, false) && --own.node->index_users == 0) {
      own.node->index.clear();
    }
  });
  return SQLITE_OK;
}

// Version 2: shared memory, but no memory-mapped reading around us.
constexpr sqlite3_io_methods kMethods = {2,
                                         Close,
                                         Read,
                                         Write,
                                         Truncate,
                                         Sync,
                                         FileSize,
                                         Lock,
                                         Unlock,
                                         CheckReservedLock,
                                         FileControl,
                                         SectorSize,
                                         DeviceCharacteristics,
                                         ShmMap,
                                         ShmLock,
                                         ShmBarrier,
                                         ShmUnmap,
                                         nullptr,
                                         nullptr};

int Open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  auto* opened = reinterpret_cast<OpenedFile*>(file);
  opened->head.pMethods = nullptr;
  NSD_CHECK(name != nullptr);  // temporary files are kept in memory
  DiskNodePtr node;
  const bool create = (flags & SQLITE_OPEN_CREATE) != 0;
  const bool must_be_new = (flags & SQLITE_OPEN_EXCLUSIVE) != 0 && create;
  const ErrorNumber failed = Of(vfs).Open(name, create, must_be_new, &node);
  if (failed != 0) return CodeOf(failed, SQLITE_CANTOPEN);
  opened->extra = new Extra;
  opened->extra->state = &Of(vfs);
  opened->extra->node = std::move(node);
  opened->extra->path = name;
  // As SQLite's own VFS: the name of a log that it may have made.
  opened->extra->syncs_directory =
      create && (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0;
  opened->head.pMethods = &kMethods;
  if (out_flags != nullptr) *out_flags = flags;
  return SQLITE_OK;
}

int Delete(sqlite3_vfs* vfs, const char* name, int sync) {
  const ErrorNumber failed = Of(vfs).Remove(name);
  if (failed == ENOENT) return SQLITE_IOERR_DELETE_NOENT;
  if (failed != 0) return CodeOf(failed, SQLITE_IOERR_DELETE);
  if (sync == 0) return SQLITE_OK;
  return CodeOf(Of(vfs).SyncDirectory(DirectoryOf(name)), SQLITE_IOERR_DIR_FSYNC);
}

int Access(sqlite3_vfs* vfs, const char* name, int flags, int* out) {
  const DiskNodePtr node = Of(vfs).Find(name);
  *out = node != nullptr && (flags != SQLITE_ACCESS_EXISTS || Of(vfs).SizeOf(node) > 0) ? 1 : 0;
  return SQLITE_OK;
}

int FullPathname(sqlite3_vfs* /*vfs*/, const char* name, int size, char* out) {
  return sqlite3_snprintf(size, out, "%s", name) == nullptr ? SQLITE_CANTOPEN : SQLITE_OK;
}

int Randomness(sqlite3_vfs* vfs, int size, char* out) {
  for (int i = 0; i < size; ++i) out[i] = static_cast<char>(Of(vfs).Draw());
  return size;
}

sqlite3_vfs* RealVfs() { return sqlite3_vfs_find(nullptr); }
int Sleep(sqlite3_vfs* /*vfs*/, int microseconds) {
  return RealVfs()->xSleep(RealVfs(), microseconds);
}
int CurrentTime(sqlite3_vfs* /*vfs*/, double* out) {
  return RealVfs()->xCurrentTime(RealVfs(), out);
}
int CurrentTimeInt64(sqlite3_vfs* /*vfs*/, sqlite3_int64* out) {
  return RealVfs()->xCurrentTimeInt64(RealVfs(), out);
}
int GetLastError(sqlite3_vfs* /*vfs*/, int /*size*/, char* /*out*/) { return last_error; }

std::string NewName() {
  static std::atomic<int> disks = 0;
  return absl::StrCat("simulated-disk-", ++disks);
}

}  // namespace

SimulatedDisk::Vfs::Vfs(State* state) : name(NewName()) {
  vfs.iVersion = 2;
  vfs.szOsFile = static_cast<int>(sizeof(OpenedFile));
  vfs.mxPathname = 512;
  vfs.zName = name.c_str();
  vfs.pAppData = state;
  vfs.xOpen = storage::Open;
  vfs.xDelete = Delete;
  vfs.xAccess = Access;
  vfs.xFullPathname = FullPathname;
  vfs.xRandomness = Randomness;
  vfs.xSleep = Sleep;
  vfs.xCurrentTime = CurrentTime;
  vfs.xGetLastError = GetLastError;
  vfs.xCurrentTimeInt64 = CurrentTimeInt64;
  NSD_CHECK(sqlite3_vfs_register(&vfs, 0) == SQLITE_OK);
}

SimulatedDisk::Vfs::~Vfs() { sqlite3_vfs_unregister(&vfs); }

}  // namespace netstackd::storage
