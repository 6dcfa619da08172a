#include "storage/sqlite/writer.h"

#include <sqlite3.h>

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "storage/checksums.h"
#include "storage/errors.h"
#include "storage/sqlite/pragmas.h"
#include "storage/sqlite/rows.h"
#include "storage/sqlite/schema.h"

namespace netstackd::storage::sqlite {
namespace {

// For a writer from outside, who has no business here.
constexpr absl::Duration kBusy = absl::Seconds(1);

int OnCommit(void* wal_pages, sqlite3*, const char*, int pages) {
  *static_cast<int*>(wal_pages) = pages;
  return SQLITE_OK;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Writer>> Writer::Open(const Layout& layout) {
  NSD_ASSIGN_OR_RETURN(
      Connection connection,
      Connection::Open(layout.database(), OpenMode::kReadWrite, layout.files->sqlite_vfs(), kBusy));
  NSD_RETURN_IF_ERROR(PrepareForWriting(connection, layout));
  NSD_RETURN_IF_ERROR(ReadVersion(connection, layout.schema->version).status());
  NSD_RETURN_IF_ERROR(CheckSchema(connection, *layout.schema));
  std::unique_ptr<Writer> writer(new Writer(std::move(connection)));
  NSD_RETURN_IF_ERROR(writer->Prepare());
  return writer;
}

absl::Status Writer::Prepare() {
  struct Row {
    Statement* statement;
    const char* sql;
  };
  const Row rows[] = {
      {&begin_, "BEGIN IMMEDIATE"},
      {&commit_, "COMMIT"},
      {&rollback_, "ROLLBACK"},
      {&select_tip_, kSelectTipSql},
      {&insert_record_, kInsertRecordSql},
      {&select_old_, "SELECT revision, crc FROM objects WHERE key = ?1"},
      {&upsert_object_,
       "INSERT INTO objects (key, revision, crc, body) VALUES (?1, ?2, ?3, ?4) "
       "ON CONFLICT (key) DO UPDATE SET revision = ?2, crc = ?3, body = ?4"},
      {&write_meta_, kWriteMetaSql},
      {&select_prefix_,
       "SELECT revision, crc, bytes FROM revisions WHERE revision < ?1 ORDER BY revision LIMIT ?2"},
      {&delete_prefix_, "DELETE FROM revisions WHERE revision <= ?1"},
      {&select_tombstones_,
       "SELECT key, revision FROM objects WHERE body IS NULL AND revision <= ?1 LIMIT ?2"},
      {&delete_tombstone_,
       "DELETE FROM objects WHERE key = ?1 AND revision = ?2 AND body IS NULL RETURNING crc"},
  };
  for (const Row& row : rows) {
    NSD_ASSIGN_OR_RETURN(*row.statement, connection_.Prepare(row.sql));
  }
  // Takes the place of SQLite's own automatic checkpoint.
  sqlite3_wal_hook(connection_.get(), &OnCommit, &wal_pages_);
  NSD_ASSIGN_OR_RETURN(meta_, ReadMeta(connection_));
  NSD_ASSIGN_OR_RETURN(tip_, ReadTip(connection_, meta_));
  attempted_ = tip_;
  return absl::OkStatus();
}

template <typename Work>
absl::Status Writer::InTransaction(const Work& work) {
  NSD_RETURN_IF_ERROR(begin_.Run());
  absl::Status done = work();
  if (!done.ok()) {
    // Without it nothing else can be done on this connection, so its error counts.
    const absl::Status undone = rollback_.Run();
    return undone.ok() || done.code() != absl::StatusCode::kAborted ? done : undone;
  }
  return commit_.Run();
}

template <typename Work>
absl::Status Writer::InRelaxedTransaction(const Work& work) {
  NSD_RETURN_IF_ERROR(SetSynchronous(connection_, Synchronous::kNormal));
  const absl::Status done = InTransaction(work);
  NSD_RETURN_IF_ERROR(SetSynchronous(connection_, Synchronous::kFull));
  return done;
}

absl::Status Writer::Append(Revision expected_head, std::span<const Record> records) {
  if (tip_.head != expected_head) return Fenced(expected_head, tip_.head);
  attempted_ = tip_;
  NSD_RETURN_IF_ERROR(InTransaction([&] { return InsertRecords(expected_head, records); }));
  tip_ = attempted_;
  return absl::OkStatus();
}

absl::Status Writer::InsertRecords(Revision expected_head, std::span<const Record> records) {
  {
    const ResetAtEnd reset(&select_tip_);
    NSD_ASSIGN_OR_RETURN(const bool row, select_tip_.Step());
    const Revision head = row ? select_tip_.Integer(0) : meta_.chain_revision;
    if (head != expected_head) return Fenced(expected_head, head);
  }
  Tip tip = tip_;
  for (const Record& record : records) {
    tip = {record.revision, ChainCrc(tip.crc, record)};
    BindRecord(record, tip.crc, &insert_record_);
    NSD_RETURN_IF_ERROR(insert_record_.Run());
  }
  attempted_ = tip;
  return absl::OkStatus();
}

absl::Status Writer::WriteChunk(std::span<const Object> objects, Revision floor) {
  Meta meta = meta_;
  meta.floor = floor;
  const auto work = [&]() -> absl::Status {
    for (const Object& object : objects) NSD_RETURN_IF_ERROR(UpsertObject(object, &meta));
    return WriteMeta(meta, &write_meta_);
  };
  NSD_RETURN_IF_ERROR(InRelaxedTransaction(work));
  meta_ = meta;
  return absl::OkStatus();
}

absl::Status Writer::UpsertObject(const Object& object, Meta* meta) {
  select_old_.BindBlob(1, object.key);
  {
    const ResetAtEnd reset(&select_old_);
    NSD_ASSIGN_OR_RETURN(const bool found, select_old_.Step());
    if (found) {
      const Revision revision = select_old_.Integer(0);
      if (revision >= object.revision) return absl::OkStatus();
      meta->object_sum -=
          RowHash(object.key, revision, static_cast<std::uint32_t>(select_old_.Integer(1)));
    } else {
      ++meta->object_rows;
    }
  }
  const std::uint32_t crc = ObjectCrc(object);
  meta->object_sum += RowHash(object.key, object.revision, crc);
  upsert_object_.BindBlob(1, object.key);
  upsert_object_.Bind(2, object.revision);
  upsert_object_.Bind(3, crc);
  if (object.body) {
    upsert_object_.BindBlob(4, *object.body);
  } else {
    upsert_object_.BindNull(4);
  }
  return upsert_object_.Run();
}

absl::StatusOr<Usage> Writer::Compact(Revision keep_from, std::int64_t limit) {
  Meta meta = meta_;
  Usage gone;
  const auto work = [&]() -> absl::Status {
    NSD_ASSIGN_OR_RETURN(gone, DeleteRecords(keep_from, limit, &meta));
    NSD_RETURN_IF_ERROR(DeleteTombstones(limit, &meta));
    if (gone.records == 0 && meta.object_rows == meta_.object_rows) return absl::OkStatus();
    return WriteMeta(meta, &write_meta_);
  };
  NSD_RETURN_IF_ERROR(InRelaxedTransaction(work));
  meta_ = meta;
  return gone;
}

absl::StatusOr<Usage> Writer::DeleteRecords(Revision keep_from, std::int64_t limit, Meta* meta) {
  select_prefix_.Bind(1, keep_from);
  select_prefix_.Bind(2, limit);
  Usage gone;
  {
    const ResetAtEnd reset(&select_prefix_);
    while (true) {
      NSD_ASSIGN_OR_RETURN(const bool row, select_prefix_.Step());
      if (!row) break;
      const Revision revision = select_prefix_.Integer(0);
      if (revision != meta->chain_revision + 1) {
        return Corrupt(absl::StrCat("revision ", revision, " follows ", meta->chain_revision));
      }
      meta->chain_revision = revision;
      meta->chain_crc = static_cast<std::uint32_t>(select_prefix_.Integer(1));
      ++gone.records;
      gone.bytes += select_prefix_.Integer(2);
    }
  }
  if (gone.records == 0) return gone;
  delete_prefix_.Bind(1, meta->chain_revision);
  NSD_RETURN_IF_ERROR(delete_prefix_.Run());
  return gone;
}

absl::Status Writer::DeleteTombstones(std::int64_t limit, Meta* meta) {
  std::vector<std::pair<std::string, Revision>> passed;
  select_tombstones_.Bind(1, meta->floor);
  select_tombstones_.Bind(2, limit);
  {
    const ResetAtEnd reset(&select_tombstones_);
    while (true) {
      NSD_ASSIGN_OR_RETURN(const bool row, select_tombstones_.Step());
      if (!row) break;
      passed.emplace_back(select_tombstones_.Bytes(0), select_tombstones_.Integer(1));
    }
  }
  for (const auto& [key, revision] : passed) {
    delete_tombstone_.BindBlob(1, key);
    delete_tombstone_.Bind(2, revision);
    const ResetAtEnd reset(&delete_tombstone_);
    NSD_ASSIGN_OR_RETURN(const bool row, delete_tombstone_.Step());
    if (!row) return Corrupt("the index of tombstones disagrees with the table");
    --meta->object_rows;
    meta->object_sum -=
        RowHash(key, revision, static_cast<std::uint32_t>(delete_tombstone_.Integer(0)));
    NSD_RETURN_IF_ERROR(delete_tombstone_.Run());
  }
  return absl::OkStatus();
}

absl::Status Writer::Fence() {
  Meta meta = meta_;
  ++meta.fences;
  return CommitMeta(meta);
}

absl::Status Writer::Adopt(const std::string& store_id) {
  Meta meta = meta_;
  meta.store_id = store_id;
  meta.sealed_head = kNotSealed;
  return CommitMeta(meta);
}

absl::Status Writer::CommitMeta(const Meta& meta) {
  NSD_RETURN_IF_ERROR(InTransaction([&] { return WriteMeta(meta, &write_meta_); }));
  meta_ = meta;
  return absl::OkStatus();
}

absl::Status Writer::CheckpointPassive() {
  const int code = sqlite3_wal_checkpoint_v2(connection_.get(), "main", SQLITE_CHECKPOINT_PASSIVE,
                                             nullptr, nullptr);
  // Somebody else checkpoints: as good.
  if (code == SQLITE_OK || (code & 0xFF) == SQLITE_BUSY) return absl::OkStatus();
  return ErrorOf(code, connection_.get(), "checkpointing the log");
}

absl::StatusOr<bool> Writer::CheckpointTruncate(absl::Duration busy) {
  connection_.SetBusyTimeout(busy);
  const int code = sqlite3_wal_checkpoint_v2(connection_.get(), "main", SQLITE_CHECKPOINT_TRUNCATE,
                                             nullptr, nullptr);
  connection_.SetBusyTimeout(kBusy);
  if ((code & 0xFF) == SQLITE_BUSY) return false;
  if (code != SQLITE_OK) return ErrorOf(code, connection_.get(), "truncating the log");
  wal_pages_ = 0;
  return true;
}

}  // namespace netstackd::storage::sqlite
