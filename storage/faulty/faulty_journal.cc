#include "storage/faulty/faulty_journal.h"

#include <optional>
#include <utility>

#include "base/error.h"
#include "base/status_macros.h"
#include "storage/errors.h"
#include "storage/memory/memory_journal.h"
#include "storage/store_id.h"

namespace netstackd::storage {
namespace {

absl::Status CauseOf(const Fault& fault) {
  if (fault.cause == Fault::Cause::kDiskFull) {
    return MakeError(ErrorReason::kResourceExhausted, "an injected fault: the disk is full");
  }
  return MakeError(ErrorReason::kStorageUnavailable, "an injected fault: input/output error");
}

}  // namespace

FaultyJournal::FaultyJournal(const FaultPlan& plan)
    : live_(NewStoreId()), medium_(live_), faults_(plan.faults) {}

void FaultyJournal::Inject(const Fault& fault) {
  MutexLock lock(&mu_);
  faults_.push_back(fault);
}

void FaultyJournal::OnAppend(std::function<void()> hook) {
  MutexLock lock(&mu_);
  on_append_ = std::move(hook);
}

void FaultyJournal::Crash() {
  MutexLock lock(&mu_);
  live_ = medium_;
  tail_.clear();
  closed_ = absl::OkStatus();
  failing_reopens_ = 0;
}

int FaultyJournal::calls(Fault::Call call) const {
  MutexLock lock(&mu_);
  return calls_[static_cast<std::size_t>(call)];
}

Extent FaultyJournal::extent() const {
  MutexLock lock(&mu_);
  return live_.extent();
}

Usage FaultyJournal::usage() const {
  MutexLock lock(&mu_);
  return live_.usage();
}

std::string FaultyJournal::store_id() const {
  MutexLock lock(&mu_);
  return live_.store_id();
}

std::optional<Fault> FaultyJournal::Due(Fault::Call call) {
  ++calls_[static_cast<std::size_t>(call)];
  std::optional<Fault> due;
  for (auto it = faults_.begin(); it != faults_.end();) {
    if (it->call == call && --it->nth == 0) {
      due = *it;
      it = faults_.erase(it);
    } else {
      ++it;
    }
  }
  return due;
}

void FaultyJournal::SyncTail() {
  for (const Step& step : tail_) step(&medium_);
  tail_.clear();
}

absl::Status FaultyJournal::Fail(const Fault& fault, const Step& step) {
  switch (fault.data) {
    case Fault::Data::kKept:
      SyncTail();
      step(&medium_);
      break;
    case Fault::Data::kLost:
      tail_.clear();
      break;
    case Fault::Data::kTorn:
      SyncTail();
      break;
  }
  closed_ = ClosedBecause(CauseOf(fault));
  failing_reopens_ = fault.failing_reopens;
  return closed_;
}

absl::Status FaultyJournal::AppendImpl(Revision expected_head, std::span<const Record> records) {
  std::function<void()> hook;
  {
    MutexLock lock(&mu_);
    hook = on_append_;
  }
  if (hook) hook();
  MutexLock lock(&mu_);
  NSD_RETURN_IF_ERROR(closed_);
  if (live_.extent().head != expected_head) return Fenced(expected_head, live_.extent().head);
  // Both stores have the same head, so neither refuses.
  const Step step = [expected_head, records](MemoryStore* store) {
    store->Append(expected_head, records).IgnoreError();
  };
  if (const std::optional<Fault> fault = Due(Fault::Call::kAppend)) return Fail(*fault, step);
  SyncTail();
  step(&medium_);
  step(&live_);
  return absl::OkStatus();
}

absl::Status FaultyJournal::CheckpointImpl(std::span<const Object> objects, Revision floor) {
  MutexLock lock(&mu_);
  NSD_RETURN_IF_ERROR(closed_);
  // Outlives the call: the tail keeps it.
  const Step step = [copy = std::vector<Object>(objects.begin(), objects.end()),
                     floor](MemoryStore* store) { store->Checkpoint(copy, floor); };
  if (const std::optional<Fault> fault = Due(Fault::Call::kCheckpoint)) return Fail(*fault, step);
  step(&live_);
  tail_.push_back(step);
  return absl::OkStatus();
}

absl::StatusOr<std::int64_t> FaultyJournal::CompactImpl(Revision keep_from, std::int64_t limit) {
  MutexLock lock(&mu_);
  NSD_RETURN_IF_ERROR(closed_);
  const Step step = [keep_from, limit](MemoryStore* store) { store->Compact(keep_from, limit); };
  if (const std::optional<Fault> fault = Due(Fault::Call::kCompact)) return Fail(*fault, step);
  tail_.push_back(step);
  return live_.Compact(keep_from, limit);
}

absl::Status FaultyJournal::LoadImpl(const LoadSink& sink) {
  std::optional<MemoryStore> copy;  // the sink may call back
  {
    MutexLock lock(&mu_);
    NSD_RETURN_IF_ERROR(closed_);
    copy = live_;
  }
  return copy->Load(sink);
}

absl::StatusOr<Extent> FaultyJournal::ReopenImpl() {
  MutexLock lock(&mu_);
  if (failing_reopens_ > 0) {
    --failing_reopens_;
    return closed_;
  }
  SyncTail();
  live_ = medium_;
  closed_ = absl::OkStatus();
  return live_.extent();
}

absl::Status FaultyJournal::IdleImpl() {
  MutexLock lock(&mu_);
  NSD_RETURN_IF_ERROR(closed_);
  SyncTail();
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Record>> FaultyJournal::HistoryImpl(Revision from, Revision to,
                                                               std::int64_t limit) {
  MutexLock lock(&mu_);
  NSD_RETURN_IF_ERROR(closed_);
  return live_.History(from, to, limit);
}

absl::StatusOr<Revision> FaultyJournal::BackupImpl(const std::string& path) {
  std::optional<MemoryStore> copy;  // no disk under the lock
  {
    MutexLock lock(&mu_);
    NSD_RETURN_IF_ERROR(closed_);
    copy = live_;
  }
  NSD_RETURN_IF_ERROR(WriteBackup(*copy, path));
  return copy->extent().head;
}

}  // namespace netstackd::storage
