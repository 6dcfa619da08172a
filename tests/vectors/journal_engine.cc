#include <filesystem>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/status_macros.h"
#include "server/executor/executor.h"
#include "server/executor/recovery.h"
#include "storage/sqlite/sqlite_journal.h"
#include "storage/testing/temporary_directory.h"
#include "tests/vectors/targets.h"

namespace netstackd::vectors {
namespace {

template <typename T>
std::string FirstDifference(const core::State& live, const core::State& found, const char* kind) {
  const auto& left = live.table<T>();
  const auto& right = found.table<T>();
  if (left.size() != right.size())
    return absl::StrCat(right.size(), " ", kind, " recovered, ", left.size(), " live");
  for (const auto& [uid, image] : left) {
    const core::Image<T> other = found.image<T>(uid);
    if (other == nullptr || !(*other == *image))
      return absl::StrCat(kind, " ", uid.value(), " is not what it was");
  }
  return "";
}

std::string FirstDifference(const core::State& live, const core::State& found) {
  for (std::string difference : {FirstDifference<core::Group>(live, found, "groups"),
                                 FirstDifference<core::Interface>(live, found, "interfaces"),
                                 FirstDifference<core::Address>(live, found, "addresses"),
                                 FirstDifference<core::ArpEntry>(live, found, "ARP entries")}) {
    if (!difference.empty()) return difference;
  }
  return "";
}

class JournalEngine : public Engine {
 public:
  ~JournalEngine() override { Close(); }

  absl::Status Reset(core::Hooks* hooks, core::Trace* trace) override {
    Close();
    directory_ = std::make_unique<storage::testing_support::TemporaryDirectory>();
    clock_ = std::make_unique<FakeClock>(absl::UnixEpoch());
    NSD_ASSIGN_OR_RETURN(journal_, storage::sqlite::Open(directory_->path() + "/live"));
    executor::Options options;
    options.clock = clock_.get();
    options.hooks = hooks;
    options.trace = trace;
    NSD_ASSIGN_OR_RETURN(executor_, executor::Executor::Start(options, journal_.get()));
    return absl::OkStatus();
  }

  absl::StatusOr<core::Result> Run(const core::Transaction& transaction, absl::Time now) override {
    if (now > clock_->Now()) clock_->Advance(now - clock_->Now());
    core::Result result;
    executor::Request request;
    request.transaction = transaction;
    request.principal = "vectors";
    request.method = "vectors";
    request.answer = [&result](const core::State&, const core::Transition& transition,
                               const executor::Outcome&) {
      result = transition.results.front();
      return std::string();
    };
    NSD_RETURN_IF_ERROR(executor_->Execute(std::move(request)).status());
    return result;
  }

  void Read(const std::function<void(const core::State&)>& read) const override {
    executor_->Read([&read](const core::State& state, executor::Revision) { read(state); });
  }

  // Recovers from a copy of the files as they lie there, as after a kill.
  absl::Status Verify(absl::Time) override {
    executor_->Flush();
    const std::string copy = directory_->path() + "/copy";
    std::error_code error;
    std::filesystem::remove_all(copy, error);
    std::filesystem::copy(directory_->path() + "/live", copy, error);
    if (error) return absl::InternalError("copy: " + error.message());
    NSD_ASSIGN_OR_RETURN(const auto journal, storage::sqlite::Open(copy));
    NSD_ASSIGN_OR_RETURN(const auto recovered, executor::Recover(*journal));
    std::string difference;
    Read([&](const core::State& live) { difference = FirstDifference(live, recovered.state); });
    if (difference.empty()) return absl::OkStatus();
    return absl::DataLossError("recovery: " + difference);
  }

 private:
  void Close() {
    executor_.reset();
    journal_.reset();
    directory_.reset();
  }

  std::unique_ptr<storage::testing_support::TemporaryDirectory> directory_;
  std::unique_ptr<FakeClock> clock_;
  std::unique_ptr<storage::Journal> journal_;
  std::unique_ptr<executor::Executor> executor_;
};

}  // namespace

std::unique_ptr<Engine> MakeJournalEngine() { return std::make_unique<JournalEngine>(); }

}  // namespace netstackd::vectors
