#include "storage/sqlite/backup.h"

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "storage/sqlite/load.h"
#include "storage/sqlite/meta.h"
#include "storage/sqlite/pragmas.h"
#include "storage/sqlite/schema.h"
#include "storage/store_id.h"

namespace netstackd::storage::sqlite {
namespace {

absl::Status CopyDatabase(const Connection& connection, const std::string& to) {
  NSD_ASSIGN_OR_RETURN(Statement vacuum, connection.Prepare("VACUUM INTO ?1"));
  vacuum.BindText(1, to);
  return vacuum.Run();
}

// A copy that lost its tail would otherwise look whole.
absl::Status Seal(FileSystem& files, const std::string& path) {
  NSD_ASSIGN_OR_RETURN(
      const Connection connection,
      Connection::Open(path, OpenMode::kReadWrite, files.sqlite_vfs(), absl::ZeroDuration()));
  NSD_ASSIGN_OR_RETURN(Meta meta, ReadMeta(connection));
  NSD_ASSIGN_OR_RETURN(const Tip tip, ReadTip(connection, meta));
  meta.sealed_head = tip.head;
  return WriteMeta(meta, connection);
}

absl::StatusOr<Revision> VerifyCopy(FileSystem& files, const std::string& path) {
  NSD_ASSIGN_OR_RETURN(
      const Connection connection,
      Connection::Open(path, OpenMode::kReadOnly, files.sqlite_vfs(), absl::ZeroDuration()));
  NSD_RETURN_IF_ERROR(PrepareForReading(connection));
  NSD_RETURN_IF_ERROR(ReadVersion(connection).status());
  NSD_ASSIGN_OR_RETURN(const Loaded loaded, Verify(connection));
  return loaded.tip.head;
}

absl::StatusOr<Revision> Fill(FileSystem& files, const WithConnection& source,
                              const std::string& temporary, const std::string& path) {
  NSD_RETURN_IF_ERROR(
      source([&](const Connection& connection) { return CopyDatabase(connection, temporary); }));
  NSD_RETURN_IF_ERROR(Seal(files, temporary));
  NSD_RETURN_IF_ERROR(SyncFile(files, temporary));
  NSD_ASSIGN_OR_RETURN(const Revision head, VerifyCopy(files, temporary));
  NSD_RETURN_IF_ERROR(PublishFile(files, temporary, path));
  return head;
}

}  // namespace

absl::StatusOr<Revision> WriteBackup(FileSystem& files, const WithConnection& source,
                                     const std::string& path) {
  const std::string target = std::filesystem::absolute(path).string();
  if (files.Exists(target)) {
    return MakeError(ErrorReason::kInvalidRequest, absl::StrCat(target, " is there already"));
  }
  const std::string temporary = absl::StrCat(target, ".", NewStoreId());
  {
    // SQLite fills an empty file; made by us, it is nobody else's to read.
    const auto made = files.Open(temporary, FileMode::kCreateNew);
    if (!made.ok()) {
      return MakeError(ErrorReason::kInvalidRequest, std::string(made.status().message()));
    }
  }
  absl::StatusOr<Revision> head = Fill(files, source, temporary, target);
  if (!head.ok()) {
    // What cannot be removed stays under its temporary name.
    files.Remove(temporary).IgnoreError();
    files.Remove(absl::StrCat(temporary, "-journal")).IgnoreError();
  }
  return head;
}

}  // namespace netstackd::storage::sqlite
