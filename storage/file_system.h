// The disk, as a journal sees it: files, names and what makes them durable. Ours to fake.
#ifndef NETSTACKD_STORAGE_FILE_SYSTEM_H_
#define NETSTACKD_STORAGE_FILE_SYSTEM_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace netstackd::storage {

// An open file. One thread. Errors: RESOURCE_EXHAUSTED if the disk is full, else
// STORAGE_UNAVAILABLE; so everything here.
class File {
 public:
  virtual ~File() = default;
  // Up to `limit` bytes, fewer only at the end of the file.
  virtual absl::StatusOr<std::string> Read(std::size_t offset, std::size_t limit) = 0;
  virtual absl::Status Write(std::size_t offset, const std::string& bytes) = 0;
  virtual absl::Status Truncate(std::size_t size) = 0;
  // What was written is on the medium. After an error nobody knows what is.
  virtual absl::Status Sync() = 0;
  // Takes the lock that one open file at a time can have, until it is closed; false if another one
  // has it.
  virtual absl::StatusOr<bool> TryLock() = 0;
};

enum class FileMode : std::uint8_t {
  kRead,
  kWrite,      // and read; the file is there
  kCreate,     // and read; made (0600) if it is not there
  kCreateNew,  // and read; an error if it is there
};

// Thread-safe. Paths are absolute.
class FileSystem {
 public:
  virtual ~FileSystem() = default;

  virtual absl::StatusOr<std::unique_ptr<File>> Open(const std::string& path, FileMode mode) = 0;
  virtual bool Exists(const std::string& path) = 0;
  // 0 if it is not there.
  virtual std::int64_t SizeOf(const std::string& path) = 0;
  // Names in a directory, in no order.
  virtual absl::StatusOr<std::vector<std::string>> List(const std::string& dir) = 0;
  // Makes a directory (0700) unless it is there.
  virtual absl::Status MakeDirectory(const std::string& dir) = 0;
  // Gives `from` the name `to`; INVALID_ARGUMENT if `to` is there.
  virtual absl::Status Rename(const std::string& from, const std::string& to) = 0;
  // Of a file, or of an empty directory.
  virtual absl::Status Remove(const std::string& path) = 0;
  // Makes created, renamed and removed names of `dir` durable.
  virtual absl::Status SyncDirectory(const std::string& dir) = 0;
  // The SQLite VFS on the same disk; empty: the default one.
  virtual std::string sqlite_vfs() const = 0;

  // The machine's disk. Lives for ever.
  static FileSystem& Real();
};

// Writes a new file of `bytes`, syncs and removes it, whatever happens.
absl::Status TryWriting(FileSystem& files, const std::string& path, std::int64_t bytes);
absl::Status SyncFile(FileSystem& files, const std::string& path);
// Copies the bytes of `from` to the new file `to` and syncs it.
absl::Status CopyFile(FileSystem& files, const std::string& from, const std::string& to);
// Renames `from` to `to`, durably.
absl::Status PublishFile(FileSystem& files, const std::string& from, const std::string& to);

}  // namespace netstackd::storage

#endif  // NETSTACKD_STORAGE_FILE_SYSTEM_H_
