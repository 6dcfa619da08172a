#include "tests/crash/failpoint.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdarg>
#include <cstdlib>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "base/check.h"

namespace netstackd::crash {
namespace {

// What a file of a journal's directory is, by its name. 0: not one of them.
enum File : std::uint8_t {
  kForeign,
  kDatabase,
  kWal,
  kIndex,
  kRollback,
  kRevision,
  kLockFile,
  kDirectory,
  kCopy
};
constexpr std::array<const char*, 9> kFileNames = {
    "foreign", "database", "wal", "index", "rollback", "revision", "lockfile", "directory", "copy"};

// Everything is constant-initialised: libraries make calls before main, and before our
// constructors.
constexpr int kDescriptorsMax = 4096;
std::array<std::atomic<std::uint8_t>, kDescriptorsMax> files;
std::array<std::atomic<std::int64_t>, kSteps> counts;
std::atomic<bool> armed{false};
// Constant once armed.
char directory_path[PATH_MAX];
std::size_t directory_size = 0;
Failpoint failpoint_set;
int death_fd = -1;

bool EndsWith(const char* text, const char* end) {
  const std::size_t size = std::strlen(text);
  const std::size_t end_size = std::strlen(end);
  return size >= end_size && std::strcmp(text + size - end_size, end) == 0;
}

File FileOf(const char* path) {
  if (!armed || std::strncmp(path, directory_path, directory_size) != 0) return kForeign;
  if (path[directory_size] == '\0') return kDirectory;
  if (path[directory_size] != '/') return kForeign;
  const char* name = path + directory_size + 1;
  if (std::strcmp(name, "journal.db") == 0) return kDatabase;
  if (std::strcmp(name, "journal.db-wal") == 0) return kWal;
  if (std::strcmp(name, "journal.db-shm") == 0) return kIndex;
  if (EndsWith(name, "-journal")) return kRollback;
  if (std::strcmp(name, "REVISION") == 0) return kRevision;
  if (std::strcmp(name, "LOCK") == 0) return kLockFile;
  return kCopy;
}

File FileOf(int fd) {
  return fd >= 0 && fd < kDescriptorsMax
             ? static_cast<File>(files[static_cast<std::size_t>(fd)].load())
             : kForeign;
}

void Note(long fd, File file) {
  if (fd >= 0 && fd < kDescriptorsMax) files[static_cast<std::size_t>(fd)] = file;
}

[[noreturn]] void Die(Step step, File file) {
  const std::string line =
      absl::StrCat(NameOf(step), " ", kFileNames[file], " ", NameOf(failpoint_set.when), "\n");
  syscall(SYS_write, death_fd, line.data(), line.size());
  syscall(SYS_kill, getpid(), SIGKILL);
  while (true) pause();
}

bool Strikes(Step step, std::int64_t any, std::int64_t of_step) {
  if (failpoint_set.step == Step::kAny) return any == failpoint_set.nth;
  return failpoint_set.step == step && of_step == failpoint_set.nth;
}

// Counts a call, does it with `call(half)`, and dies before, in the middle or after if it is time.
template <typename Call>
long Do(Step step, File file, const Call& call) {
  if (file == kForeign || !armed) return call(false);
  const std::int64_t any = counts[0].fetch_add(1) + 1;
  const std::int64_t of_step = counts[static_cast<std::size_t>(step)].fetch_add(1) + 1;
  if (!Strikes(step, any, of_step)) return call(false);
  if (failpoint_set.when != Failpoint::When::kBefore) {
    call(failpoint_set.when == Failpoint::When::kHalf);
  }
  Die(step, file);
}

long Open(const char* path, int flags, mode_t mode) {
  const auto call = [&](bool) { return syscall(SYS_openat, AT_FDCWD, path, flags, mode); };
  const File file = FileOf(path);
  const long fd = (flags & O_CREAT) != 0 ? Do(Step::kOpen, file, call) : call(false);
  Note(fd, file);
  return fd;
}

long Write(int fd, const void* bytes, std::size_t size) {
  return Do(Step::kWrite, FileOf(fd),
            [&](bool half) { return syscall(SYS_write, fd, bytes, half ? size / 2 : size); });
}

long WriteTo(int fd, const void* bytes, std::size_t size, off_t offset) {
  return Do(Step::kWrite, FileOf(fd), [&](bool half) {
    return syscall(SYS_pwrite64, fd, bytes, half ? size / 2 : size, offset);
  });
}

long Truncate(int fd, off_t size) {
  return Do(Step::kTruncate, FileOf(fd), [&](bool) { return syscall(SYS_ftruncate, fd, size); });
}

long Rename(const char* from, const char* to, unsigned flags) {
  return Do(Step::kRename, FileOf(to),
            [&](bool) { return syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, flags); });
}

long Control(int fd, int command, void* argument) {
  const auto call = [&](bool) { return syscall(SYS_fcntl, fd, command, argument); };
  const bool locks = command == F_SETLK || command == F_SETLKW;
  return locks ? Do(Step::kLock, FileOf(fd), call) : call(false);
}

}  // namespace

