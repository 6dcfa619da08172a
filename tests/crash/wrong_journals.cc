#include "tests/crash/wrong_journals.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace netstackd::crash {

using storage::Record;
using storage::Revision;

absl::Status WrappedJournal::AppendImpl(Revision expected_head, std::span<const Record> records) {
  return behind_->Append(expected_head, records);
}

absl::Status WrappedJournal::CheckpointImpl(std::span<const storage::Object> objects,
                                            Revision floor) {
  Prepare();
  return behind_->Checkpoint(objects, floor);
}

absl::StatusOr<std::int64_t> WrappedJournal::CompactImpl(Revision keep_from, std::int64_t limit) {
  Prepare();
  return behind_->Compact(keep_from, limit);
}

absl::Status WrappedJournal::LoadImpl(const storage::LoadSink& sink) {
  Prepare();
  return behind_->Load(sink);
}

absl::StatusOr<storage::Extent> WrappedJournal::ReopenImpl() {
  Prepare();
  return behind_->Reopen();
}

absl::Status WrappedJournal::IdleImpl() {
  Prepare();
  return behind_->Idle();
}

absl::StatusOr<std::vector<Record>> WrappedJournal::HistoryImpl(Revision from, Revision to,
                                                                std::int64_t limit) {
  Prepare();
  return behind_->History(from, to, limit);
}

absl::StatusOr<Revision> WrappedJournal::BackupImpl(const std::string& path) {
  Prepare();
  return behind_->Backup(path);
}

EarlyJournal::EarlyJournal(std::unique_ptr<storage::Journal> behind, absl::Duration delay)
    : WrappedJournal(std::move(behind)), delay_(delay), thread_([this] { Run(); }) {}

EarlyJournal::~EarlyJournal() {
  {
    MutexLock lock(&mu_);
    ending_ = true;
    changed_.NotifyAll();
  }
  thread_.join();
}

storage::Extent EarlyJournal::extent() const {
  storage::Extent extent = behind().extent();
  MutexLock lock(&mu_);
  extent.head = std::max(extent.head, head_);
  return extent;
}

absl::Status EarlyJournal::AppendImpl(Revision expected_head, std::span<const Record> records) {
  MutexLock lock(&mu_);
  waiting_.insert(waiting_.end(), records.begin(), records.end());
  head_ = expected_head + static_cast<Revision>(records.size());
  changed_.NotifyAll();
  return absl::OkStatus();
}

void EarlyJournal::Run() {
  while (true) {
    std::vector<Record> records;
    {
      MutexLock lock(&mu_);
      while (waiting_.empty() && !ending_) changed_.Wait(&mu_);
      if (waiting_.empty()) return;
      changed_.WaitFor(&mu_, delay_);
      records.assign(waiting_.begin(), waiting_.end());
    }
    NSD_CHECK(behind().Append(records.front().revision - 1, records).ok());
    MutexLock lock(&mu_);
    waiting_.erase(waiting_.begin(),
                   waiting_.begin() + static_cast<std::ptrdiff_t>(records.size()));
    changed_.NotifyAll();
  }
}

void EarlyJournal::Prepare() {
  MutexLock lock(&mu_);
  while (!waiting_.empty()) changed_.Wait(&mu_);
}

absl::Status ForgetfulJournal::LoadImpl(const storage::LoadSink& sink) {
  return behind().Load({sink.object, [&sink](Record record) {
                          record.principal = "somebody";
                          return sink.record(std::move(record));
                        }});
}

}  // namespace netstackd::crash
