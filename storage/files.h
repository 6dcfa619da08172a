// The few things we do with files ourselves, each with the syncs that make it durable.
//
// None of these may touch the database or its -shm file while a connection of ours is open: closing
// any descriptor of a file drops every POSIX lock that this process has on it.
#ifndef NETSTACKD_STORAGE_FILES_H_
#define NETSTACKD_STORAGE_FILES_H_

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace netstackd::storage {

// Owns a descriptor. Not thread-safe.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~FileDescriptor();
  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

// A failed system call: RESOURCE_EXHAUSTED if the disk was full, else STORAGE_UNAVAILABLE.
absl::Status SystemError(const std::string& what, int error_number);

// open(2) with O_CLOEXEC and mode 0600. Errors: as SystemError.
absl::StatusOr<FileDescriptor> OpenFile(const std::string& path, int flags);
bool Exists(const std::string& path);

// Makes the directory (0700) if it is absent, durably. Errors: as SystemError.
absl::Status EnsureDirectory(const std::string& dir);
// Makes created, renamed and removed names of `dir` durable.
absl::Status SyncDirectory(const std::string& dir);
absl::Status SyncFile(const std::string& path);
// Copies the bytes of `from` to the new file `to` and syncs it.
absl::Status CopyFile(const std::string& from, const std::string& to);
// Renames `from` to `to` and syncs the directory; INVALID_ARGUMENT if `to` is there.
absl::Status PublishFile(const std::string& from, const std::string& to);
// "." for a bare name.
std::string DirectoryOf(const std::string& path);
// Reads up to `limit` bytes. Errors: as SystemError.
absl::StatusOr<std::string> ReadUpTo(int fd, std::size_t limit);
absl::Status WriteAt(int fd, const std::string& bytes, std::size_t offset);

}  // namespace netstackd::storage

#endif  // NETSTACKD_STORAGE_FILES_H_
