// Journals with a bug that the tests of this folder are there to find.
#ifndef NETSTACKD_TESTS_CRASH_WRONG_JOURNALS_H_
#define NETSTACKD_TESTS_CRASH_WRONG_JOURNALS_H_

#include <deque>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "base/mutex.h"
#include "storage/journal.h"

namespace netstackd::crash {

// Hands everything on.
// Ownership  owns the journal behind it.
// Threads    as Journal.
class WrappedJournal : public storage::Journal {
 public:
  explicit WrappedJournal(std::unique_ptr<storage::Journal> behind) : behind_(std::move(behind)) {}

  storage::Extent extent() const override { return behind_->extent(); }
  storage::Usage usage() const override { return behind_->usage(); }
  std::string store_id() const override { return behind_->store_id(); }

 protected:
  storage::Journal& behind() const { return *behind_; }

 private:
  // Before any call but Append.
  virtual void Prepare() {}

  absl::Status AppendImpl(storage::Revision expected_head,
                          std::span<const storage::Record> records) override;
  absl::Status CheckpointImpl(std::span<const storage::Object> objects,
                              storage::Revision floor) override;
  absl::StatusOr<std::int64_t> CompactImpl(storage::Revision keep_from,
                                           std::int64_t limit) override;
  absl::Status LoadImpl(const storage::LoadSink& sink) override;
  absl::StatusOr<storage::Extent> ReopenImpl() override;
  absl::Status IdleImpl() override;
  absl::StatusOr<std::vector<storage::Record>> HistoryImpl(storage::Revision from,
                                                           storage::Revision to,
                                                           std::int64_t limit) override;
  absl::StatusOr<storage::Revision> BackupImpl(const std::string& path) override;

  const std::unique_ptr<storage::Journal> behind_;
};

// Append answers OK at once, and a thread of its own commits `delay` later. Every other call first
// waits until that is done.
//
// Threads    as Journal; the thread calls the journal only while the writer does not.
class EarlyJournal final : public WrappedJournal {
 public:
  EarlyJournal(std::unique_ptr<storage::Journal> behind, absl::Duration delay);
  ~EarlyJournal() override;

  storage::Extent extent() const override;

 private:
  absl::Status AppendImpl(storage::Revision expected_head,
                          std::span<const storage::Record> records) override;
  void Prepare() override;
  void Run();

  const absl::Duration delay_;
  mutable Mutex mu_;
  CondVar changed_;
  std::deque<storage::Record> waiting_ ABSL_GUARDED_BY(mu_);  // until they are committed
  storage::Revision head_ ABSL_GUARDED_BY(mu_) = 0;           // what was answered
  bool ending_ ABSL_GUARDED_BY(mu_) = false;
  std::thread thread_;
};

// Forgets at a start who asked for what, so that a request that is sent again is a new one.
class ForgetfulJournal final : public WrappedJournal {
 public:
  using WrappedJournal::WrappedJournal;

 private:
  absl::Status LoadImpl(const storage::LoadSink& sink) override;
};

}  // namespace netstackd::crash

#endif  // NETSTACKD_TESTS_CRASH_WRONG_JOURNALS_H_
