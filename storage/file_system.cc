#include "storage/file_system.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "storage/files.h"

namespace netstackd::storage {
namespace {

class RealFile final : public File {
 public:
  RealFile(FileDescriptor fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}

  absl::StatusOr<std::string> Read(std::size_t offset, std::size_t limit) override {
    return ReadAt(fd_.get(), offset, limit);
  }
  absl::Status Write(std::size_t offset, const std::string& bytes) override {
    return WriteAt(fd_.get(), bytes, offset);
  }
  absl::Status Truncate(std::size_t size) override {
    if (ftruncate(fd_.get(), static_cast<off_t>(size)) == 0) return absl::OkStatus();
    return SystemError(absl::StrCat("cannot truncate ", path_), errno);
  }
  absl::Status Sync() override {
    if (fsync(fd_.get()) == 0) return absl::OkStatus();
    return SystemError(absl::StrCat("cannot sync ", path_), errno);
  }
  absl::StatusOr<bool> TryLock() override {
    if (flock(fd_.get(), LOCK_EX | LOCK_NB) == 0) return true;
    if (errno == EWOULDBLOCK) return false;
    return SystemError(absl::StrCat("cannot lock ", path_), errno);
  }

 private:
  const FileDescriptor fd_;
  const std::string path_;
};

int FlagsOf(FileMode mode) {
  switch (mode) {
    case FileMode::kRead:
      return O_RDONLY;
    case FileMode::kWrite:
      return O_RDWR;
    case FileMode::kCreate:
      return O_RDWR | O_CREAT;
    case FileMode::kCreateNew:
      return O_RDWR | O_CREAT | O_EXCL;
  }
  return O_RDONLY;
}

class RealFileSystem final : public FileSystem {
 public:
  absl::StatusOr<std::unique_ptr<File>> Open(const std::string& path, FileMode mode) override {
    NSD_ASSIGN_OR_RETURN(FileDescriptor fd, OpenFile(path, FlagsOf(mode)));
    return std::make_unique<RealFile>(std::move(fd), path);
  }
  bool Exists(const std::string& path) override {
    struct stat unused;
    return lstat(path.c_str(), &unused) == 0;
  }
  std::int64_t SizeOf(const std::string& path) override {
    struct stat found;
    return stat(path.c_str(), &found) == 0 ? found.st_size : 0;
  }
  absl::StatusOr<std::vector<std::string>> List(const std::string& dir) override {
    const std::unique_ptr<DIR, int (*)(DIR*)> open(opendir(dir.c_str()), &closedir);
    if (open == nullptr) return SystemError(absl::StrCat("cannot read ", dir), errno);
    std::vector<std::string> names;
    while (const dirent* entry = readdir(open.get())) {
      const std::string name = entry->d_name;
      if (name != "." && name != "..") names.push_back(name);
    }
    return names;
  }
  absl::Status MakeDirectory(const std::string& dir) override {
    if (mkdir(dir.c_str(), 0700) == 0) return absl::OkStatus();
    const int error_number = errno;
    struct stat found;
    if (error_number == EEXIST && stat(dir.c_str(), &found) == 0 && S_ISDIR(found.st_mode)) {
      return absl::OkStatus();
    }
    return SystemError(absl::StrCat("cannot make the directory ", dir), error_number);
  }
  absl::Status Rename(const std::string& from, const std::string& to) override {
    if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) {
      return absl::OkStatus();
    }
    if (errno == EEXIST) {
      return MakeError(ErrorReason::kInvalidRequest, absl::StrCat(to, " is there already"));
    }
    return SystemError(absl::StrCat("cannot rename ", from, " to ", to), errno);
  }
  absl::Status Remove(const std::string& path) override {
    if (remove(path.c_str()) == 0) return absl::OkStatus();
    return SystemError(absl::StrCat("cannot remove ", path), errno);
  }
  absl::Status SyncDirectory(const std::string& dir) override {
    NSD_ASSIGN_OR_RETURN(const FileDescriptor fd, OpenFile(dir, O_RDONLY | O_DIRECTORY));
    if (fsync(fd.get()) != 0) return SystemError(absl::StrCat("cannot sync ", dir), errno);
    return absl::OkStatus();
  }
  std::string sqlite_vfs() const override { return ""; }
};

}  // namespace

FileSystem& FileSystem::Real() {
  static RealFileSystem* const real = new RealFileSystem();  // never destroyed: used at exit too
  return *real;
}

absl::Status TryWriting(FileSystem& files, const std::string& path, std::int64_t bytes) {
  constexpr std::int64_t kChunk = 1 << 20;
  absl::Status done;
  {
    NSD_ASSIGN_OR_RETURN(const std::unique_ptr<File> file, files.Open(path, FileMode::kCreate));
    for (std::int64_t at = 0; at < bytes && done.ok(); at += kChunk) {
      const auto size = static_cast<std::size_t>(std::min(kChunk, bytes - at));
      done = file->Write(static_cast<std::size_t>(at), std::string(size, 'r'));
    }
    if (done.ok()) done = file->Sync();
  }
  const absl::Status removed = files.Remove(path);
  return done.ok() ? removed : done;
}

absl::Status SyncFile(FileSystem& files, const std::string& path) {
  NSD_ASSIGN_OR_RETURN(const std::unique_ptr<File> file, files.Open(path, FileMode::kWrite));
  return file->Sync();
}

absl::Status CopyFile(FileSystem& files, const std::string& from, const std::string& to) {
  constexpr std::size_t kChunk = 1 << 20;
  NSD_ASSIGN_OR_RETURN(const std::unique_ptr<File> in, files.Open(from, FileMode::kRead));
  NSD_ASSIGN_OR_RETURN(const std::unique_ptr<File> out, files.Open(to, FileMode::kCreateNew));
  for (std::size_t offset = 0;;) {
    NSD_ASSIGN_OR_RETURN(const std::string chunk, in->Read(offset, kChunk));
    if (chunk.empty()) break;
    NSD_RETURN_IF_ERROR(out->Write(offset, chunk));
    offset += chunk.size();
  }
  return out->Sync();
}

absl::Status PublishFile(FileSystem& files, const std::string& from, const std::string& to) {
  NSD_RETURN_IF_ERROR(files.Rename(from, to));
  return files.SyncDirectory(DirectoryOf(to));
}

}  // namespace netstackd::storage
