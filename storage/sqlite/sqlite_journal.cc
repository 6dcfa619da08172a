#include "storage/sqlite/sqlite_journal.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/mutex.h"
#include "base/status_macros.h"
#include "storage/errors.h"
#include "storage/sqlite/backup.h"
#include "storage/sqlite/bring_up.h"
#include "storage/sqlite/directory_lock.h"
#include "storage/sqlite/history.h"
#include "storage/sqlite/readers.h"
#include "storage/sqlite/wal_file.h"
#include "storage/store_id.h"

namespace netstackd::storage::sqlite {
namespace {

// A commit that leaves more pages than this in the log is followed by a checkpoint.
constexpr int kWalPagesMax = 256;

// Owns the directory as long as it lives.
//
// Threads  as Journal: everything here belongs to the writer thread, but for readers_ and what mu_
//          guards.
// Order    a record is synced before the file REVISION names it, and that is synced before the
//          record leaves the log for the database.
// Bounds   the log is checkpointed at every kWalPagesMax pages; a reader may let it grow.
class SqliteJournal final : public Journal {
 public:
  SqliteJournal(Layout layout, Options options, DirectoryLock lock, Store store);
  ~SqliteJournal() override;

  Extent extent() const override;
  Usage usage() const override;
  std::string store_id() const override { return store_id_; }

 private:
  // What is known to be durable, for all threads.
  struct Standing {
    Extent extent;
    std::int64_t bytes = 0;
  };

  absl::Status AppendImpl(Revision expected_head, std::span<const Record> records) override;
  absl::Status CheckpointImpl(std::span<const Object> objects, Revision floor) override;
  absl::StatusOr<std::int64_t> CompactImpl(Revision keep_from, std::int64_t limit) override;
  absl::Status LoadImpl(const LoadSink& sink) override;
  absl::StatusOr<Extent> ReopenImpl() override;
  absl::Status IdleImpl() override;
  absl::Status CheckRoomImpl(std::int64_t bytes) override {
    return TryWriting(*layout_.files, layout_.room(), bytes);
  }
  absl::StatusOr<std::vector<Record>> HistoryImpl(Revision from, Revision to,
                                                  std::int64_t limit) override;
  absl::StatusOr<Revision> BackupImpl(const std::string& path) override;

  Standing standing() const;
  // Publishes where the writer stands.
  void Publish(std::int64_t bytes);
  // Closes the journal because of a failed write, and returns what every call gives from now on.
  absl::Status Fail(const absl::Status& cause);
  absl::Status CheckpointIfLong();

  absl::Status Recover(absl::Duration until);
  absl::Status CheckRecovered(const Writer& writer) const;
  absl::StatusOr<std::int64_t> RecoveredBytes(const Writer& writer) const;
  absl::Status BlockedBy(const std::string& who) const;

  const Layout layout_;
  const Options options_;
  const DirectoryLock lock_;
  const std::string store_id_;
  RevisionFile revision_;
  std::unique_ptr<Writer> writer_;  // null while the journal is closed
  absl::Status closed_;             // why it is
  Tip known_;                       // the end of what was acknowledged
  Tip attempted_;                   // and with the batch whose outcome is unknown
  std::int64_t attempted_bytes_ = 0;
  int checkpointed_pages_ = 0;  // of the log, by the newest checkpoint
  Readers readers_;

