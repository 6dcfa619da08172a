#include "tests/crash/lives.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "client/sdk/channel_stub.h"

namespace netstackd::crash {
namespace {

using testing_support::ServerProcess;

constexpr absl::Duration kReadyWithin = absl::Seconds(60);

absl::Duration RandomUpTo(absl::Duration most, std::mt19937_64* random) {
  return std::uniform_real_distribution<double>(0.0, 1.0)(*random) * most;
}

// 1 to `most`, each power of two as likely as any other.
std::int64_t RandomMagnitude(double most, std::mt19937_64* random) {
  const double power = std::uniform_real_distribution<double>(0.0, std::log2(most))(*random);
  return static_cast<std::int64_t>(std::exp2(power));
}

Failpoint RandomStep(std::mt19937_64* random) {
  // kAny three times as often: it reaches every call in its turn.
  const auto pick = std::uniform_int_distribution<int>(-2, kSteps - 1)(*random);
  Failpoint step;
  step.step = static_cast<Step>(std::max(pick, 0));
  const bool rare = step.step == Step::kOpen || step.step == Step::kTruncate ||
                    step.step == Step::kUnlink || step.step == Step::kRename ||
                    step.step == Step::kMakeDirectory;
  step.nth = RandomMagnitude(rare ? 8 : 300, random);
  step.when = static_cast<Failpoint::When>(std::uniform_int_distribution<int>(0, 2)(*random));
  return step;
}

}  // namespace

const char* NameOf(Death::Kind kind) {
  switch (kind) {
    case Death::Kind::kRandom:
      return "while it served";
    case Death::Kind::kStartUp:
      return "while it started";
    case Death::Kind::kStop:
      return "while it stopped";
    case Death::Kind::kStep:
      return "at a step";
    case Death::Kind::kNone:
      break;
  }
  return "clean stop";
}

Death RandomDeath(std::mt19937_64* random) {
  Death death;
  const auto pick = std::uniform_int_distribution<int>(0, 9)(*random);
  death.kind = pick < 4   ? Death::Kind::kRandom
               : pick < 8 ? Death::Kind::kStep
               : pick < 9 ? Death::Kind::kStartUp
                          : Death::Kind::kStop;
  death.calls = RandomMagnitude(200, random);
  death.after = RandomUpTo(
      death.kind == Death::Kind::kStop ? absl::Milliseconds(12) : absl::Milliseconds(25), random);
  if (death.kind == Death::Kind::kStep) death.step = RandomStep(random);
  return death;
}

absl::StatusOr<std::unique_ptr<Lives>> Lives::Begin(const LifeOptions& options) {
  std::unique_ptr<Lives> lives(new Lives(options));
  if (!options.product) {
    NSD_ASSIGN_OR_RETURN(lives->nursery_,
                         Nursery::Start(testing_support::BesideThisProgram("crash_server")));
  }
  return lives;
}

absl::Status Lives::Launch(const Death& death) {
  process_.reset();
  ServerProcess::LaunchOptions launch;
  if (!options_.product) {
    launch.command = {"crash_server", "--tidy"};
    if (options_.early_ack_ms >= 0) {
      launch.command.push_back(absl::StrCat("--early_ack=", options_.early_ack_ms));
    }
    if (options_.forgetful) launch.command.push_back("--forgetful");
    if (death.kind == Death::Kind::kStep) {
      launch.command.push_back("--die=" + ToString(death.step));
      launch.command.push_back("--state=" + directory() + "/state");
      launch.command.push_back("--death_file=" + directory() + "/deaths");
    }
    launch.command.push_back("--");
    launch.spawn = [this](std::vector<std::string> arguments, const std::string& log) {
      arguments.erase(arguments.begin());
      return nursery_->Spawn(arguments, log);
    };
  }
  std::ofstream(directory() + "/log", std::ios::trunc).close();
  NSD_ASSIGN_OR_RETURN(process_, ServerProcess::Launch(directory(), launch));
  return absl::OkStatus();
}

absl::StatusOr<bool> Lives::AwaitReady() {
  const absl::Status ready = process_->AwaitReady(kReadyWithin);
  if (ready.ok()) return true;
  if (process_->Ended() && process_->was_killed()) return false;
  return ready;
}

std::vector<std::shared_ptr<Stub>> Lives::Connect(int count) const {
  std::vector<std::shared_ptr<Stub>> stubs;
  for (int i = 0; i < count; ++i) {
    stubs.push_back(sdk::MakeChannelStub(sdk::MakeChannel(process_->address(), "crash-test")));
  }
  return stubs;
}

std::map<std::string, std::int64_t> Lives::StepsDied() const {
  std::map<std::string, std::int64_t> steps;
  std::ifstream in(directory() + "/deaths");
  for (std::string line; std::getline(in, line);) ++steps[line];
  return steps;
}

}  // namespace netstackd::crash
