#include "storage/sqlite/restore.h"

#include <memory>
#include <vector>

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

absl::Status CheckEmpty(const Layout& layout) {
  NSD_ASSIGN_OR_RETURN(const std::vector<std::string> names, layout.files->List(layout.dir));
  for (const std::string& name : names) {
    if (name == "LOCK") continue;
    return MakeError(ErrorReason::kInvalidRequest,
                     absl::StrCat(layout.dir, " is not empty: restore into a new directory"));
  }
  return absl::OkStatus();
}

// The copy stays sealed, so that nothing takes it for a journal, until its last transaction.
absl::StatusOr<Restored> Fill(const std::string& file, const Layout& layout) {
  NSD_RETURN_IF_ERROR(layout.files->SyncDirectory(DirectoryOf(layout.dir)));
  NSD_RETURN_IF_ERROR(CopyFile(*layout.files, file, layout.database()));
  NSD_RETURN_IF_ERROR(
      UpgradeSchema(layout, [](const Connection&, std::int64_t) { return absl::OkStatus(); }));
  NSD_ASSIGN_OR_RETURN(const std::unique_ptr<Writer> writer, Writer::Open(layout));
  NSD_RETURN_IF_ERROR(Verify(writer->connection()).status());
  if (writer->meta().sealed_head == kNotSealed) {
    return Corrupt("it is the file of a journal, not a backup, and may lack its newest revisions");
  }
  const Restored restored{writer->tip().head, NewStoreId()};
  NSD_RETURN_IF_ERROR(writer->Adopt(restored.store_id));
  NSD_RETURN_IF_ERROR(writer->CheckpointTruncate(absl::ZeroDuration()).status());
  NSD_ASSIGN_OR_RETURN(RevisionFile revision, RevisionFile::Open(*layout.files, layout.revision()));
  NSD_RETURN_IF_ERROR(revision.Write({restored.store_id, restored.head}));
  NSD_RETURN_IF_ERROR(revision.Sync());
  return restored;
}

void Clear(const Layout& layout, bool made_directory) {
  for (const std::string& path :
       {layout.database(), layout.wal(), layout.shm(), layout.database() + "-journal",
        layout.revision(), layout.dir + "/LOCK"}) {
    layout.files->Remove(path).IgnoreError();  // not all of them are there
  }
  // The error that brought us here is the one to report.
  if (made_directory) layout.files->Remove(layout.dir).IgnoreError();
}

}  // namespace

absl::StatusOr<Restored> Restore(const std::string& file, const std::string& dir,
                                 FileSystem& files) {
  if (!files.Exists(file)) {
    return MakeError(ErrorReason::kStorageUnavailable, absl::StrCat("there is no file ", file));
  }
  const bool made_directory = !files.Exists(dir);
  NSD_ASSIGN_OR_RETURN(const Layout layout, LayoutOf(files, dir));
  NSD_ASSIGN_OR_RETURN(const DirectoryLock lock, DirectoryLock::Take(files, layout.dir));
  NSD_RETURN_IF_ERROR(CheckEmpty(layout));
  absl::StatusOr<Restored> restored = Fill(file, layout);
  if (restored.ok()) return restored;
  Clear(layout, made_directory);
  if (restored.status().code() != absl::StatusCode::kDataLoss) return restored;
  return MakeError(ErrorReason::kJournalCorrupt,
                   absl::StrCat(file, " is not a whole backup, take another: ",
                                std::string(restored.status().message())));
}

}  // namespace netstackd::storage::sqlite
