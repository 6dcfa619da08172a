#include "storage/sqlite/directory_lock.h"

#include <unistd.h>

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

absl::StatusOr<DirectoryLock> DirectoryLock::Take(FileSystem& files, const std::string& dir) {
  NSD_ASSIGN_OR_RETURN(std::unique_ptr<File> file,
                       files.Open(absl::StrCat(dir, "/LOCK"), FileMode::kCreate));
  NSD_ASSIGN_OR_RETURN(const bool taken, file->TryLock());
  if (!taken) {
    NSD_ASSIGN_OR_RETURN(const std::string content, file->Read(0, kLockFileMax));
    return HeldByAnother(dir, content);
  }
  NSD_RETURN_IF_ERROR(file->Truncate(0));
  NSD_RETURN_IF_ERROR(file->Write(
      0,
      absl::StrCat(getpid(), " ",
                   absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", Clock::Real().Now(), absl::UTCTimeZone()),
                   "\n")));
  return DirectoryLock(std::move(file));
}

}  // namespace netstackd::storage::sqlite
