// An append-only, fenced log of opaque records, plus an object table that trails it.
#ifndef NETSTACKD_STORAGE_JOURNAL_H_
#define NETSTACKD_STORAGE_JOURNAL_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace netstackd::storage {

// Number of a transaction; the first one ever written is 1, 0 means "nothing yet".
using Revision = std::int64_t;

// One revision: one transaction, durable as a whole. The same rows are history, audit trail and
// request memory. The journal never looks into `answer` and `deltas`.
struct Record {
  Revision revision = 0;
  absl::Time time;           // wall time of the commit, microseconds kept
  std::string principal;     // who asked; never empty
  std::string method;        // full RPC name, or "system:..."
  std::string peer;          // where from, may be empty
  std::string user_agent;    // may be empty
  std::string request_id;    // may be empty
  std::string request_hash;  // bytes; hash of the request the id stands for
  std::string answer;        // bytes; what the caller was told
  std::string comment;
  std::string deltas;  // bytes; what became true

  bool operator==(const Record&) const = default;
};

// The sum of the sizes of its strings: what Usage counts.
std::int64_t BytesOf(const Record& record);

// The most that one record, or the body of one object, may have.
inline constexpr std::int64_t kRecordBytesMax = 64 << 20;

// The newest image of one object. Keys and bodies are opaque bytes.
struct Object {
  std::string key;
  Revision revision = 0;            // of the image
  std::optional<std::string> body;  // nullopt: deleted (a tombstone)

  bool operator==(const Object&) const = default;
};

// What Load finds, in this order: every object of the table, then every kept record, oldest first.
struct LoadSink {
  std::function<absl::Status(Object)> object;
  std::function<absl::Status(Record)> record;
};

// Where the journal stands. first <= floor + 1: records above the floor are never compacted.
struct Extent {
  Revision first = 1;  // oldest kept record; head + 1 if none is kept
  Revision floor = 0;  // every change up to here is in the object table
  Revision head = 0;   // newest durable record
};

struct Usage {
  std::int64_t records = 0;
  std::int64_t bytes = 0;  // BytesOf the kept records; complete once Load has run
};

// Threads  One thread (the writer) calls everything but History and Backup, which any thread may
//          call at any time. Neither waits for the writer longer than one bounded step.
// Errors   An error of a write has an unknown outcome: the journal is then closed (every call gives
//          STORE_READ_ONLY, or RESOURCE_EXHAUSTED if the disk was full) until Reopen succeeds, and
//          Reopen tells what is really there. INVALID_ARGUMENT is the caller's mistake and closes
//          nothing.
class Journal {
 public:
  virtual ~Journal() = default;
  Journal() = default;
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  // Makes `records` durable, all or none, numbered expected_head + 1 and on without a gap.
  // Errors: INVALID_ARGUMENT empty, misnumbered or too big; ABORTED / TRANSACTION_CONFLICT if the
  // head is not `expected_head` (somebody else wrote: fenced); otherwise unknown, see above.
  absl::Status Append(Revision expected_head, std::span<const Record> records);

  // Writes images (or tombstones) that are newer than the table's, and moves the floor to `floor`.
  // Not durable by itself: the next Append makes it so. floor <= head, and never goes back.
  absl::Status Checkpoint(std::span<const Object> objects, Revision floor);

  // Deletes records below `keep_from` (never above the floor), at most `limit` of them, and at most
  // `limit` tombstones that the floor has passed: no load folds a record that needs them. Returns
  // how many records went. Not durable by itself, like a checkpoint.
  absl::StatusOr<std::int64_t> Compact(Revision keep_from, std::int64_t limit);

  // Reads everything and verifies it: checksums, the chain, the meta row, the fold bounds.
  // Errors: DATA_LOSS / JOURNAL_CORRUPT; the sink's own error ends the load.
  absl::Status Load(const LoadSink& sink);

  // After a failed write: closes everything, makes the medium tell the truth again, and returns
  // where the journal stands. Errors: STORE_READ_ONLY (or RESOURCE_EXHAUSTED) while that is not
  // possible; JOURNAL_CORRUPT if what was durable before is gone.
  absl::StatusOr<Extent> Reopen();

  // Housekeeping while idle; cheap if there is nothing to do.
  absl::Status Idle();

  // Whether `bytes` more could be written now, by writing them somewhere: after a failure for want
  // of room, before anything real is tried again. Errors: RESOURCE_EXHAUSTED, STORAGE_UNAVAILABLE;
  // they close nothing.
  absl::Status CheckRoom(std::int64_t bytes);

  // Records from `from` to `to` (both included) or to the head, oldest first, at most `limit`.
  // Errors: OUT_OF_RANGE / WATCH_COMPACTED if `from` is not kept any more; INVALID_ARGUMENT if
  // `from` or `limit` is below 1.
  absl::StatusOr<std::vector<Record>> History(Revision from, Revision to, std::int64_t limit);

  // Writes a consistent, verified copy to `path`, which must not exist; returns its head.
  // Errors: INVALID_ARGUMENT if `path` is there or cannot be made; STORE_READ_ONLY if the journal
  // was closed meanwhile.
  absl::StatusOr<Revision> Backup(const std::string& path);

  virtual Extent extent() const = 0;  // any thread
  virtual Usage usage() const = 0;    // any thread
  // Names this history of revisions; a restore or an accepted loss makes a new one.
  virtual std::string store_id() const = 0;  // any thread

 private:
  virtual absl::Status AppendImpl(Revision expected_head, std::span<const Record> records) = 0;
  virtual absl::Status CheckpointImpl(std::span<const Object> objects, Revision floor) = 0;
  virtual absl::StatusOr<std::int64_t> CompactImpl(Revision keep_from, std::int64_t limit) = 0;
  virtual absl::Status LoadImpl(const LoadSink& sink) = 0;
  virtual absl::StatusOr<Extent> ReopenImpl() = 0;
  virtual absl::Status IdleImpl() = 0;
  // A journal without a disk always has room.
  virtual absl::Status CheckRoomImpl(std::int64_t /*bytes*/) { return absl::OkStatus(); }
  virtual absl::StatusOr<std::vector<Record>> HistoryImpl(Revision from, Revision to,
                                                          std::int64_t limit) = 0;
  virtual absl::StatusOr<Revision> BackupImpl(const std::string& path) = 0;
};

}  // namespace netstackd::storage

#endif  // NETSTACKD_STORAGE_JOURNAL_H_