  mutable Mutex mu_;  // leaf lock
  Standing standing_ ABSL_GUARDED_BY(mu_);
};

SqliteJournal::SqliteJournal(Layout layout, Options options, DirectoryLock lock, Store store)
    : layout_(std::move(layout)),
      options_(std::move(options)),
      lock_(std::move(lock)),
      store_id_(store.writer->meta().store_id),
      revision_(std::move(store.revision)),
      writer_(std::move(store.writer)),
      known_(writer_->tip()),
      attempted_(known_),
      readers_(layout_.database(), layout_.files->sqlite_vfs()) {
  Publish(0);
}

// Everything acknowledged is durable already; this only leaves a short log behind.
SqliteJournal::~SqliteJournal() {
  if (writer_ && revision_.Sync().ok()) {
    writer_->CheckpointTruncate(absl::ZeroDuration()).status().IgnoreError();
  }
}

SqliteJournal::Standing SqliteJournal::standing() const {
  MutexLock lock(&mu_);
  return standing_;
}

Extent SqliteJournal::extent() const { return standing().extent; }

Usage SqliteJournal::usage() const {
  const Standing now = standing();
  return {now.extent.head - now.extent.first + 1, now.bytes};
}

void SqliteJournal::Publish(std::int64_t bytes) {
  known_ = writer_->tip();
  const Extent extent = ExtentOf(writer_->meta(), known_);
  MutexLock lock(&mu_);
  standing_ = {extent, bytes};
}

absl::Status SqliteJournal::Fail(const absl::Status& cause) {
  closed_ = ClosedBecause(cause);
  if (writer_) attempted_ = writer_->attempted();
  writer_.reset();
  readers_.Refuse(closed_);
  return closed_;
}

absl::Status SqliteJournal::CheckpointIfLong() {
  const int pages = writer_->wal_pages();
  if (pages < checkpointed_pages_) checkpointed_pages_ = 0;  // the log began anew
  if (pages - checkpointed_pages_ <= kWalPagesMax) return absl::OkStatus();
  NSD_RETURN_IF_ERROR(revision_.Sync());
  NSD_RETURN_IF_ERROR(writer_->CheckpointPassive());
  checkpointed_pages_ = pages;
  return absl::OkStatus();
}

absl::Status SqliteJournal::AppendImpl(Revision expected_head, std::span<const Record> records) {
  if (!writer_) return closed_;
  attempted_bytes_ = 0;
  for (const Record& record : records) attempted_bytes_ += BytesOf(record);
  absl::Status done = writer_->Append(expected_head, records);
  if (done.code() == absl::StatusCode::kAborted) return done;
  if (done.ok()) done = revision_.Write({store_id_, writer_->tip().head});
  if (done.ok()) done = CheckpointIfLong();
  if (!done.ok()) return Fail(done);
  Publish(standing().bytes + attempted_bytes_);
  return absl::OkStatus();
}

absl::Status SqliteJournal::CheckpointImpl(std::span<const Object> objects, Revision floor) {
  if (!writer_) return closed_;
  absl::Status done = writer_->WriteChunk(objects, floor);
  if (done.ok()) done = CheckpointIfLong();
  if (!done.ok()) return Fail(done);
  Publish(standing().bytes);
  return absl::OkStatus();
}

absl::StatusOr<std::int64_t> SqliteJournal::CompactImpl(Revision keep_from, std::int64_t limit) {
  if (!writer_) return closed_;
  const absl::StatusOr<Usage> gone = writer_->Compact(keep_from, limit);
  const absl::Status done = gone.ok() ? CheckpointIfLong() : gone.status();
  if (!done.ok()) return Fail(done);
  Publish(standing().bytes - gone->bytes);
  return gone->records;
}

absl::Status SqliteJournal::LoadImpl(const LoadSink& sink) {
  if (!writer_) return closed_;
  NSD_ASSIGN_OR_RETURN(const Loaded loaded, LoadVerified(writer_->connection(), sink));
  if (loaded.tip.head != known_.head || loaded.tip.crc != known_.crc) {
    return Corrupt("somebody else wrote into the database");
  }
  Publish(loaded.usage.bytes);
  return absl::OkStatus();
}

absl::Status SqliteJournal::IdleImpl() {
  if (!writer_) return closed_;
  if (writer_->wal_pages() == 0) return absl::OkStatus();
  absl::Status done = revision_.Sync();
  if (done.ok()) done = writer_->CheckpointTruncate(absl::ZeroDuration()).status();
  return done.ok() ? done : Fail(done);
}

absl::StatusOr<std::vector<Record>> SqliteJournal::HistoryImpl(Revision from, Revision to,
                                                               std::int64_t limit) {
  std::vector<Record> records;
  NSD_RETURN_IF_ERROR(readers_.Run([&](const Connection& connection) {
    return ReadHistory(connection, from, to, limit, &records);
  }));
  return records;
}

absl::StatusOr<Revision> SqliteJournal::BackupImpl(const std::string& path) {
  return WriteBackup(
      *layout_.files, [this](const auto& work) { return readers_.Run(work); }, path);
}

absl::StatusOr<Extent> SqliteJournal::ReopenImpl() {
  if (writer_) {
    Fail(MakeError(ErrorReason::kStorageUnavailable, "it is being reopened")).IgnoreError();
  }
  const absl::Status done = Recover(Clock::Real().Steady() + options_.reopen_within);
  if (!done.ok()) {
    // Damage is for a person to see as it is; the rest may pass.
    const absl::Status refused =
        done.code() == absl::StatusCode::kDataLoss ? done : ClosedBecause(done);
    Fail(done).IgnoreError();
    closed_ = refused;
    return refused;
  }
  readers_.Admit();
  closed_ = absl::OkStatus();
  return extent();
}

absl::Status SqliteJournal::BlockedBy(const std::string& who) const {
  return MakeError(ErrorReason::kStorageUnavailable,
                   absl::StrCat("the log cannot be emptied while ", who, " reads ",
                                layout_.database(), ": end that"));
}

// Until the fence is synced, a power loss could bring back the log that the failed write left.
absl::Status SqliteJournal::Recover(absl::Duration until) {
  const auto left = [until] {
    return std::max(until - Clock::Real().Steady(), absl::ZeroDuration());
  };
  if (!readers_.Drain(left())) return BlockedBy("a history or backup of this server");
  NSD_RETURN_IF_ERROR(RewriteInPlace(*layout_.files, layout_.wal(), left()));
  NSD_ASSIGN_OR_RETURN(std::unique_ptr<Writer> writer, Writer::Open(layout_));
  NSD_RETURN_IF_ERROR(CheckRecovered(*writer));
  NSD_ASSIGN_OR_RETURN(const bool truncated, writer->CheckpointTruncate(left()));
  if (!truncated) {
    writer.reset();
    const std::optional<pid_t> reader = WhoReads(layout_.shm());
    return BlockedBy(reader ? absl::StrCat("the process with pid ", *reader) : "another process");
  }
  NSD_RETURN_IF_ERROR(writer->Fence());
  NSD_RETURN_IF_ERROR(revision_.Write({store_id_, writer->tip().head}));
  NSD_RETURN_IF_ERROR(revision_.Sync());
  NSD_ASSIGN_OR_RETURN(const std::int64_t bytes, RecoveredBytes(*writer));
  writer_ = std::move(writer);
  checkpointed_pages_ = 0;
  Publish(bytes);
  return absl::OkStatus();
}

absl::Status SqliteJournal::CheckRecovered(const Writer& writer) const {
  const Tip& found = writer.tip();
  const auto is = [&found](const Tip& tip) {
    return found.head == tip.head && found.crc == tip.crc;
  };
  if (writer.meta().store_id != store_id_) return Corrupt("the database was replaced");
  if (is(known_) || is(attempted_)) return absl::OkStatus();
  if (found.head >= known_.head) return Corrupt("somebody else wrote into the database");
  const Acknowledged acknowledged{store_id_, known_.head};
  return CheckNothingLost(layout_, acknowledged, writer.meta(), found);
}

absl::StatusOr<std::int64_t> SqliteJournal::RecoveredBytes(const Writer& writer) const {
  const Standing before = standing();
  if (writer.meta().chain_revision + 1 == before.extent.first) {
    const bool present = writer.tip().head != before.extent.head;
    return before.bytes + (present ? attempted_bytes_ : 0);
  }
  // A compaction came through, or did not: rare enough to look.
  return writer.connection().QueryInteger("SELECT coalesce(sum(bytes), 0) FROM revisions");
}

}  // namespace

absl::StatusOr<std::unique_ptr<Journal>> Open(const std::string& dir, const Options& options) {
  NSD_ASSIGN_OR_RETURN(Layout layout, LayoutOf(*options.files, dir));
  if (options.schema != nullptr) layout.schema = options.schema;
  NSD_ASSIGN_OR_RETURN(DirectoryLock lock, DirectoryLock::Take(*options.files, layout.dir));
  NSD_ASSIGN_OR_RETURN(Store store, BringUp(layout, options));
  return std::make_unique<SqliteJournal>(std::move(layout), options, std::move(lock),
                                         std::move(store));
}

}  // namespace netstackd::storage::sqlite
