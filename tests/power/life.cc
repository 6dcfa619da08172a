#include "tests/power/life.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "storage/sqlite/revision_file.h"
#include "storage/sqlite/sqlite_journal.h"

namespace netstackd::power {
namespace {

constexpr int kAttemptsMax = 12;
constexpr int kStartsMax = 20;
// Nothing has happened for so long.
constexpr absl::Duration kStuck = absl::Milliseconds(200);

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
  absl::Status started = Start();
  for (int i = 1; i < kStartsMax && options_.patient && !started.ok(); ++i) {
    if (started.code() == absl::StatusCode::kDataLoss) break;  // an error is no damage
    started = Start();
  }
  if (!started.ok()) {
    ledger_->Complain(absl::StrCat("the server does not start: ", started.ToString()));
    return;
  }
  CheckSideFile();
  // One request alone: what comes first must not depend on how fast the writer wakes up.
  first_ = Step{Step::Kind::kAsk, {script_.Anchor()}};
  Begin();
  AwaitEnd();
  executor_->Stop(absl::InfiniteDuration());
  executor_.reset();
  journal_.reset();
}

void Life::AwaitEnd() {
  MutexLock lock(&mu_);
  while (!over_) {
    const int before = answers_;
    ended_.WaitFor(&mu_, kStuck);
    if (before == answers_ && !over_ && options_.patient) {
      clock_.Advance(absl::Seconds(10));  // it waits for the next probe
    }
  }
}

absl::Status Life::Start() {
  executor_.reset();
  journal_.reset();
  storage::sqlite::Options options;
  options.files = disk_;
  options.warn = [this](const std::string& warning) { warnings_.push_back(warning); };
  NSD_ASSIGN_OR_RETURN(std::unique_ptr<storage::Journal> opened,
                       storage::sqlite::Open(kDirectory, options));
  // The side file was synced before anything was acknowledged.
  if (!warnings_.empty() && ledger_->promised()) ledger_->Complain(warnings_.front());
  if (options_.hasty) opened = std::make_unique<HastyJournal>(std::move(opened));
  journal_ = std::make_unique<WitnessJournal>(std::move(opened), ledger_);
  journal_->OnIdle([this] {
    if (std::exchange(idling_, false)) Arrived();
  });
  NSD_ASSIGN_OR_RETURN(executor_, executor::Executor::Start(OptionsOf(&clock_), journal_.get()));
  NSD_ASSIGN_OR_RETURN(const Found found, Look(*journal_, *executor_));
  ledger_->Check(found);
  return absl::OkStatus();
}

void Life::CheckSideFile() {
  const std::string path = absl::StrCat(kDirectory, "/REVISION");
  auto file = storage::sqlite::RevisionFile::Open(*disk_, path);
  if (!file.ok() && options_.patient) file = storage::sqlite::RevisionFile::Open(*disk_, path);
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
      executor_->Compact(0, [this](const absl::StatusOr<Revision>& first) {
        if (!first.ok()) return Arrived();
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
    ++answers_;
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
