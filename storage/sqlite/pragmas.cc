#include "storage/sqlite/pragmas.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/status_macros.h"

namespace netstackd::storage::sqlite {
namespace {

absl::Status NotTaken(const std::string& pragma, std::int64_t value) {
  return MakeError(ErrorReason::kStorageUnavailable,
                   absl::StrCat("SQLite does not take PRAGMA ", pragma, " = ", value));
}

// Never with a statement kept prepared: SQLite answers most pragmas while it compiles them.
absl::Status Set(const Connection& connection, const std::string& pragma, std::int64_t value) {
  NSD_RETURN_IF_ERROR(connection.Execute(absl::StrCat("PRAGMA ", pragma, " = ", value)));
  NSD_ASSIGN_OR_RETURN(const std::int64_t now,
                       connection.QueryInteger(absl::StrCat("PRAGMA ", pragma)));
  return now == value ? absl::OkStatus() : NotTaken(pragma, value);
}

}  // namespace

absl::Status SetSynchronous(const Connection& connection, Synchronous level) {
  return Set(connection, "synchronous", static_cast<std::int64_t>(level));
}

absl::Status PrepareForReading(const Connection& connection) {
  NSD_RETURN_IF_ERROR(Set(connection, "trusted_schema", 0));
  NSD_RETURN_IF_ERROR(Set(connection, "cell_size_check", 1));
  return Set(connection, "temp_store", 2);  // in memory
}

absl::Status PrepareForWriting(const Connection& connection, const Layout& layout) {
  NSD_RETURN_IF_ERROR(PrepareForReading(connection));
  NSD_ASSIGN_OR_RETURN(std::string mode, connection.QueryText("PRAGMA journal_mode"));
  if (mode != "wal") {
    NSD_RETURN_IF_ERROR(SetSynchronous(connection, Synchronous::kExtra));
    NSD_RETURN_IF_ERROR(connection.Execute("PRAGMA journal_mode = wal"));
    NSD_ASSIGN_OR_RETURN(mode, connection.QueryText("PRAGMA journal_mode"));
    if (mode != "wal") {
      return MakeError(ErrorReason::kStorageUnavailable,
                       absl::StrCat(layout.database(),
                                    " cannot use a write-ahead log: is it on a network disk?"));
    }
    NSD_RETURN_IF_ERROR(layout.files->SyncDirectory(layout.dir));
  }
  NSD_RETURN_IF_ERROR(SetSynchronous(connection, Synchronous::kFull));
  NSD_RETURN_IF_ERROR(Set(connection, "wal_autocheckpoint", 0));
  // Debian's SQLite overwrites deleted rows with zeroes, which makes compaction write every page.
  return Set(connection, "secure_delete", 0);
}

}  // namespace netstackd::storage::sqlite
