#include "tests/power/life.h"

#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "storage/sqlite/revision_file.h"
#include "storage/sqlite/sqlite_journal.h"

namespace netstackd::power {
namespace {

constexpr int kAttemptsMax = 12;

executor::Options OptionsOf(const Clock* clock) {
  executor::Options options;
  options.clock = clock;
  options.history_age_min = absl::Seconds(10);
  options.history_max = 60;
  options.floor_lag_max = 40;
  options.checkpoint_chunk = 7;
  return options;
}

}  // namespace

Life::Life(storage::SimulatedDisk* disk, Ledger* ledger, const LifeOptions& options)
    : disk_(disk),
      ledger_(ledger),
      options_(options),
      clock_(options.begin),
      script_(options.seed, options.name) {}

Life::~Life() = default;

void Life::Run() {
  if (!Open() || !Recover()) return;
  // One request alone: what comes first must not depend on how fast the writer wakes up.
  first_ = Step{Step::Kind::kAsk, {script_.Anchor()}};
  Begin();
  {
    MutexLock lock(&mu_);
    while (!over_) ended_.Wait(&mu_);
  }
  executor_->Stop(absl::InfiniteDuration());
  executor_.reset();
  journal_.reset();
}

bool Life::Open() {
  storage::sqlite::Options options;
  options.files = disk_;
  options.warn = [this](const std::string& warning) { warnings_.push_back(warning); };
  auto journal = storage::sqlite::Open(kDirectory, options);
  if (!journal.ok()) {
    ledger_->Complain(absl::StrCat("the journal does not open: ", journal.status().ToString()));
    return false;
  }
  std::unique_ptr<storage::Journal> opened = *std::move(journal);
  if (options_.hasty) opened = std::make_unique<HastyJournal>(std::move(opened));
  journal_ = std::make_unique<WitnessJournal>(std::move(opened), ledger_);
  journal_->OnIdle([this] {
    if (std::exchange(idling_, false)) Arrived();
  });
  // The side file was synced before anything was acknowledged.
  if (!warnings_.empty() && ledger_->promised()) ledger_->Complain(warnings_.front());
  return true;
}

bool Life::Recover() {
  auto started = executor::Executor::Start(OptionsOf(&clock_), journal_.get());
  if (!started.ok()) {
    ledger_->Complain(absl::StrCat("there is no recovery: ", started.status().ToString()));
    return false;
  }
  executor_ = *std::move(started);
  Found found;
  found.extent = journal_->extent();
  auto records = journal_->History(found.extent.first, found.extent.head,
                                   std::numeric_limits<std::int64_t>::max());
  if (!records.ok()) {
    ledger_->Complain(absl::StrCat("there is no history: ", records.status().ToString()));
    return false;
  }
  found.records = *std::move(records);
  executor_->Read([&found](const core::State& state, Revision revision) {
    found.objects = ObjectsOf(state);
    found.published = revision;
  });
  ledger_->Check(found);
  CheckSideFile();
  return true;
}

void Life::CheckSideFile() {
  const auto file =
      storage::sqlite::RevisionFile::Open(*disk_, absl::StrCat(kDirectory, "/REVISION"));
  if (!file.ok() || !file->found()) {
    ledger_->Complain("the file REVISION says nothing");
  } else if (file->found()->revision != journal_->extent().head ||
             file->found()->store_id != journal_->store_id()) {
    ledger_->Complain(absl::StrCat("the file REVISION says ", file->found()->revision,
                                   ", the journal ends at ", journal_->extent().head));
  }
}

void Life::Begin() {
  Step step;
  if (begun_ == 0) {
    step = *first_;
  } else if (begun_ == 1) {
    step.requests = ledger_->ToRepeat(options_.seed);
  } else if (begun_ <= options_.steps + 1) {
    step = script_.Next();
    clock_.Advance(absl::Seconds(1));
  } else {
    return Finish();
  }
  ++begun_;
  if (step.kind == Step::Kind::kAsk && step.requests.empty()) return Begin();
  {
    MutexLock lock(&mu_);
    open_ = step.kind == Step::Kind::kAsk ? static_cast<int>(step.requests.size()) : 1;
  }
  switch (step.kind) {
    case Step::Kind::kAsk:
      for (const RequestPtr& request : step.requests) Ask(request, 1);
      break;
    case Step::Kind::kCompact:
      executor_->Compact(journal_->extent().head,
                         [this](const absl::StatusOr<Revision>&) { Arrived(); });
      break;
    case Step::Kind::kBackup:
      executor_->Backup(absl::StrCat("/backup-", options_.name, "-", ++backups_),
                        [this](const absl::StatusOr<Revision>& head) {
                          if (!head.ok() && !options_.patient) {
                            ledger_->Complain(head.status().ToString());
                          }
                          Arrived();
                        });
      break;
    case Step::Kind::kIdle:
      // Not from the answer to a request: that would count as work of this very moment.
      executor_->Compact(0, [this](const absl::StatusOr<Revision>&) {
        idling_ = true;
        clock_.Advance(absl::Seconds(6));
      });
      break;
  }
}

void Life::Ask(const RequestPtr& request, int attempt) {
  ledger_->Ask(request);
  const absl::Status submitted = executor_->Submit(
      *request, [this, request, attempt](const absl::StatusOr<executor::Outcome>& outcome) {
        Answered(request, attempt, outcome);
      });
  if (submitted.ok()) return;
  ledger_->Complain(submitted.ToString());
  Arrived();
}

void Life::Answered(const RequestPtr& request, int attempt,
                    const absl::StatusOr<executor::Outcome>& outcome) {
  ledger_->Tell(request->request_id, outcome);
  const auto reason = ReasonOf(outcome.status());
  const bool disk_failed = reason == ErrorReason::kStoreReadOnly ||
                           reason == ErrorReason::kResourceExhausted ||
                           reason == ErrorReason::kOutcomeUnknown;
  if (disk_failed && !options_.patient) ledger_->Complain(outcome.status().ToString());
  if (disk_failed && attempt < kAttemptsMax) {
    clock_.Advance(absl::Seconds(1));
    return Ask(request, attempt + 1);
  }
  Arrived();
}

void Life::Arrived() {
  {
    MutexLock lock(&mu_);
    if (--open_ > 0) return;
  }
  Begin();
}

void Life::Finish() {
  MutexLock lock(&mu_);
  over_ = true;
  ended_.NotifyAll();
}

}  // namespace netstackd::power
