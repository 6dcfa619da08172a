#include "server/daemon/upgrade.h"

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace netstackd::daemon {

absl::StatusOr<std::string> BackupBeforeUpgrade(storage::Journal& journal,
                                                storage::FileSystem& files, const std::string& dir,
                                                std::uint32_t format, storage::Revision head) {
  std::string path = absl::StrCat(dir, "/format-", format, "-revision-", head, ".backup");
  // Only a complete one has this name.
  if (!files.Exists(path)) NSD_RETURN_IF_ERROR(journal.Backup(path).status());
  return path;
}

}  // namespace netstackd::daemon
