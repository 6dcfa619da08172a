#include "storage/faulty/faulty_vfs.h"

#include <sqlite3.h>

#include <array>
#include <new>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/mutex.h"
#include "storage/store_id.h"

namespace netstackd::storage {

struct FaultyVfs::State {
  std::string name;
  sqlite3_vfs* base = nullptr;  // const after construction
  sqlite3_vfs vfs = {};         // const after construction

  mutable Mutex mu;
  std::optional<VfsFault> fault ABSL_GUARDED_BY(mu);
  bool struck ABSL_GUARDED_BY(mu) = false;
  std::array<int, 3> syncs ABSL_GUARDED_BY(mu) = {};

  std::optional<VfsFault> Due(VfsFile file, VfsCall call) {
    MutexLock lock(&mu);
    if (!fault || fault->file != file || fault->call != call || --fault->nth > 0) {
      return std::nullopt;
    }
    struck = true;
    return std::exchange(fault, std::nullopt);
  }
  void Synced(VfsFile file) {
    MutexLock lock(&mu);
    ++syncs[static_cast<std::size_t>(file)];
  }
};

namespace {

using State = FaultyVfs::State;

// What a write overwrote, to take it back.
struct Overwritten {
  sqlite3_int64 offset;
  std::vector<unsigned char> bytes;
  sqlite3_int64 size;  // of the file
};

// Beside the file itself, which SQLite allocates as plain memory.
struct Extra {
  State* state;
  VfsFile kind;
  std::vector<Overwritten> since_sync;
};

struct File {
  sqlite3_file head;  // first: SQLite sees only this
  Extra* extra;
  sqlite3_file* real;  // lies behind this struct
};

File* Of(sqlite3_file* file) { return reinterpret_cast<File*>(file); }
sqlite3_file* Real(sqlite3_file* file) { return Of(file)->real; }
State* Of(sqlite3_vfs* vfs) { return static_cast<State*>(vfs->pAppData); }
sqlite3_vfs* Base(sqlite3_vfs* vfs) { return Of(vfs)->base; }

int ErrorCode(const VfsFault& fault) {
  if (fault.disk_full) return SQLITE_FULL;
  return fault.call == VfsCall::kSync ? SQLITE_IOERR_FSYNC : SQLITE_IOERR_WRITE;
}

int Close(sqlite3_file* file) {
  const int code = Real(file)->pMethods->xClose(Real(file));
  delete Of(file)->extra;
  return code;
}

int Read(sqlite3_file* file, void* bytes, int size, sqlite3_int64 offset) {
  return Real(file)->pMethods->xRead(Real(file), bytes, size, offset);
}

void Remember(sqlite3_file* file, int size, sqlite3_int64 offset) {
  Overwritten old{offset, std::vector<unsigned char>(static_cast<std::size_t>(size)), 0};
  NSD_CHECK(Real(file)->pMethods->xFileSize(Real(file), &old.size) == SQLITE_OK);
  const int code = Read(file, old.bytes.data(), size, offset);  // zeroes beyond the end
  NSD_CHECK(code == SQLITE_OK || code == SQLITE_IOERR_SHORT_READ);
  Of(file)->extra->since_sync.push_back(std::move(old));
}

int Write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  Extra* extra = Of(file)->extra;
  Remember(file, size, offset);
  const auto real = [&](int part) {
    return Real(file)->pMethods->xWrite(Real(file), bytes, part, offset);
  };
  const std::optional<VfsFault> fault = extra->state->Due(extra->kind, VfsCall::kWrite);
  if (!fault) return real(size);
  if (fault->data == VfsFault::Data::kAll) real(size);
  if (fault->data == VfsFault::Data::kHalf) real(size / 2);
  return ErrorCode(*fault);
}

// Takes back all but the first `keep` writes since the last sync.
void TakeBack(sqlite3_file* file, std::size_t keep) {
  std::vector<Overwritten>& since_sync = Of(file)->extra->since_sync;
  while (since_sync.size() > keep) {
    const Overwritten& old = since_sync.back();
    Real(file)->pMethods->xWrite(Real(file), old.bytes.data(), static_cast<int>(old.bytes.size()),
                                 old.offset);
    Real(file)->pMethods->xTruncate(Real(file), old.size);
    since_sync.pop_back();
  }
}

int Sync(sqlite3_file* file, int flags) {
  Extra* extra = Of(file)->extra;
  const std::optional<VfsFault> fault = extra->state->Due(extra->kind, VfsCall::kSync);
  if (fault && fault->data == VfsFault::Data::kNone) TakeBack(file, 0);
  if (fault && fault->data == VfsFault::Data::kHalf) TakeBack(file, extra->since_sync.size() / 2);
  const int code = Real(file)->pMethods->xSync(Real(file), flags);
  extra->since_sync.clear();
  if (fault) return ErrorCode(*fault);
  if (code == SQLITE_OK) extra->state->Synced(extra->kind);
  return code;
}

int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  return Real(file)->pMethods->xTruncate(Real(file), size);
}
int FileSize(sqlite3_file* file, sqlite3_int64* size) {
  return Real(file)->pMethods->xFileSize(Real(file), size);
}
int Lock(sqlite3_file* file, int level) { return Real(file)->pMethods->xLock(Real(file), level); }
int Unlock(sqlite3_file* file, int level) {
  return Real(file)->pMethods->xUnlock(Real(file), level);
}
int CheckReservedLock(sqlite3_file* file, int* out) {
  return Real(file)->pMethods->xCheckReservedLock(Real(file), out);
}
int FileControl(sqlite3_file* file, int operation, void* argument) {
  return Real(file)->pMethods->xFileControl(Real(file), operation, argument);
}
int SectorSize(sqlite3_file* file) { return Real(file)->pMethods->xSectorSize(Real(file)); }
int DeviceCharacteristics(sqlite3_file* file) {
  return Real(file)->pMethods->xDeviceCharacteristics(Real(file));
}
int ShmMap(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
  return Real(file)->pMethods->xShmMap(Real(file), page, size, extend, out);
}
int ShmLock(sqlite3_file* file, int offset, int count, int flags) {
  return Real(file)->pMethods->xShmLock(Real(file), offset, count, flags);
}
void ShmBarrier(sqlite3_file* file) { Real(file)->pMethods->xShmBarrier(Real(file)); }
int ShmUnmap(sqlite3_file* file, int remove) {
  return Real(file)->pMethods->xShmUnmap(Real(file), remove);
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

VfsFile KindOf(int flags) {
  if ((flags & SQLITE_OPEN_WAL) != 0) return VfsFile::kWal;
  if ((flags & SQLITE_OPEN_MAIN_DB) != 0) return VfsFile::kDatabase;
  return VfsFile::kOther;
}

int Open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  File* ours = Of(file);
  ours->head.pMethods = nullptr;
  ours->real = reinterpret_cast<sqlite3_file*>(ours + 1);
  const int code = Base(vfs)->xOpen(Base(vfs), name, ours->real, flags, out_flags);
  if (code != SQLITE_OK) return code;
  ours->extra = new Extra{Of(vfs), KindOf(flags), {}};
  ours->head.pMethods = &kMethods;
  return SQLITE_OK;
}
int Delete(sqlite3_vfs* vfs, const char* name, int sync) {
  return Base(vfs)->xDelete(Base(vfs), name, sync);
}
int Access(sqlite3_vfs* vfs, const char* name, int flags, int* out) {
  return Base(vfs)->xAccess(Base(vfs), name, flags, out);
}
int FullPathname(sqlite3_vfs* vfs, const char* name, int size, char* out) {
  return Base(vfs)->xFullPathname(Base(vfs), name, size, out);
}
int Randomness(sqlite3_vfs* vfs, int size, char* out) {
  return Base(vfs)->xRandomness(Base(vfs), size, out);
}
int Sleep(sqlite3_vfs* vfs, int microseconds) { return Base(vfs)->xSleep(Base(vfs), microseconds); }
int CurrentTime(sqlite3_vfs* vfs, double* out) { return Base(vfs)->xCurrentTime(Base(vfs), out); }
int GetLastError(sqlite3_vfs* vfs, int size, char* out) {
  return Base(vfs)->xGetLastError(Base(vfs), size, out);
}
int CurrentTimeInt64(sqlite3_vfs* vfs, sqlite3_int64* out) {
  return Base(vfs)->xCurrentTimeInt64(Base(vfs), out);
}

}  // namespace

