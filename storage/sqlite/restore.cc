#include "storage/sqlite/restore.h"

#include <unistd.h>

#include <filesystem>
#include <memory>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "storage/errors.h"
#include "storage/files.h"
#include "storage/sqlite/bring_up.h"
#include "storage/sqlite/directory_lock.h"
#include "storage/sqlite/writer.h"
#include "storage/store_id.h"

namespace netstackd::storage::sqlite {
namespace {

absl::Status CheckEmpty(const std::string& dir) {
  std::error_code error;
  for (std::filesystem::directory_iterator at(dir, error), end; !error && at != end;
       at.increment(error)) {
    if (at->path().filename() == "LOCK") continue;
    return MakeError(ErrorReason::kInvalidRequest,
                     absl::StrCat(dir, " is not empty: restore into a new directory"));
  }
  if (error) return SystemError(absl::StrCat("cannot read ", dir), error.value());
  return absl::OkStatus();
}

// The copy stays sealed, so that nothing takes it for a journal, until its last transaction.
absl::StatusOr<Restored> Fill(const std::string& file, const Layout& layout) {
  NSD_RETURN_IF_ERROR(CopyFile(file, layout.database()));
  NSD_RETURN_IF_ERROR(
      UpgradeSchema(layout, "", [](const Connection&, std::int64_t) { return absl::OkStatus(); }));
  NSD_ASSIGN_OR_RETURN(const std::unique_ptr<Writer> writer, Writer::Open(layout.database(), ""));
  NSD_RETURN_IF_ERROR(Verify(writer->connection()).status());
  if (writer->meta().sealed_head == kNotSealed) {
    return Corrupt("it is the file of a journal, not a backup, and may lack its newest revisions");
  }
  const Restored restored{writer->tip().head, NewStoreId()};
  NSD_RETURN_IF_ERROR(writer->Adopt(restored.store_id));
  NSD_RETURN_IF_ERROR(writer->CheckpointTruncate(absl::ZeroDuration()).status());
  NSD_ASSIGN_OR_RETURN(RevisionFile revision, RevisionFile::Open(layout.revision()));
  NSD_RETURN_IF_ERROR(revision.Write({restored.store_id, restored.head}));
  NSD_RETURN_IF_ERROR(revision.Sync());
  return restored;
}

void Clear(const Layout& layout, bool made_directory) {
  for (const std::string& path :
       {layout.database(), layout.wal(), layout.shm(), layout.database() + "-journal",
        layout.revision(), layout.dir + "/LOCK"}) {
    unlink(path.c_str());
  }
  if (made_directory) rmdir(layout.dir.c_str());
}

}  // namespace

absl::StatusOr<Restored> Restore(const std::string& file, const std::string& dir) {
  if (!Exists(file)) {
    return MakeError(ErrorReason::kStorageUnavailable, absl::StrCat("there is no file ", file));
  }
  const bool made_directory = !Exists(dir);
  NSD_ASSIGN_OR_RETURN(const Layout layout, LayoutOf(dir));
  NSD_ASSIGN_OR_RETURN(const DirectoryLock lock, DirectoryLock::Take(layout.dir));
  NSD_RETURN_IF_ERROR(CheckEmpty(layout.dir));
  absl::StatusOr<Restored> restored = Fill(file, layout);
  if (restored.ok()) return restored;
  Clear(layout, made_directory);
  if (restored.status().code() != absl::StatusCode::kDataLoss) return restored;
  return MakeError(ErrorReason::kJournalCorrupt,
                   absl::StrCat(file, " is not a whole backup, take another: ",
                                std::string(restored.status().message())));
}

}  // namespace netstackd::storage::sqlite
