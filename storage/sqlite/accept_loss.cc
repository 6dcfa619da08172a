#include <utility>

#include "base/error.h"
#include "base/status_macros.h"
#include "storage/errors.h"
#include "storage/sqlite/bring_up.h"
#include "storage/sqlite/directory_lock.h"
#include "storage/sqlite/sqlite_journal.h"
#include "storage/sqlite/wal_file.h"
#include "storage/store_id.h"

namespace netstackd::storage::sqlite {
namespace {

absl::Status NothingLost(const Layout& layout) {
  return MakeError(ErrorReason::kInvalidRequest,
                   "the journal in " + layout.dir + " has lost nothing: start the server");
}

}  // namespace

absl::StatusOr<AcceptedLoss> AcceptLoss(const std::string& dir, FileSystem& files) {
  NSD_ASSIGN_OR_RETURN(const Layout layout, LayoutOf(files, dir));
  NSD_ASSIGN_OR_RETURN(const DirectoryLock lock, DirectoryLock::Take(files, layout.dir));
  if (!files.Exists(layout.revision()) && !files.Exists(layout.wal())) return NothingLost(layout);
  NSD_RETURN_IF_ERROR(SettleLog(layout));
  NSD_ASSIGN_OR_RETURN(const bool empty, IsEmpty(layout));
  AcceptedLoss loss;
  loss.store_id = NewStoreId();
  if (empty) {
    NSD_RETURN_IF_ERROR(CreateDatabase(layout, loss.store_id));
  } else {
    NSD_RETURN_IF_ERROR(CheckAndUpgrade(layout, {}));
  }
  NSD_ASSIGN_OR_RETURN(const std::unique_ptr<Writer> writer, Writer::Open(layout));
  NSD_RETURN_IF_ERROR(Verify(writer->connection()).status());
  NSD_ASSIGN_OR_RETURN(RevisionFile revision, RevisionFile::Open(files, layout.revision()));
  loss.head = writer->tip().head;
  if (revision.found()) loss.acknowledged = revision.found()->revision;
  if (!empty) {
    if (!revision.found() ||
        CheckNothingLost(layout, *revision.found(), writer->meta(), writer->tip()).ok()) {
      return NothingLost(layout);
    }
    NSD_RETURN_IF_ERROR(writer->Adopt(loss.store_id));
  }
  // Last: until it is there, the journal is still refused, and this can be done again.
  NSD_RETURN_IF_ERROR(revision.Write({loss.store_id, loss.head}));
  NSD_RETURN_IF_ERROR(revision.Sync());
  NSD_RETURN_IF_ERROR(writer->CheckpointTruncate(absl::ZeroDuration()).status());
  return loss;
}

}  // namespace netstackd::storage::sqlite
