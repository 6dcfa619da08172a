// A journal that lives as long as its process: for tests and for trying things out.
#ifndef NETSTACKD_STORAGE_MEMORY_MEMORY_JOURNAL_H_
#define NETSTACKD_STORAGE_MEMORY_MEMORY_JOURNAL_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "storage/journal.h"
#include "storage/memory/memory_store.h"

namespace netstackd::storage {

// Threads  as Journal; one lock, held for a whole call.
// Errors   no write ever fails. A backup is a file of its own format, for FromBackup only.
class MemoryJournal final : public Journal {
 public:
  MemoryJournal();

  // Errors: JOURNAL_CORRUPT if the file is not a backup; STORAGE_UNAVAILABLE if it is not there.
  static absl::StatusOr<std::unique_ptr<MemoryJournal>> FromBackup(const std::string& path);

  Extent extent() const override;
  Usage usage() const override;
  std::string store_id() const override;

 private:
  explicit MemoryJournal(MemoryStore store) : store_(std::move(store)) {}

  absl::Status AppendImpl(Revision expected_head, std::span<const Record> records) override;
  absl::Status CheckpointImpl(std::span<const Object> objects, Revision floor) override;
  absl::StatusOr<std::int64_t> CompactImpl(Revision keep_from, std::int64_t limit) override;
  absl::Status LoadImpl(const LoadSink& sink) override;
  absl::StatusOr<Extent> ReopenImpl() override { return extent(); }
  absl::Status IdleImpl() override { return absl::OkStatus(); }
  absl::StatusOr<std::vector<Record>> HistoryImpl(Revision from, Revision to,
                                                  std::int64_t limit) override;
  absl::StatusOr<Revision> BackupImpl(const std::string& path) override;

  mutable Mutex mu_;  // leaf lock
  MemoryStore store_ ABSL_GUARDED_BY(mu_);
};

// Writes `store` to the new file `path`, durably. Errors: INVALID_ARGUMENT if `path` is there.
absl::Status WriteBackup(const MemoryStore& store, const std::string& path);
// The store in the file, under a new name.
absl::StatusOr<MemoryStore> ReadBackup(const std::string& path);

}  // namespace netstackd::storage

#endif  // NETSTACKD_STORAGE_MEMORY_MEMORY_JOURNAL_H_
