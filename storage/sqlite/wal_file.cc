#include "storage/sqlite/wal_file.h"

#include <fcntl.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "storage/files.h"

namespace netstackd::storage::sqlite {

absl::Status RewriteInPlace(FileSystem& files, const std::string& path, absl::Duration within) {
  constexpr std::size_t kChunk = 1 << 20;
  if (!files.Exists(path)) return absl::OkStatus();
  const absl::Duration until = Clock::Real().Steady() + within;
  NSD_ASSIGN_OR_RETURN(const std::unique_ptr<File> file, files.Open(path, FileMode::kWrite));
  for (std::size_t offset = 0;;) {
    NSD_ASSIGN_OR_RETURN(const std::string chunk, file->Read(offset, kChunk));
    if (chunk.empty()) break;
    NSD_RETURN_IF_ERROR(file->Write(offset, chunk));
    offset += chunk.size();
    if (Clock::Real().Steady() > until) {
      return MakeError(ErrorReason::kStorageUnavailable,
                       absl::StrCat("rewriting ", path, " takes too long"));
    }
  }
  return file->Sync();
}

absl::Status SettleLog(const Layout& layout) {
  if (!layout.files->Exists(layout.wal())) return absl::OkStatus();
  NSD_RETURN_IF_ERROR(RewriteInPlace(*layout.files, layout.wal(), absl::InfiniteDuration()));
  return layout.files->SyncDirectory(layout.dir);
}

std::optional<pid_t> WhoReads(const std::string& shm) {
  const absl::StatusOr<FileDescriptor> fd = OpenFile(shm, O_RDWR);
  if (!fd.ok()) return std::nullopt;
  // The eight lock bytes of the index begin at 120; five of them are the marks of readers.
  struct flock lock = {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = 120;
  lock.l_len = 8;
  if (fcntl(fd->get(), F_GETLK, &lock) != 0 || lock.l_type == F_UNLCK) return std::nullopt;
  return lock.l_pid;
}

}  // namespace netstackd::storage::sqlite
