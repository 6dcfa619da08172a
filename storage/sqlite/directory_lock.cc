#include "storage/sqlite/directory_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/status_macros.h"

namespace netstackd::storage::sqlite {
namespace {

constexpr std::size_t kLockFileMax = 256;

absl::Status HeldByAnother(const std::string& dir, const std::string& content) {
  // "PID TIME"; empty while the owner is about to write it.
  std::istringstream words(content);
  std::string pid = "unknown";
  std::string since = "unknown";
  words >> pid >> since;
  return MakeError(ErrorReason::kStorageUnavailable,
                   absl::StrCat("the directory ", dir, " is in use by the process with pid ", pid,
                                " since ", since, ": stop that first"),
                   {{"pid", pid}, {"startTime", since}});
}

}  // namespace

absl::StatusOr<DirectoryLock> DirectoryLock::Take(const std::string& dir) {
  NSD_ASSIGN_OR_RETURN(FileDescriptor fd, OpenFile(absl::StrCat(dir, "/LOCK"), O_RDWR | O_CREAT));
  if (flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return SystemError(absl::StrCat("cannot lock ", dir), errno);
    NSD_ASSIGN_OR_RETURN(const std::string content, ReadUpTo(fd.get(), kLockFileMax));
    return HeldByAnother(dir, content);
  }
  if (ftruncate(fd.get(), 0) != 0)
    return SystemError(absl::StrCat("cannot write ", dir, "/LOCK"), errno);
  NSD_RETURN_IF_ERROR(WriteAt(
      fd.get(),
      absl::StrCat(getpid(), " ",
                   absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", Clock::Real().Now(), absl::UTCTimeZone()),
                   "\n"),
      0));
  return DirectoryLock(std::move(fd));
}

}  // namespace netstackd::storage::sqlite
