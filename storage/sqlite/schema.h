// The tables, their version, and the way from an older version.
#ifndef NETSTACKD_STORAGE_SQLITE_SCHEMA_H_
#define NETSTACKD_STORAGE_SQLITE_SCHEMA_H_

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/sqlite/connection.h"

namespace netstackd::storage::sqlite {

inline constexpr std::int64_t kSchemaVersion = 1;

// One step: statements that turn version `to` - 1 into `to`.
struct Migration {
  std::int64_t to;
  std::vector<std::string> statements;
};

struct SchemaTable {
  std::string name;
  std::string sql;  // exactly as SQLite keeps it
};

// A version, what it consists of, and every step up to it, in order.
struct Schema {
  std::int64_t version = kSchemaVersion;
  std::vector<SchemaTable> tables;  // and indexes
  std::vector<Migration> migrations;
};
// That of this program.
const Schema& OurSchema();

// True if nothing was ever committed to the file: no tables, no version.
absl::StatusOr<bool> IsBlank(const Connection& connection);

// Makes tables, meta row and version in one transaction.
absl::Status CreateSchema(const Connection& connection, const std::string& store_id);

// The version of the file. Errors: JOURNAL_CORRUPT if it is no journal of ours; NOT_SUPPORTED if it
// is newer than `newest`, with both versions in the metadata.
absl::StatusOr<std::int64_t> ReadVersion(const Connection& connection,
                                         std::int64_t newest = kSchemaVersion);

// Applies the steps above `from` in one transaction that ends with the new version. `backup` runs
// before the first one, and nothing happens if it fails; without a step it does not run.
absl::Status Migrate(const Connection& connection, std::int64_t from,
                     std::span<const Migration> steps, const std::function<absl::Status()>& backup);

// Compares the tables with those of `schema`, letter by letter. Errors: JOURNAL_CORRUPT.
absl::Status CheckSchema(const Connection& connection, const Schema& schema = OurSchema());

}  // namespace netstackd::storage::sqlite

#endif  // NETSTACKD_STORAGE_SQLITE_SCHEMA_H_
