// The one writing connection: every transaction that changes the database.
#ifndef NETSTACKD_STORAGE_SQLITE_WRITER_H_
#define NETSTACKD_STORAGE_SQLITE_WRITER_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/journal.h"
#include "storage/sqlite/connection.h"
#include "storage/sqlite/layout.h"
#include "storage/sqlite/load.h"
#include "storage/sqlite/meta.h"

namespace netstackd::storage::sqlite {

// Owns its connection and statements. One thread.
//
// Errors  after any error but TRANSACTION_CONFLICT nobody knows what is on the medium: destroy it
//         and open another. meta() and tip() then still tell what was there before that write.
class Writer {
 public:
  // Opens an existing database, sets and reads back every pragma and checks the schema.
  static absl::StatusOr<std::unique_ptr<Writer>> Open(const Layout& layout);
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  const Meta& meta() const { return meta_; }
  const Tip& tip() const { return tip_; }
  // Where the chain ends if the newest Append, failed or not, is on the medium.
  const Tip& attempted() const { return attempted_; }
  const Connection& connection() const { return connection_; }

  // One transaction, one sync. Errors: TRANSACTION_CONFLICT, then nothing has happened.
  absl::Status Append(Revision expected_head, std::span<const Record> records);
  // Commits without a sync; the next Append syncs it too. Errors: also if FULL cannot be read back.
  absl::Status WriteChunk(std::span<const Object> objects, Revision floor);
  // As WriteChunk. Returns what went.
  absl::StatusOr<Usage> Compact(Revision keep_from, std::int64_t limit);
  // Commits one changed row with a sync: what the log held before it can never come back.
  absl::Status Fence();
  // Gives the store a new name, and life if it was a backup; synced.
  absl::Status Adopt(const std::string& store_id);

  // Pages in the write-ahead log after the newest commit.
  int wal_pages() const { return wal_pages_; }
  // Copies from the log what readers allow.
  absl::Status CheckpointPassive();
  // Copies everything and truncates the log; false if a reader is in the way for longer than the
  // busy time-out.
  absl::StatusOr<bool> CheckpointTruncate(absl::Duration busy);

 private:
  explicit Writer(Connection connection) : connection_(std::move(connection)) {}
  absl::Status Prepare();

  absl::Status InsertRecords(Revision expected_head, std::span<const Record> records);
  absl::Status UpsertObject(const Object& object, Meta* meta);
  absl::StatusOr<Usage> DeleteRecords(Revision keep_from, std::int64_t limit, Meta* meta);
  absl::Status DeleteTombstones(std::int64_t limit, Meta* meta);

  // Runs `work` in one transaction; rolls back after an error of it.
  absl::Status CommitMeta(const Meta& meta);
  template <typename Work>
  absl::Status InTransaction(const Work& work);
  // The same, committed with synchronous=NORMAL.
  template <typename Work>
  absl::Status InRelaxedTransaction(const Work& work);

  Connection connection_;  // outlives the statements
  Statement begin_, commit_, rollback_;
  Statement select_tip_, insert_record_;
  Statement select_old_, upsert_object_, write_meta_;
  Statement select_prefix_, delete_prefix_, select_tombstones_, delete_tombstone_;
  Meta meta_;
  Tip tip_;
  Tip attempted_;
  int wal_pages_ = 0;
};

}  // namespace netstackd::storage::sqlite

#endif  // NETSTACKD_STORAGE_SQLITE_WRITER_H_
