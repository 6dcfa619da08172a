// One SQLite connection and its statements, with status codes of ours.
#ifndef NETSTACKD_STORAGE_SQLITE_CONNECTION_H_
#define NETSTACKD_STORAGE_SQLITE_CONNECTION_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

struct sqlite3;
struct sqlite3_stmt;

namespace netstackd::storage::sqlite {

// The status for a result code of SQLite (which decides; the text is for people only).
//
// Shape  `db` may be null. JOURNAL_CORRUPT for damage and for whatever our statements can only meet
//        in a database that is not ours; RESOURCE_EXHAUSTED for a full disk and for memory;
//        STORAGE_UNAVAILABLE for the rest.
absl::Status ErrorOf(int code, sqlite3* db, const std::string& doing);

// A prepared statement. Owned by whoever prepared it; must not outlive its connection. Bound bytes
// are borrowed until the next Reset. Not thread-safe.
class Statement {
 public:
  Statement() = default;
  Statement(sqlite3* db, sqlite3_stmt* statement) : db_(db), statement_(statement) {}

  // Parameters count from 1. Binding cannot fail but for memory; Step then says so.
  void Bind(int index, std::int64_t value);
  void BindText(int index, const std::string& value);
  void BindBlob(int index, const std::string& value);
  void BindNull(int index);

  // True: a row is there. False: done, and the statement is reset.
  absl::StatusOr<bool> Step();
  // Steps a statement that has no rows to its end, and resets it.
  absl::Status Run();
  void Reset();

  // Columns of the present row, from 0.
  std::int64_t Integer(int column) const;
  std::string Bytes(int column) const;  // of a text or a blob; empty for NULL
  bool IsNull(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  sqlite3* db_ = nullptr;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

// Resets a statement that may be in the middle of its rows, on every way out.
class ResetAtEnd {
 public:
  explicit ResetAtEnd(Statement* statement) : statement_(statement) {}
  ~ResetAtEnd() { statement_->Reset(); }
  ResetAtEnd(const ResetAtEnd&) = delete;
  ResetAtEnd& operator=(const ResetAtEnd&) = delete;

 private:
  Statement* const statement_;
};

enum class OpenMode : std::uint8_t { kReadOnly, kReadWrite, kCreate };

// Owns a connection; every one is defensive, distrusts the schema, and leaves the write-ahead log
// alone when it closes: checkpoints are explicit. One thread at a time, but for Interrupt. Closing
// it while a statement lives is a bug of ours.
class Connection {
 public:
  // `path` is absolute. `vfs` empty: the default one. Waits up to `busy` for locks of others.
  static absl::StatusOr<Connection> Open(const std::string& path, OpenMode mode,
                                         const std::string& vfs, absl::Duration busy);

  absl::StatusOr<Statement> Prepare(const std::string& sql) const;
  // One statement without parameters whose rows, if any, do not matter.
  absl::Status Execute(const std::string& sql) const;
  // The one number (or text) that a query without parameters returns.
  absl::StatusOr<std::int64_t> QueryInteger(const std::string& sql) const;
  absl::StatusOr<std::string> QueryText(const std::string& sql) const;

  void SetBusyTimeout(absl::Duration busy) const;
  // Ends what runs on this connection. Any thread, while the connection lives.
  void Interrupt() const;

  sqlite3* get() const { return db_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* db) const;
  };
  explicit Connection(sqlite3* db) : db_(db) {}
  std::unique_ptr<sqlite3, Close> db_;
};

}  // namespace netstackd::storage::sqlite

#endif  // NETSTACKD_STORAGE_SQLITE_CONNECTION_H_