FaultyVfs::FaultyVfs() : state_(std::make_unique<State>()) {
  state_->name = absl::StrCat("faulty-", NewStoreId());
  state_->base = sqlite3_vfs_find(nullptr);
  NSD_CHECK(state_->base != nullptr && state_->base->iVersion >= 2);
  sqlite3_vfs& vfs = state_->vfs;
  vfs.iVersion = 2;
  vfs.szOsFile = static_cast<int>(sizeof(File)) + state_->base->szOsFile;
  vfs.mxPathname = state_->base->mxPathname;
  vfs.zName = state_->name.c_str();
  vfs.pAppData = state_.get();
  vfs.xOpen = Open;
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

FaultyVfs::~FaultyVfs() { sqlite3_vfs_unregister(&state_->vfs); }

const std::string& FaultyVfs::name() const { return state_->name; }

void FaultyVfs::Set(const std::optional<VfsFault>& fault) {
  MutexLock lock(&state_->mu);
  state_->fault = fault;
  state_->struck = false;
}

bool FaultyVfs::struck() const {
  MutexLock lock(&state_->mu);
  return state_->struck;
}

int FaultyVfs::syncs(VfsFile file) const {
  MutexLock lock(&state_->mu);
  return state_->syncs[static_cast<std::size_t>(file)];
}

}  // namespace netstackd::storage
