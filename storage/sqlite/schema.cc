#include "storage/sqlite/schema.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "storage/errors.h"
#include "storage/sqlite/meta.h"

namespace netstackd::storage::sqlite {
namespace {

constexpr std::int64_t kApplicationId = 0x4E534A31;  // "NSJ1"

// Small columns first: a row's end may lie on overflow pages.
std::vector<SchemaTable> Tables() {
  return {
      {"revisions",
       "CREATE TABLE revisions (revision INTEGER PRIMARY KEY, crc INTEGER NOT NULL, "
       "bytes INTEGER NOT NULL, time_us INTEGER NOT NULL, principal TEXT NOT NULL, "
       "method TEXT NOT NULL, peer TEXT NOT NULL, user_agent TEXT NOT NULL, "
       "request_id TEXT NOT NULL, request_hash BLOB NOT NULL, comment TEXT NOT NULL, "
       "answer BLOB NOT NULL, deltas BLOB NOT NULL) STRICT"},
      {"objects",
       "CREATE TABLE objects (key BLOB PRIMARY KEY, revision INTEGER NOT NULL, "
       "crc INTEGER NOT NULL, body BLOB) STRICT, WITHOUT ROWID"},
      {"tombstones", "CREATE INDEX tombstones ON objects (revision) WHERE body IS NULL"},
      {"meta",
       "CREATE TABLE meta (id INTEGER PRIMARY KEY CHECK (id = 1), store_id TEXT NOT NULL, "
       "floor INTEGER NOT NULL, object_rows INTEGER NOT NULL, object_sum INTEGER NOT NULL, "
       "chain_revision INTEGER NOT NULL, chain_crc INTEGER NOT NULL, fences INTEGER NOT NULL, "
       "sealed_head INTEGER NOT NULL, crc INTEGER NOT NULL) STRICT"},
  };
}

absl::Status InTransaction(const Connection& connection,
                           const std::function<absl::Status()>& work) {
  NSD_RETURN_IF_ERROR(connection.Execute("BEGIN IMMEDIATE"));
  absl::Status done = work();
  if (done.ok()) done = connection.Execute("COMMIT");
  // The first error counts; a rollback that fails too is made good by closing the connection.
  if (!done.ok()) connection.Execute("ROLLBACK").IgnoreError();
  return done;
}

}  // namespace

const Schema& OurSchema() {
  static const Schema* const ours = new Schema{kSchemaVersion, Tables(), {}};  // never destroyed
  return *ours;
}

absl::StatusOr<bool> IsBlank(const Connection& connection) {
  NSD_ASSIGN_OR_RETURN(const std::int64_t tables,
                       connection.QueryInteger("SELECT count(*) FROM sqlite_schema"));
  NSD_ASSIGN_OR_RETURN(const std::int64_t version, connection.QueryInteger("PRAGMA user_version"));
  return tables == 0 && version == 0;
}

absl::Status CreateSchema(const Connection& connection, const std::string& store_id) {
  return InTransaction(connection, [&]() -> absl::Status {
    for (const SchemaTable& table : OurSchema().tables) {
      NSD_RETURN_IF_ERROR(connection.Execute(table.sql));
    }
    Meta meta;
    meta.store_id = store_id;
    NSD_RETURN_IF_ERROR(WriteMeta(meta, connection));
    NSD_RETURN_IF_ERROR(
        connection.Execute(absl::StrCat("PRAGMA application_id = ", kApplicationId)));
    return connection.Execute(absl::StrCat("PRAGMA user_version = ", kSchemaVersion));
  });
}

absl::StatusOr<std::int64_t> ReadVersion(const Connection& connection, std::int64_t newest) {
  NSD_ASSIGN_OR_RETURN(const std::int64_t id, connection.QueryInteger("PRAGMA application_id"));
  if (id != kApplicationId) return Corrupt("the database is not one of netstackd");
  NSD_ASSIGN_OR_RETURN(const std::int64_t version, connection.QueryInteger("PRAGMA user_version"));
  if (version < 1) return Corrupt(absl::StrCat("schema version ", version, " never existed"));
  if (version > newest) {
    return MakeError(ErrorReason::kNotSupported,
                     absl::StrCat("the journal has schema version ", version,
                                  ", this server knows versions up to ", newest,
                                  ": start a newer server, or restore the backup that was made "
                                  "before the upgrade"),
                     {{"schemaVersion", std::to_string(version)},
                      {"newestKnownVersion", std::to_string(newest)}});
  }
  return version;
}

absl::Status Migrate(const Connection& connection, std::int64_t from,
                     std::span<const Migration> steps,
                     const std::function<absl::Status()>& backup) {
  std::int64_t version = from;
  for (const Migration& step : steps) {
    if (step.to == version + 1) version = step.to;
  }
  if (version == from) return absl::OkStatus();
  NSD_RETURN_IF_ERROR(backup());
  return InTransaction(connection, [&]() -> absl::Status {
    for (const Migration& step : steps) {
      if (step.to <= from) continue;
      for (const std::string& sql : step.statements) NSD_RETURN_IF_ERROR(connection.Execute(sql));
    }
    return connection.Execute(absl::StrCat("PRAGMA user_version = ", version));
  });
}

absl::Status CheckSchema(const Connection& connection, const Schema& schema) {
  std::map<std::string, std::string> expected;
  for (const SchemaTable& table : schema.tables) expected.emplace(table.name, table.sql);
  NSD_ASSIGN_OR_RETURN(Statement read, connection.Prepare("SELECT name, sql FROM sqlite_schema"));
  std::size_t matches = 0;
  while (true) {
    NSD_ASSIGN_OR_RETURN(const bool row, read.Step());
    if (!row) break;
    const std::string name = read.Bytes(0);
    const auto known = expected.find(name);
    if (known == expected.end() || known->second != read.Bytes(1)) {
      return Corrupt(absl::StrCat("the definition of ", name, " is not ours"));
    }
    ++matches;
  }
  if (matches != expected.size()) return Corrupt("a table is missing");
  return absl::OkStatus();
}

}  // namespace netstackd::storage::sqlite
