#include "storage/sqlite/bring_up.h"

#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "storage/errors.h"
#include "storage/files.h"
#include "storage/sqlite/backup.h"
#include "storage/sqlite/connection.h"
#include "storage/sqlite/pragmas.h"
#include "storage/sqlite/schema.h"
#include "storage/sqlite/wal_file.h"
#include "storage/store_id.h"

namespace netstackd::storage::sqlite {
namespace {

constexpr absl::Duration kBusy = absl::Seconds(1);

bool HasBytes(const Layout& layout, const std::string& path) {
  return layout.files->SizeOf(path) > 0;
}

absl::StatusOr<Connection> Connect(const Layout& layout, OpenMode mode) {
  return Connection::Open(layout.database(), mode, layout.files->sqlite_vfs(), kBusy);
}

absl::Status Lost(const Layout& layout, const std::string& what, Revision head,
                  Revision acknowledged) {
  return MakeError(
      ErrorReason::kJournalCorrupt,
      absl::StrCat("the journal in ", layout.dir, " has lost acknowledged revisions: ", what,
                   "; restore a backup into a new directory with: netstackd restore FILE DIR, or "
                   "give up what is lost with: netstackd accept-loss ",
                   layout.dir),
      {{"headRevision", std::to_string(head)},
       {"acknowledgedRevision", std::to_string(acknowledged)}});
}

absl::Status BackupBefore(const Layout& layout, const Connection& connection, std::int64_t version,
                          const Options& options) {
  NSD_ASSIGN_OR_RETURN(const Meta meta, ReadMeta(connection));
  NSD_ASSIGN_OR_RETURN(const Tip tip, ReadTip(connection, meta));
  const std::string path =
      absl::StrCat(layout.dir, "/before-schema-", version + 1, "-revision-", tip.head, ".backup");
  // Only a complete one has this name: left by a migration that did not come to its end.
  if (!layout.files->Exists(path)) {
    const WithConnection source = [&](const auto& work) { return work(connection); };
    NSD_RETURN_IF_ERROR(WriteBackup(*layout.files, source, path).status());
  }
  if (options.warn) {
    options.warn(absl::StrCat("the schema of ", layout.database(), " goes from version ", version,
                              " to ", layout.schema->version, "; the journal before that is in ",
                              path));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Layout> LayoutOf(FileSystem& files, const std::string& dir) {
  Layout layout{std::filesystem::absolute(dir).lexically_normal().string(), &files};
  while (layout.dir.size() > 1 && layout.dir.back() == '/') layout.dir.pop_back();
  NSD_RETURN_IF_ERROR(files.MakeDirectory(layout.dir));
  return layout;
}

absl::StatusOr<bool> IsEmpty(const Layout& layout) {
  if (!HasBytes(layout, layout.database())) return true;
  NSD_ASSIGN_OR_RETURN(const Connection connection, Connect(layout, OpenMode::kReadWrite));
  return IsBlank(connection);
}

absl::Status CreateDatabase(const Layout& layout, const std::string& store_id) {
  // The directory may have been made by a process that was killed before it could do this.
  NSD_RETURN_IF_ERROR(layout.files->SyncDirectory(DirectoryOf(layout.dir)));
  // Made by us, it is nobody else's to read; the log gets the mode of the database.
  NSD_RETURN_IF_ERROR(layout.files->Open(layout.database(), FileMode::kCreate).status());
  NSD_ASSIGN_OR_RETURN(const Connection connection, Connect(layout, OpenMode::kCreate));
  NSD_RETURN_IF_ERROR(SetSynchronous(connection, Synchronous::kExtra));
  NSD_RETURN_IF_ERROR(CreateSchema(connection, store_id));
  return PrepareForWriting(connection, layout);
}

absl::Status UpgradeSchema(
    const Layout& layout,
    const std::function<absl::Status(const Connection&, std::int64_t)>& backup) {
  NSD_ASSIGN_OR_RETURN(const Connection connection, Connect(layout, OpenMode::kReadWrite));
  NSD_RETURN_IF_ERROR(PrepareForReading(connection));
  NSD_ASSIGN_OR_RETURN(const std::int64_t version, ReadVersion(connection, layout.schema->version));
  NSD_RETURN_IF_ERROR(SetSynchronous(connection, Synchronous::kExtra));
  NSD_RETURN_IF_ERROR(Migrate(connection, version, layout.schema->migrations,
                              [&] { return backup(connection, version); }));
  return CheckSchema(connection, *layout.schema);
}

absl::Status CheckAndUpgrade(const Layout& layout, const Options& options) {
  NSD_RETURN_IF_ERROR(UpgradeSchema(
      layout, [&](const Connection& connection, std::int64_t version) -> absl::Status {
        return BackupBefore(layout, connection, version, options);
      }));
  NSD_ASSIGN_OR_RETURN(const Connection connection, Connect(layout, OpenMode::kReadOnly));
  NSD_ASSIGN_OR_RETURN(const Meta meta, ReadMeta(connection));
  if (meta.sealed_head == kNotSealed) return absl::OkStatus();
  return Corrupt(absl::StrCat(layout.database(), " is a backup, which does not live by itself"));
}

absl::Status CheckNothingLost(const Layout& layout, const Acknowledged& acknowledged,
                              const Meta& meta, const Tip& tip) {
  if (acknowledged.store_id != meta.store_id) {
    return Lost(layout,
                absl::StrCat("the database is store ", meta.store_id, ", the file REVISION is of ",
                             acknowledged.store_id),
                tip.head, acknowledged.revision);
  }
  if (acknowledged.revision <= tip.head) return absl::OkStatus();
  return Lost(layout,
              absl::StrCat("it ends at revision ", tip.head, ", but ", acknowledged.revision,
                           " was acknowledged"),
              tip.head, acknowledged.revision);
}

absl::StatusOr<Store> BringUp(const Layout& layout, const Options& options) {
  NSD_RETURN_IF_ERROR(SettleLog(layout));
  if (layout.files->Exists(layout.room())) {
    NSD_RETURN_IF_ERROR(layout.files->Remove(layout.room()));  // of a process that was killed
  }
  NSD_ASSIGN_OR_RETURN(const bool empty, IsEmpty(layout));
  if (empty) {
    if (layout.files->Exists(layout.revision()) || HasBytes(layout, layout.wal())) {
      return Lost(layout, "the database is gone", 0, 0);
    }
    NSD_RETURN_IF_ERROR(CreateDatabase(layout, NewStoreId()));
  } else {
    NSD_RETURN_IF_ERROR(CheckAndUpgrade(layout, options));
  }
  NSD_ASSIGN_OR_RETURN(std::unique_ptr<Writer> writer, Writer::Open(layout));
  NSD_ASSIGN_OR_RETURN(RevisionFile revision, RevisionFile::Open(*layout.files, layout.revision()));
  if (revision.found()) {
    NSD_RETURN_IF_ERROR(CheckNothingLost(layout, *revision.found(), writer->meta(), writer->tip()));
  } else if (!empty && options.warn) {
    options.warn(absl::StrCat(layout.revision(),
                              " has no valid entry: it is rebuilt from the "
                              "database, and a lost end of that would go unnoticed this once"));
  }
  NSD_RETURN_IF_ERROR(revision.Write({writer->meta().store_id, writer->tip().head}));
  NSD_RETURN_IF_ERROR(revision.Sync());
  // What a crash left in the log; a reader in the way does no harm.
  NSD_RETURN_IF_ERROR(writer->CheckpointTruncate(absl::ZeroDuration()).status());
  return Store{std::move(revision), std::move(writer)};
}

}  // namespace netstackd::storage::sqlite
