#include "server/daemon/program.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <iostream>
#include <string>

#include "base/error.h"
#include "server/daemon/options.h"
#include "server/daemon/signals.h"
#include "storage/sqlite/restore.h"
#include "storage/sqlite/sqlite_journal.h"

namespace netstackd::daemon {
namespace {

enum ExitCode { kOk = 0, kFailed = 1, kHeld = 3, kDamaged = 4 };

int ExitCodeOf(const absl::Status& status) {
  const auto details = DetailsOf(status);
  if (!details) return kFailed;
  if (details->metadata.contains("pid")) return kHeld;
  return details->reason == ErrorReason::kJournalCorrupt ? kDamaged : kFailed;
}

int Report(const absl::Status& status) {
  if (status.ok()) return kOk;
  const auto details = DetailsOf(status);
  std::cerr << "netstackd: " << status.message();
  if (details) std::cerr << " [" << RowOf(details->reason).name << "]";
  std::cerr << "\n";
  if (details && details->metadata.contains("pid")) {
    std::cerr << "netstackd: stop process " << details->metadata.at("pid")
              << " first, or give another directory\n";
  }
  return ExitCodeOf(status);
}

void SetUpLog(const std::string& level) {
  auto logger = spdlog::stderr_color_mt("netstackd");
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %^%l%$ %v", spdlog::pattern_time_type::utc);
  logger->set_level(spdlog::level::from_str(level));
  spdlog::set_default_logger(std::move(logger));
}

struct Run {
  const Parts& parts;

  int operator()(const Done& done) const { return done.exit_code; }

  int operator()(const Serve& serve) const {
    SetUpLog(serve.log_level);
    return Report(RunServer(serve, parts));
  }

  int operator()(const Restore& restore) const {
    const auto restored = storage::sqlite::Restore(restore.file, restore.state_dir);
    if (!restored.ok()) return Report(restored.status());
    std::cout << "restored revision " << restored->head << " to " << restore.state_dir
              << "; the store is now " << restored->store_id << "\n";
    return kOk;
  }

  int operator()(const AcceptLoss& loss) const {
    const auto accepted = storage::sqlite::AcceptLoss(loss.state_dir);
    if (!accepted.ok()) return Report(accepted.status());
    std::cout << "the journal ends at revision " << accepted->head << ", not "
              << accepted->acknowledged << "; the store is now " << accepted->store_id << "\n";
    return kOk;
  }
};

}  // namespace

int RunProgram(int argc, char** argv, const Parts& parts) {
  BlockStopSignals();
  return std::visit(Run{parts}, ParseCommand(argc, argv));
}

}  // namespace netstackd::daemon
