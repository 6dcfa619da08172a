// Journals around another one: a witness of what is written, and one that answers too early.
#ifndef NETSTACKD_TESTS_POWER_WRAPPED_JOURNAL_H_
#define NETSTACKD_TESTS_POWER_WRAPPED_JOURNAL_H_

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "storage/journal.h"
#include "tests/power/ledger.h"

namespace netstackd::power {

// Passes everything on. Owns the journal behind it. Threads: as Journal.
class WrappedJournal : public storage::Journal {
 public:
  explicit WrappedJournal(std::unique_ptr<storage::Journal> behind) : behind_(std::move(behind)) {}

  storage::Extent extent() const override { return behind_->extent(); }
  storage::Usage usage() const override { return behind_->usage(); }
  std::string store_id() const override { return behind_->store_id(); }

 protected:
  absl::Status AppendImpl(Revision expected_head,
                          std::span<const storage::Record> records) override {
    return behind_->Append(expected_head, records);
  }
  absl::Status CheckpointImpl(std::span<const storage::Object> objects, Revision floor) override {
    return behind_->Checkpoint(objects, floor);
  }
  absl::StatusOr<std::int64_t> CompactImpl(Revision keep_from, std::int64_t limit) override {
    return behind_->Compact(keep_from, limit);
  }
  absl::Status LoadImpl(const storage::LoadSink& sink) override { return behind_->Load(sink); }
  absl::StatusOr<storage::Extent> ReopenImpl() override { return behind_->Reopen(); }
  absl::Status IdleImpl() override { return behind_->Idle(); }
  absl::Status CheckRoomImpl(std::int64_t bytes) override { return behind_->CheckRoom(bytes); }
  absl::StatusOr<std::vector<storage::Record>> HistoryImpl(Revision from, Revision to,
                                                           std::int64_t limit) override {
    return behind_->History(from, to, limit);
  }
  absl::StatusOr<Revision> BackupImpl(const std::string& path) override {
    return behind_->Backup(path);
  }

  storage::Journal& behind() { return *behind_; }

 private:
  const std::unique_ptr<storage::Journal> behind_;
};

// Tells the ledger what is to be written, and somebody when an idle journal has tidied up.
class WitnessJournal final : public WrappedJournal {
 public:
  WitnessJournal(std::unique_ptr<storage::Journal> behind, Ledger* ledger)
      : WrappedJournal(std::move(behind)), ledger_(ledger) {}
  // Called by the writer thread after each Idle. Set before there are other threads.
  void OnIdle(std::function<void()> after) { after_idle_ = std::move(after); }

 private:
  absl::Status AppendImpl(Revision expected_head,
                          std::span<const storage::Record> records) override {
    ledger_->Attempted(records);
    return behind().Append(expected_head, records);
  }
  absl::Status IdleImpl() override {
    const absl::Status done = behind().Idle();
    if (after_idle_) after_idle_();
    return done;
  }

  Ledger* const ledger_;
  std::function<void()> after_idle_;
};

// The bug that the tests of this folder are there for: answers that a batch is durable, and commits
// it only with the next call.
class HastyJournal final : public WrappedJournal {
 public:
  using WrappedJournal::WrappedJournal;

  storage::Extent extent() const override {
    storage::Extent extent = WrappedJournal::extent();
    MutexLock lock(&mu_);
    if (!owed_.empty()) extent.head = owed_.back().revision;
    return extent;
  }

 private:
  absl::Status AppendImpl(Revision expected_head,
                          std::span<const storage::Record> records) override {
    const absl::Status paid = Pay();
    MutexLock lock(&mu_);
    expected_head_ = expected_head;
    owed_.assign(records.begin(), records.end());
    return paid;
  }
  absl::Status CheckpointImpl(std::span<const storage::Object> objects, Revision floor) override {
    const absl::Status paid = Pay();
    return paid.ok() ? behind().Checkpoint(objects, floor) : paid;
  }
  absl::StatusOr<std::int64_t> CompactImpl(Revision keep_from, std::int64_t limit) override {
    const absl::Status paid = Pay();
    if (!paid.ok()) return paid;
    return behind().Compact(keep_from, limit);
  }
  absl::Status IdleImpl() override {
    const absl::Status paid = Pay();
    return paid.ok() ? behind().Idle() : paid;
  }

  absl::Status Pay() {
    std::vector<storage::Record> owed;
    {
      MutexLock lock(&mu_);
      owed.swap(owed_);
    }
    return owed.empty() ? absl::OkStatus() : behind().Append(expected_head_, owed);
  }

  mutable Mutex mu_;
  std::vector<storage::Record> owed_ ABSL_GUARDED_BY(mu_);
  Revision expected_head_ = 0;  // the writer's
};

}  // namespace netstackd::power

#endif  // NETSTACKD_TESTS_POWER_WRAPPED_JOURNAL_H_