void ArmFailpoint(const std::string& directory, const Failpoint& failpoint,
                  const std::string& death_file) {
  NSD_CHECK(!armed && directory.size() < sizeof directory_path);
  std::strcpy(directory_path, directory.c_str());
  directory_size = directory.size();
  failpoint_set = failpoint;
  death_fd = static_cast<int>(syscall(SYS_openat, AT_FDCWD, death_file.c_str(),
                                      O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  NSD_CHECK(death_fd >= 0);
  armed = true;
}

}  // namespace netstackd::crash

// In place of those of the C library, for this program and for every library it loads.
extern "C" {

using netstackd::crash::Control;
using netstackd::crash::Do;
using netstackd::crash::FileOf;
using netstackd::crash::Step;

int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return static_cast<int>(netstackd::crash::Open(path, flags, mode));
}
int open64(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return static_cast<int>(netstackd::crash::Open(path, flags, mode));
}
int close(int fd) {
  netstackd::crash::Note(fd, netstackd::crash::kForeign);
  return static_cast<int>(syscall(SYS_close, fd));
}
ssize_t write(int fd, const void* bytes, size_t size) {
  return netstackd::crash::Write(fd, bytes, size);
}
ssize_t pwrite(int fd, const void* bytes, size_t size, off_t offset) {
  return netstackd::crash::WriteTo(fd, bytes, size, offset);
}
ssize_t pwrite64(int fd, const void* bytes, size_t size, off64_t offset) {
  return netstackd::crash::WriteTo(fd, bytes, size, offset);
}
int fsync(int fd) {
  return static_cast<int>(
      Do(Step::kSync, FileOf(fd), [fd](bool) { return syscall(SYS_fsync, fd); }));
}
int fdatasync(int fd) {
  return static_cast<int>(
      Do(Step::kSync, FileOf(fd), [fd](bool) { return syscall(SYS_fdatasync, fd); }));
}
int ftruncate(int fd, off_t size) noexcept {
  return static_cast<int>(netstackd::crash::Truncate(fd, size));
}
int ftruncate64(int fd, off64_t size) noexcept {
  return static_cast<int>(netstackd::crash::Truncate(fd, size));
}
int unlink(const char* path) noexcept {
  return static_cast<int>(Do(Step::kUnlink, FileOf(path),
                             [path](bool) { return syscall(SYS_unlinkat, AT_FDCWD, path, 0); }));
}
int rename(const char* from, const char* to) noexcept {
  return static_cast<int>(netstackd::crash::Rename(from, to, 0));
}
int renameat2(int from_fd, const char* from, int to_fd, const char* to, unsigned flags) noexcept {
  NSD_CHECK(from_fd == AT_FDCWD && to_fd == AT_FDCWD);
  return static_cast<int>(netstackd::crash::Rename(from, to, flags));
}
int mkdir(const char* path, mode_t mode) noexcept {
  return static_cast<int>(Do(Step::kMakeDirectory, FileOf(path), [path, mode](bool) {
    return syscall(SYS_mkdirat, AT_FDCWD, path, mode);
  }));
}
int fcntl(int fd, int command, ...) {
  va_list rest;
  va_start(rest, command);
  void* const argument = va_arg(rest, void*);
  va_end(rest);
  return static_cast<int>(Control(fd, command, argument));
}
int fcntl64(int fd, int command, ...) {
  va_list rest;
  va_start(rest, command);
  void* const argument = va_arg(rest, void*);
  va_end(rest);
  return static_cast<int>(Control(fd, command, argument));
}

}  // extern "C"
