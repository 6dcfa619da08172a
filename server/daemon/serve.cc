#include "server/daemon/serve.h"

#include <spdlog/spdlog.h>

#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "server/codec/journal_codec.h"
#include "server/daemon/ready_file.h"
#include "server/daemon/signals.h"
#include "server/daemon/sockets.h"
#include "server/daemon/tuning.h"
#include "server/daemon/upgrade.h"
#include "server/executor/executor.h"
#include "server/rpc/limits.h"
#include "server/rpc/listener.h"
#include "server/rpc/server.h"
#include "storage/sqlite/sqlite_journal.h"

namespace netstackd::daemon {
namespace {

absl::StatusOr<std::vector<rpc::Listener>> ListenersOf(const Serve& options) {
  std::vector<std::string> texts = options.listen;
  if (texts.empty()) texts.push_back("unix:" + options.state_dir + "/netstackd.sock");
  std::vector<rpc::Listener> listeners;
  for (const std::string& text : texts) {
    NSD_ASSIGN_OR_RETURN(rpc::Listener listener, rpc::ParseListener(text));
    listeners.push_back(std::move(listener));
  }
  return listeners;
}

// What a crash left of backups that were being streamed.
void RemoveOldScratch(const std::string& dir) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(dir, error)) {
    const std::string name = entry.path().filename().string();
    if (name.compare(0, std::string(rpc::kBackupPrefix).size(), rpc::kBackupPrefix) != 0) continue;
    spdlog::info("removing {}, left by a backup that did not end", name);
    std::filesystem::remove(entry.path(), error);
  }
}

// `journal` outlives the options.
executor::Options ExecutorOptionsOf(const Serve& options, const Parts& parts,
                                    storage::Journal* journal) {
  executor::Options executor;
  executor.before_upgrade = [journal, dir = options.state_dir](
                                std::uint32_t format, storage::Revision head) -> absl::Status {
    NSD_ASSIGN_OR_RETURN(
        const std::string path,
        BackupBeforeUpgrade(*journal, storage::FileSystem::Real(), dir, format, head));
    spdlog::warn("from now on this journal is written in format {}; as it was before it is in {}",
                 codec::kJournalFormat, path);
    return absl::OkStatus();
  };
  executor.history_max = options.history_max;
  executor.history_bytes_max = options.history_bytes_max;
  executor.history_age_max = options.history_age_max;
  if (parts.executor) parts.executor(&executor);
  return executor;
}

absl::StatusOr<std::unique_ptr<storage::Journal>> OpenJournal(const Serve& options,
                                                              const Parts& parts) {
  storage::sqlite::Options journal_options;
  journal_options.warn = [](const std::string& text) { spdlog::warn("{}", text); };
  auto journal = storage::sqlite::Open(options.state_dir, journal_options);
  if (!journal.ok() || !parts.journal) return journal;
  return parts.journal(*std::move(journal));
}

void LogRecovery(const executor::Status& status) {
  spdlog::info("store {} at revision {}: {} objects and {} transactions read back in {}",
               status.store_id, status.extent.head, status.recovered_objects,
               status.recovered_records,
               absl::FormatDuration(absl::Trunc(status.recovery, absl::Microseconds(1))));
  if (!status.writable) spdlog::warn("the store is read-only: {}", status.read_only_reason);
}

absl::StatusOr<std::unique_ptr<rpc::Server>> Listen(const std::vector<rpc::Listener>& listeners,
                                                    const Serve& options,
                                                    const executor::Options& limits,
                                                    executor::Executor* executor) {
  for (const rpc::Listener& listener : listeners) {
    if (!listener.path.empty()) NSD_RETURN_IF_ERROR(CheckSocketPath(listener.path));
  }
  rpc::ServerOptions server;
  server.listeners = listeners;
  server.version = NETSTACKD_VERSION;
  server.scratch_dir = options.state_dir;
  server.executor = limits;
  const SocketModeScope mode;
  return rpc::Server::Start(server, executor);
}

}  // namespace

absl::Status RunServer(const Serve& options, const Parts& parts) {
  TuneProcess();
  NSD_ASSIGN_OR_RETURN(const auto listeners, ListenersOf(options));
  ReadyFile ready(options.ready_file);

  NSD_ASSIGN_OR_RETURN(const std::unique_ptr<storage::Journal> journal,
                       OpenJournal(options, parts));
  RemoveOldScratch(options.state_dir);
  const executor::Options executor_options = ExecutorOptionsOf(options, parts, journal.get());
  NSD_ASSIGN_OR_RETURN(const std::unique_ptr<executor::Executor> executor,
                       executor::Executor::Start(executor_options, journal.get()));
  LogRecovery(executor->GetStatus());

  NSD_ASSIGN_OR_RETURN(const std::unique_ptr<rpc::Server> server,
                       Listen(listeners, options, executor_options, executor.get()));
  for (const std::string& address : server->addresses()) spdlog::info("listening on {}", address);
  NSD_RETURN_IF_ERROR(ready.Write(server->addresses()));

  const char* const signal = WaitForStopSignal();
  spdlog::info("{}: stopping; calls that run have {} to end", signal,
               absl::FormatDuration(options.shutdown_deadline));
  server->Stop(options.shutdown_deadline);
  spdlog::info("stopped at revision {}", executor->GetStatus().extent.head);
  return absl::OkStatus();
}

}  // namespace netstackd::daemon
