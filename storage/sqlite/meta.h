// The one meta row: what the tables must add up to.
#ifndef NETSTACKD_STORAGE_SQLITE_META_H_
#define NETSTACKD_STORAGE_SQLITE_META_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/journal.h"
#include "storage/sqlite/connection.h"

namespace netstackd::storage::sqlite {

inline constexpr Revision kNotSealed = -1;

struct Meta {
  std::string store_id;
  Revision floor = 0;
  std::int64_t object_rows = 0;
  std::uint64_t object_sum = 0;       // of RowHash over the object table, modulo 2^64
  Revision chain_revision = 0;        // newest compacted revision
  std::uint32_t chain_crc = 0;        // chain value there; of revision 0: 0
  std::int64_t fences = 0;            // how many times the journal was reopened after a failure
  Revision sealed_head = kNotSealed;  // of a backup: its head, so that a lost tail shows
};

// Errors: JOURNAL_CORRUPT if the row is missing or its checksum is wrong.
absl::StatusOr<Meta> ReadMeta(const Connection& connection);

// Statements for both live with the caller when they are needed often.
inline constexpr char kWriteMetaSql[] =
    "INSERT INTO meta (id, store_id, floor, object_rows, object_sum, chain_revision, chain_crc, "
    "fences, sealed_head, crc) VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (id) DO "
    "UPDATE SET store_id = ?1, floor = ?2, object_rows = ?3, object_sum = ?4, chain_revision = ?5, "
    "chain_crc = ?6, fences = ?7, sealed_head = ?8, crc = ?9";

// `statement` is kWriteMetaSql, prepared.
absl::Status WriteMeta(const Meta& meta, Statement* statement);
absl::Status WriteMeta(const Meta& meta, const Connection& connection);

}  // namespace netstackd::storage::sqlite

#endif  // NETSTACKD_STORAGE_SQLITE_META_H_
