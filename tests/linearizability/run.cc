#include "tests/linearizability/run.h"

#include <map>
#include <memory>
#include <random>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/clock.h"
#include "tests/crash/gate.h"
#include "tests/linearizability/checker.h"
#include "tests/linearizability/client.h"

namespace netstackd::linearizability {
namespace {

constexpr int kConnections = 4;
constexpr absl::Duration kLifeMax = absl::Seconds(2);

class Run {
 public:
  explicit Run(const RunOptions& options);
  RunReport Go();

 private:
  void Round();
  void Live(const crash::Death& death, bool last);
  void CheckAll();
  void Find(const std::string& what) { report_.findings.push_back(what); }

  const RunOptions options_;
  const absl::Duration started_ = Clock::Real().Steady();
  std::mt19937_64 random_;
  crash::Gate gate_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::unique_ptr<crash::Lives> lives_;
  RunReport report_;
};

Run::Run(const RunOptions& options)
    : options_(options), random_(options.seed), gate_(options.clients) {
  for (int i = 0; i < options.clients; ++i) {
    clients_.push_back(std::make_unique<Client>(options.seed, i, &gate_));
  }
}

RunReport Run::Go() {
  auto lives = crash::Lives::Begin(options_.life);
  if (!lives.ok()) {
    Find(lives.status().ToString());
    return std::move(report_);
  }
  lives_ = *std::move(lives);
  std::vector<std::thread> threads;
  for (const auto& client : clients_) threads.emplace_back([&client] { client->Run(); });
  gate_.AwaitAll();
  while (report_.findings.empty() && report_.rounds < options_.rounds_max &&
         Clock::Real().Steady() - started_ < options_.time_max) {
    Round();
  }
  gate_.End();
  for (std::thread& thread : threads) thread.join();
  report_.time = Clock::Real().Steady() - started_;
  return std::move(report_);
}

void Run::Round() {
  std::vector<std::string> objects;
  for (int i = 0; i < options_.objects; ++i) {
    objects.push_back(absl::StrCat("zones/global/groups/r", report_.rounds, "-", i));
  }
  for (const auto& client : clients_) client->Begin(objects);
  for (int i = 0; i < options_.lives && report_.findings.empty(); ++i) {
    crash::Death death = crash::RandomDeath(&random_);
    death.calls = options_.calls;
    Live(death, false);
  }
  // The requests that are open are answered, or their clients have given up.
  if (report_.findings.empty()) Live(crash::Death(), true);
  CheckAll();
  ++report_.rounds;
}

void Run::Live(const crash::Death& death, bool last) {
  const absl::Status launched = lives_->Launch(death);
  const absl::StatusOr<bool> ready = launched.ok() ? lives_->AwaitReady() : launched;
  if (!ready.ok()) return Find(ready.status().ToString());
  if (*ready) {
    gate_.Open({lives_->Connect(kConnections), 1, last});
    if (last) {
      gate_.AwaitAll();
    } else {
      gate_.Await(death.kind == crash::Death::Kind::kStep ? 10 * death.calls : death.calls,
                  kLifeMax);
    }
  }
  lives_->process().Kill();
  gate_.AwaitAll();
  if (lives_->process().was_killed()) ++report_.kills;
}

void Run::CheckAll() {
  std::map<std::string, History> histories;
  for (const auto& client : clients_) {
    for (const auto& [object, noted] : client->noted()) {
      History& history = histories[object];
      history.insert(history.end(), noted.begin(), noted.end());
    }
    for (const std::string& odd : client->odd()) Find(odd);
  }
  for (const auto& [object, history] : histories) {
    ++report_.histories;
    report_.operations += static_cast<std::int64_t>(history.size());
    for (const Operation& operation : history) {
      if (operation.outcome == Outcome::kUnknown) ++report_.unanswered;
    }
    const Verdict verdict = Check(history);
    if (verdict.kind == Verdict::Kind::kTooLong) ++report_.too_long;
    if (verdict.kind == Verdict::Kind::kNo) Find(absl::StrCat(object, ": ", verdict.why));
  }
}

}  // namespace

RunReport RunHistories(const RunOptions& options) { return Run(options).Go(); }

std::string ToText(const RunReport& report) {
  std::string text = absl::StrFormat(
      "%d rounds, %d histories, %d operations (%d given up without an answer), %d kills in %.1f s; "
      "%d histories too long to search\n",
      report.rounds, report.histories, report.operations, report.unanswered, report.kills,
      absl::ToDoubleSeconds(report.time), report.too_long);
  for (const std::string& finding : report.findings) {
    absl::StrAppend(&text, "WRONG: ", finding, "\n");
  }
  return text;
}

}  // namespace netstackd::linearizability
