// Records and objects as rows.
#ifndef NETSTACKD_STORAGE_SQLITE_ROWS_H_
#define NETSTACKD_STORAGE_SQLITE_ROWS_H_

#include <cstdint>

#include "storage/journal.h"
#include "storage/sqlite/connection.h"

namespace netstackd::storage::sqlite {

inline constexpr char kInsertRecordSql[] =
    "INSERT INTO revisions (revision, crc, bytes, time_us, principal, method, peer, user_agent, "
    "request_id, request_hash, comment, answer, deltas) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";

// From revision ?1 on, at most ?2.
inline constexpr char kSelectRecordsSql[] =
    "SELECT revision, crc, bytes, time_us, principal, method, peer, user_agent, request_id, "
    "request_hash, comment, answer, deltas FROM revisions WHERE revision >= ?1 "
    "ORDER BY revision LIMIT ?2";

inline constexpr char kSelectObjectsSql[] =
    "SELECT key, revision, crc, body FROM objects ORDER BY key";

// The newest record's revision and chain value; no row if none is kept.
inline constexpr char kSelectTipSql[] =
    "SELECT revision, crc FROM revisions ORDER BY revision DESC LIMIT 1";

// Borrows the strings of `record` until the statement is reset.
void BindRecord(const Record& record, std::uint32_t crc, Statement* insert);

struct RecordRow {
  Record record;
  std::int64_t crc = 0;    // as stored: only 32 bits of it can be right
  std::int64_t bytes = 0;  // as stored
};
RecordRow ReadRecord(const Statement& row);

struct ObjectRow {
  Object object;
  std::int64_t crc = 0;
};
ObjectRow ReadObject(const Statement& row);

}  // namespace netstackd::storage::sqlite

#endif  // NETSTACKD_STORAGE_SQLITE_ROWS_H_
