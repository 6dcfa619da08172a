// System calls on files, with status codes of ours.
//
// None of these may touch the database or its -shm file while a connection of ours is open: closing
// any descriptor of a file drops every POSIX lock that this process has on it.
#ifndef NETSTACKD_STORAGE_FILES_H_
#define NETSTACKD_STORAGE_FILES_H_

#include <cstddef>
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
// "." for a bare name.
std::string DirectoryOf(const std::string& path);
// Reads up to `limit` bytes from `offset` on. Errors: as SystemError.
absl::StatusOr<std::string> ReadAt(int fd, std::size_t offset, std::size_t limit);
absl::Status WriteAt(int fd, const std::string& bytes, std::size_t offset);

}  // namespace netstackd::storage

#endif  // NETSTACKD_STORAGE_FILES_H_
