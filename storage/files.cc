#include "storage/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/status_macros.h"

namespace netstackd::storage {

FileDescriptor::~FileDescriptor() {
  if (fd_ >= 0) close(fd_);
}

absl::Status SystemError(const std::string& what, int error_number) {
  const bool full = error_number == ENOSPC || error_number == EDQUOT;
  return MakeError(full ? ErrorReason::kResourceExhausted : ErrorReason::kStorageUnavailable,
                   absl::StrCat(what, ": ", std::strerror(error_number)));
}

absl::StatusOr<FileDescriptor> OpenFile(const std::string& path, int flags) {
  const int fd = open(path.c_str(), flags | O_CLOEXEC, 0600);
  if (fd < 0) return SystemError(absl::StrCat("cannot open ", path), errno);
  return FileDescriptor(fd);
}

bool Exists(const std::string& path) {
  struct stat unused;
  return lstat(path.c_str(), &unused) == 0;
}

std::string DirectoryOf(const std::string& path) {
  const std::string parent = std::filesystem::path(path).parent_path().string();
  return parent.empty() ? "." : parent;
}

absl::Status EnsureDirectory(const std::string& dir) {
  if (mkdir(dir.c_str(), 0700) == 0) return SyncDirectory(DirectoryOf(dir));
  const int error_number = errno;
  struct stat found;
  if (error_number == EEXIST && stat(dir.c_str(), &found) == 0 && S_ISDIR(found.st_mode)) {
    return absl::OkStatus();
  }
  return SystemError(absl::StrCat("cannot make the directory ", dir), error_number);
}

absl::Status SyncDirectory(const std::string& dir) {
  NSD_ASSIGN_OR_RETURN(const FileDescriptor fd, OpenFile(dir, O_RDONLY | O_DIRECTORY));
  if (fsync(fd.get()) != 0) return SystemError(absl::StrCat("cannot sync ", dir), errno);
  return absl::OkStatus();
}

absl::Status SyncFile(const std::string& path) {
  NSD_ASSIGN_OR_RETURN(const FileDescriptor fd, OpenFile(path, O_RDWR));
  if (fsync(fd.get()) != 0) return SystemError(absl::StrCat("cannot sync ", path), errno);
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadUpTo(int fd, std::size_t limit) {
  std::string bytes(limit, '\0');
  std::size_t size = 0;
  while (size < limit) {
    const ssize_t got = read(fd, bytes.data() + size, limit - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemError("cannot read", errno);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  bytes.resize(size);
  return bytes;
}

absl::Status WriteAt(int fd, const std::string& bytes, std::size_t offset) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t put =
        pwrite(fd, bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return SystemError("cannot write", errno);
    done += static_cast<std::size_t>(put);
  }
  return absl::OkStatus();
}

absl::Status CopyFile(const std::string& from, const std::string& to) {
  constexpr std::size_t kChunk = 1 << 20;
  NSD_ASSIGN_OR_RETURN(const FileDescriptor in, OpenFile(from, O_RDONLY));
  NSD_ASSIGN_OR_RETURN(const FileDescriptor out, OpenFile(to, O_WRONLY | O_CREAT | O_EXCL));
  std::size_t offset = 0;
  while (true) {
    NSD_ASSIGN_OR_RETURN(const std::string chunk, ReadUpTo(in.get(), kChunk));
    if (chunk.empty()) break;
    NSD_RETURN_IF_ERROR(WriteAt(out.get(), chunk, offset));
    offset += chunk.size();
  }
  if (fsync(out.get()) != 0) return SystemError(absl::StrCat("cannot sync ", to), errno);
  return absl::OkStatus();
}

absl::Status PublishFile(const std::string& from, const std::string& to) {
  if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) != 0) {
    if (errno == EEXIST) {
      return MakeError(ErrorReason::kInvalidRequest, absl::StrCat(to, " is there already"));
    }
    return SystemError(absl::StrCat("cannot rename ", from, " to ", to), errno);
  }
  return SyncDirectory(DirectoryOf(to));
}

}  // namespace netstackd::storage
