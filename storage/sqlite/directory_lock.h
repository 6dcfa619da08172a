// One server for each directory.
#ifndef NETSTACKD_STORAGE_SQLITE_DIRECTORY_LOCK_H_
#define NETSTACKD_STORAGE_SQLITE_DIRECTORY_LOCK_H_

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "storage/file_system.h"

namespace netstackd::storage::sqlite {

// Holds the file LOCK of a directory, with flock, as long as it lives; the kernel lets go of it
// when the process ends, however it ends. The file says who holds it: pid and since when.
class DirectoryLock {
 public:
  // Errors: STORAGE_UNAVAILABLE with the owner in the metadata (pid, startTime) if it is held, also
  // by this process.
  static absl::StatusOr<DirectoryLock> Take(FileSystem& files, const std::string& dir);

 private:
  explicit DirectoryLock(std::unique_ptr<File> file) : file_(std::move(file)) {}
  std::unique_ptr<File> file_;
};

}  // namespace netstackd::storage::sqlite

#endif  // NETSTACKD_STORAGE_SQLITE_DIRECTORY_LOCK_H_
