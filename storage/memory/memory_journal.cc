#include "storage/memory/memory_journal.h"

#include <limits>

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "storage/errors.h"
#include "storage/file_system.h"
#include "storage/store_id.h"

namespace netstackd::storage {

absl::Status WriteBackup(const MemoryStore& store, const std::string& path) {
  FileSystem& files = FileSystem::Real();
  if (files.Exists(path)) {
    return MakeError(ErrorReason::kInvalidRequest, absl::StrCat(path, " is there already"));
  }
  const std::string temporary = absl::StrCat(path, ".", NewStoreId());
  {
    const auto file = files.Open(temporary, FileMode::kCreateNew);
    if (!file.ok()) {
      return MakeError(ErrorReason::kInvalidRequest, std::string(file.status().message()));
    }
    NSD_RETURN_IF_ERROR((*file)->Write(0, store.Dump()));
    NSD_RETURN_IF_ERROR((*file)->Sync());
  }
  return PublishFile(files, temporary, path);
}

absl::StatusOr<MemoryStore> ReadBackup(const std::string& path) {
  FileSystem& files = FileSystem::Real();
  NSD_ASSIGN_OR_RETURN(const std::unique_ptr<File> file, files.Open(path, FileMode::kRead));
  NSD_ASSIGN_OR_RETURN(const std::string bytes,
                       file->Read(0, static_cast<std::size_t>(files.SizeOf(path))));
  std::optional<MemoryStore> store = MemoryStore::FromDump(bytes, NewStoreId());
  if (!store) return Corrupt(absl::StrCat(path, " is not a backup of a journal in memory"));
  return *std::move(store);
}

MemoryJournal::MemoryJournal() : store_(NewStoreId()) {}

absl::StatusOr<std::unique_ptr<MemoryJournal>> MemoryJournal::FromBackup(const std::string& path) {
  NSD_ASSIGN_OR_RETURN(MemoryStore store, ReadBackup(path));
  return std::unique_ptr<MemoryJournal>(new MemoryJournal(std::move(store)));
}

Extent MemoryJournal::extent() const {
  MutexLock lock(&mu_);
  return store_.extent();
}

Usage MemoryJournal::usage() const {
  MutexLock lock(&mu_);
  return store_.usage();
}

std::string MemoryJournal::store_id() const {
  MutexLock lock(&mu_);
  return store_.store_id();
}

absl::Status MemoryJournal::AppendImpl(Revision expected_head, std::span<const Record> records) {
  MutexLock lock(&mu_);
  return store_.Append(expected_head, records);
}

absl::Status MemoryJournal::CheckpointImpl(std::span<const Object> objects, Revision floor) {
  MutexLock lock(&mu_);
  store_.Checkpoint(objects, floor);
  return absl::OkStatus();
}

absl::StatusOr<std::int64_t> MemoryJournal::CompactImpl(Revision keep_from, std::int64_t limit) {
  MutexLock lock(&mu_);
  return store_.Compact(keep_from, limit);
}

absl::Status MemoryJournal::LoadImpl(const LoadSink& sink) {
  std::optional<MemoryStore> copy;  // the sink may call back
  {
    MutexLock lock(&mu_);
    copy = store_;
  }
  return copy->Load(sink);
}

absl::StatusOr<std::vector<Record>> MemoryJournal::HistoryImpl(Revision from, Revision to,
                                                               std::int64_t limit) {
  MutexLock lock(&mu_);
  return store_.History(from, to, limit);
}

absl::StatusOr<Revision> MemoryJournal::BackupImpl(const std::string& path) {
  std::optional<MemoryStore> copy;  // no disk under the lock
  {
    MutexLock lock(&mu_);
    copy = store_;
  }
  NSD_RETURN_IF_ERROR(WriteBackup(*copy, path));
  return copy->extent().head;
}

}  // namespace netstackd::storage
