#include "storage/sqlite/connection.h"

#include <sqlite3.h>

#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "storage/errors.h"

namespace netstackd::storage::sqlite {
namespace {

int FlagsOf(OpenMode mode) {
  // No mutex of SQLite's: each connection is used by one thread at a time.
  constexpr int kCommon = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  switch (mode) {
    case OpenMode::kReadOnly:
      return kCommon | SQLITE_OPEN_READONLY;
    case OpenMode::kReadWrite:
      return kCommon | SQLITE_OPEN_READWRITE;
    case OpenMode::kCreate:
      return kCommon | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  }
  NSD_CHECK(false);
}

bool DiskIsFull(int code, sqlite3* db) {
  if ((code & 0xFF) == SQLITE_FULL) return true;
  if ((code & 0xFF) != SQLITE_IOERR || db == nullptr) return false;
  const int error_number = sqlite3_system_errno(db);
  return error_number == ENOSPC || error_number == EDQUOT;
}

absl::Status Configure(sqlite3* db, int option, int wanted) {
  int now = -1;
  const int code = sqlite3_db_config(db, option, wanted, &now);
  if (code != SQLITE_OK) return ErrorOf(code, db, "configuring the connection");
  if (now != wanted) {
    return MakeError(ErrorReason::kStorageUnavailable,
                     absl::StrCat("SQLite does not take connection option ", option));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ErrorOf(int code, sqlite3* db, const std::string& doing) {
  const std::string what =
      absl::StrCat(doing, ": ", db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(code),
                   " (SQLite ", code, ")");
  if (DiskIsFull(code, db)) return MakeError(ErrorReason::kResourceExhausted, what);
  switch (code & 0xFF) {
    case SQLITE_NOMEM:
      return MakeError(ErrorReason::kResourceExhausted, what);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_INTERRUPT:
    case SQLITE_PROTOCOL:
    case SQLITE_AUTH:
      return MakeError(ErrorReason::kStorageUnavailable, what);
    default:
      return Corrupt(what);
  }
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

void Statement::Bind(int index, std::int64_t value) {
  NSD_CHECK(sqlite3_bind_int64(statement_.get(), index, value) == SQLITE_OK);
}

void Statement::BindText(int index, const std::string& value) {
  NSD_CHECK(sqlite3_bind_text64(statement_.get(), index, value.data(), value.size(), SQLITE_STATIC,
                                SQLITE_UTF8) == SQLITE_OK);
}

void Statement::BindBlob(int index, const std::string& value) {
  NSD_CHECK(sqlite3_bind_blob64(statement_.get(), index, value.data(), value.size(),
                                SQLITE_STATIC) == SQLITE_OK);
}

void Statement::BindNull(int index) {
  NSD_CHECK(sqlite3_bind_null(statement_.get(), index) == SQLITE_OK);
}

absl::StatusOr<bool> Statement::Step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    Reset();
    return false;
  }
  absl::Status error = ErrorOf(code, db_, sqlite3_sql(statement_.get()));
  Reset();
  return error;
}

absl::Status Statement::Run() {
  while (true) {
    NSD_ASSIGN_OR_RETURN(const bool row, Step());
    if (!row) return absl::OkStatus();
  }
}

// The code of a reset repeats that of the step before it, which was handled there.
void Statement::Reset() { sqlite3_reset(statement_.get()); }

std::int64_t Statement::Integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string Statement::Bytes(int column) const {
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  if (bytes == nullptr || size <= 0) return {};
  return std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

bool Statement::IsNull(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

void Connection::Close::operator()(sqlite3* db) const { NSD_CHECK(sqlite3_close(db) == SQLITE_OK); }

absl::StatusOr<Connection> Connection::Open(const std::string& path, OpenMode mode,
                                            const std::string& vfs, absl::Duration busy) {
  sqlite3* db = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &db, FlagsOf(mode), vfs.empty() ? nullptr : vfs.c_str());
  Connection connection(db);
  if (code != SQLITE_OK) return ErrorOf(code, db, absl::StrCat("opening ", path));
  NSD_RETURN_IF_ERROR(Configure(db, SQLITE_DBCONFIG_DEFENSIVE, 1));
  NSD_RETURN_IF_ERROR(Configure(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0));
  NSD_RETURN_IF_ERROR(Configure(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1));
  connection.SetBusyTimeout(busy);
  // Without permission to write, SQLite quietly opens the file for reading.
  if (mode != OpenMode::kReadOnly && sqlite3_db_readonly(db, "main") != 0) {
    return MakeError(ErrorReason::kStorageUnavailable,
                     absl::StrCat(path, " cannot be written: check its owner and mode"));
  }
  return connection;
}

absl::StatusOr<Statement> Connection::Prepare(const std::string& sql) const {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(get(), sql.c_str(), static_cast<int>(sql.size() + 1),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return ErrorOf(code, get(), sql);
  return Statement(get(), statement);
}

absl::Status Connection::Execute(const std::string& sql) const {
  NSD_ASSIGN_OR_RETURN(Statement statement, Prepare(sql));
  return statement.Run();
}

absl::StatusOr<std::int64_t> Connection::QueryInteger(const std::string& sql) const {
  NSD_ASSIGN_OR_RETURN(Statement statement, Prepare(sql));
  NSD_ASSIGN_OR_RETURN(const bool row, statement.Step());
  if (!row) return Corrupt(absl::StrCat("no answer to ", sql));
  return statement.Integer(0);
}

absl::StatusOr<std::string> Connection::QueryText(const std::string& sql) const {
  NSD_ASSIGN_OR_RETURN(Statement statement, Prepare(sql));
  NSD_ASSIGN_OR_RETURN(const bool row, statement.Step());
  if (!row) return Corrupt(absl::StrCat("no answer to ", sql));
  return statement.Bytes(0);
}

void Connection::SetBusyTimeout(absl::Duration busy) const {
  sqlite3_busy_timeout(get(), static_cast<int>(absl::ToInt64Milliseconds(busy)));
}

void Connection::Interrupt() const { sqlite3_interrupt(get()); }

}  // namespace netstackd::storage::sqlite
