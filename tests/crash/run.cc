#include "tests/crash/run.h"

#include <signal.h>

#include <algorithm>
#include <memory>
#include <random>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/clock.h"
#include "tests/crash/checker.h"
#include "tests/crash/gate.h"
#include "tests/crash/onlookers.h"

namespace netstackd::crash {
namespace {

constexpr int kReaders = 2;
constexpr int kConnections = 4;
// A life that does not come to its death by then gets it.
constexpr absl::Duration kLifeMax = absl::Milliseconds(150);

class Run {
 public:
  explicit Run(const RunOptions& options);
  RunReport Go();

 private:
  void Live(const Death& death);
  void Serve(const Death& death);
  // Returns when the process has ended.
  void End(const Death& death);
  void Finish();
  void Wait(absl::Duration time);
  bool Over() const;
  void NotServing(const absl::Status& why);
  RunReport Report();

  const RunOptions options_;
  const absl::Duration started_ = Clock::Real().Steady();
  std::mt19937_64 random_;
  Findings findings_;
  Told told_;
  Gate gate_;
  Gate nobody_{1};  // to wait at
  std::vector<std::unique_ptr<Writer>> writers_;
  std::vector<std::unique_ptr<Reader>> readers_;
  Operator operator_;
  Checker checker_;
  std::unique_ptr<Lives> lives_;
  std::vector<std::thread> threads_;
  RunReport report_;
};

Run::Run(const RunOptions& options)
    : options_(options),
      random_(options.seed),
      gate_(options.writers + kReaders + 1),
      operator_(options.seed + 1, !options.script.empty(), &gate_, &told_, &findings_),
      checker_(&writers_, &told_, &findings_) {
  for (int i = 0; i < options.writers; ++i) {
    writers_.push_back(std::make_unique<Writer>(options.seed, i, &gate_, &told_, &findings_));
  }
  for (int i = 0; i < kReaders; ++i) {
    readers_.push_back(std::make_unique<Reader>(options.seed + 2 + static_cast<std::uint64_t>(i),
                                                options.writers, &gate_, &told_, &findings_));
  }
}

RunReport Run::Go() {
  auto lives = Lives::Begin(options_.life);
  if (!lives.ok()) {
    NotServing(lives.status());
    return Report();
  }
  lives_ = *std::move(lives);
  for (const auto& writer : writers_) threads_.emplace_back([&writer] { writer->Run(); });
  for (const auto& reader : readers_) threads_.emplace_back([&reader] { reader->Run(); });
  threads_.emplace_back([this] { operator_.Run(); });
  gate_.AwaitAll();
  for (const Death& death : options_.script) {
    if (!findings_.any()) Live(death);
  }
  while (options_.script.empty() && !Over()) Live(RandomDeath(&random_));
  if (!findings_.any()) Finish();
  lives_->process().Kill();
  gate_.AwaitAll();
  gate_.End();
  for (std::thread& thread : threads_) thread.join();
  return Report();
}

bool Run::Over() const {
  return findings_.any() || report_.kills >= options_.kills_max ||
         Clock::Real().Steady() - started_ >= options_.time_max;
}

void Run::NotServing(const absl::Status& why) {
  findings_.Add(Wrong::kNotServing, std::string(why.message()));
}

void Run::Wait(absl::Duration time) { nobody_.Await(1, time); }

void Run::Live(const Death& death) {
  const absl::Status launched = lives_->Launch(death);
  if (!launched.ok()) return NotServing(launched);
  if (death.kind == Death::Kind::kStartUp) {
    Wait(death.after);
  } else {
    const absl::StatusOr<bool> ready = lives_->AwaitReady();
    if (!ready.ok()) return NotServing(ready.status());
    if (*ready) Serve(death);
  }
  End(death);
  gate_.AwaitAll();
}

void Run::Serve(const Death& death) {
  const auto stubs = lives_->Connect(kConnections);
  const absl::Status checked = checker_.Check(stubs.front().get());
  if (!checked.ok()) {
    if (!IsOutage(checked) || death.kind != Death::Kind::kStep) NotServing(checked);
    return;  // it died at a step
  }
  ++report_.checks;
  if (findings_.any()) return;
  Connections connections{stubs, checker_.head() + 1, false};
  for (const auto& writer : writers_) {
    connections.keep_from = std::min(connections.keep_from, writer->needs_from());
  }
  gate_.Open(std::move(connections));
  if (death.kind == Death::Kind::kStep) {
    // Everybody is back when it dies.
    gate_.Await(death.stops ? death.calls : 100'000, kLifeMax);
  } else {
    gate_.Await(death.calls, kLifeMax);
    if (death.kind == Death::Kind::kRandom) Wait(death.after / 10);
  }
}

void Run::End(const Death& death) {
  testing_support::ServerProcess& process = lives_->process();
  if (death.kind == Death::Kind::kStop && !process.Ended()) {
    process.Signal(SIGTERM);
    Wait(death.after);
  }
  if (death.stops) {
    process.Signal(SIGTERM);
    gate_.AwaitAll();  // whoever is connected delays the end
    process.Stop();
  }
  process.Kill();
  if (process.was_killed()) {
    ++report_.kills;
    ++report_.deaths[NameOf(death.kind)];
  } else if (process.exit_status() != 0) {
    NotServing(absl::UnavailableError(
        absl::StrCat("the server ended by itself with status ", process.exit_status())));
  }
}

// Everybody gets the answers that are missing, then everything is compared once more.
void Run::Finish() {
  Death death;
  death.kind = Death::Kind::kNone;
  const absl::Status launched = lives_->Launch(death);
  if (!launched.ok()) return NotServing(launched);
  const absl::StatusOr<bool> ready = lives_->AwaitReady();
  if (!ready.ok()) return NotServing(ready.status());
  auto stubs = lives_->Connect(kConnections);
  absl::Status checked = checker_.Check(stubs.front().get());
  if (!checked.ok()) return NotServing(checked);
  gate_.Open({stubs, 1, true});
  gate_.AwaitAll();
  checked = checker_.Check(stubs.front().get());
  if (!checked.ok()) return NotServing(checked);
  checker_.CheckFinished();
  stubs.clear();  // whoever is connected delays the end
  if (const int status = lives_->process().Stop(); status != 0) {
    NotServing(absl::UnavailableError(absl::StrCat("a clean stop ends with status ", status)));
  }
}

RunReport Run::Report() {
  RunReport report = std::move(report_);
  report.findings = findings_.all();
  report.time = Clock::Real().Steady() - started_;
  if (lives_) report.steps = lives_->StepsDied();
  for (const auto& writer : writers_) {
    const WriterCounts& counts = writer->counts();
    report.counts.done += counts.done;
    report.counts.refused += counts.refused;
    report.counts.unanswered += counts.unanswered;
    report.counts.replayed += counts.replayed;
    report.counts.repeated += counts.repeated;
  }
  for (const auto& reader : readers_) report.reads += reader->reads();
  report.backups = operator_.backups();
  report.compactions = operator_.compactions();
  report.head = checker_.head();
  return report;
}

}  // namespace

RunReport RunCrashes(const RunOptions& options) { return Run(options).Go(); }

std::string ToText(const RunReport& report) {
  const double seconds = std::max(absl::ToDoubleSeconds(report.time), 0.001);
  std::string text = absl::StrFormat(
      "%d kills in %.1f s (%.1f a second), %d times checked, revision %d\n", report.kills, seconds,
      static_cast<double>(report.kills) / seconds, report.checks, report.head);
  for (const auto& [how, count] : report.deaths) {
    absl::StrAppend(&text, "  ", count, " ", how, "\n");
  }
  absl::StrAppendFormat(
      &text,
      "%d changes acknowledged, %d requests refused, %d attempts unanswered, %d of them done, "
      "%d repeated; %d reads, %d backups, %d compactions\n",
      report.counts.done, report.counts.refused, report.counts.unanswered, report.counts.replayed,
      report.counts.repeated, report.reads, report.backups, report.compactions);
  for (const auto& [step, count] : report.steps) {
    absl::StrAppend(&text, "  died at ", step, ": ", count, "\n");
  }
  for (const Finding& finding : report.findings) {
    absl::StrAppend(&text, "WRONG (", NameOf(finding.wrong), "): ", finding.what, "\n");
  }
  return text;
}

}  // namespace netstackd::crash
