#include "tests/support/server_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <climits>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "absl/time/clock.h"

namespace netstackd::testing_support {
namespace {

std::string ReadAll(const std::string& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

pid_t Spawn(const std::vector<std::string>& args, const std::string& log) {
  std::vector<char*> argv;
  for (const std::string& arg : args) argv.push_back(const_cast<char*>(arg.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(),
                                   O_WRONLY | O_CREAT | O_APPEND, 0600);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  pid_t pid = -1;
  const int error = posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  return error == 0 ? pid : -1;
}

}  // namespace

std::string BesideThisProgram(const std::string& name) {
  char path[PATH_MAX];
  const ssize_t size = readlink("/proc/self/exe", path, sizeof path);
  const std::filesystem::path own(std::string(path, size > 0 ? static_cast<std::size_t>(size) : 0));
  for (const auto& folder : {own.parent_path(), own.parent_path().parent_path() / "bin",
                             own.parent_path().parent_path().parent_path() / "bin"}) {
    if (std::filesystem::exists(folder / name)) return folder / name;
  }
  return name;
}

ServerProcess::ServerProcess(const std::string& directory, pid_t pid)
    : address_("unix:" + directory + "/socket"),
      ready_(directory + "/ready"),
      log_(directory + "/log"),
      pid_(pid) {}

absl::StatusOr<std::unique_ptr<ServerProcess>> ServerProcess::Launch(const std::string& directory,
                                                                     const LaunchOptions& options) {
  std::vector<std::string> command = options.command;
  if (command.empty()) command.push_back(BesideThisProgram("netstackd"));
  const std::string program = command.front();
  for (const std::string& argument :
       {std::string("serve"), "--state_dir=" + directory + "/state",
        "--listen=unix:" + directory + "/socket", "--ready_file=" + directory + "/ready"}) {
    command.push_back(argument);
  }
  command.insert(command.end(), options.arguments.begin(), options.arguments.end());
  std::filesystem::remove(directory + "/ready");
  const std::string log = directory + "/log";
  const pid_t pid = options.spawn ? options.spawn(command, log) : Spawn(command, log);
  if (pid < 0) return absl::UnavailableError("cannot start " + program);
  return std::unique_ptr<ServerProcess>(new ServerProcess(directory, pid));
}

absl::StatusOr<std::unique_ptr<ServerProcess>> ServerProcess::Start(const std::string& directory,
                                                                    const std::string& program) {
  LaunchOptions options;
  if (!program.empty()) options.command.push_back(program);
  auto server = Launch(directory, options);
  if (!server.ok()) return server;
  const absl::Status ready = (*server)->AwaitReady(absl::Seconds(30));
  if (!ready.ok()) return ready;
  return server;
}

absl::Status ServerProcess::AwaitReady(absl::Duration within) {
  const absl::Time until = absl::Now() + within;
  while (!std::filesystem::exists(ready_)) {
    if (Ended()) return absl::UnavailableError("the server ended: " + ReadAll(log_));
    if (absl::Now() > until) return absl::UnavailableError("not ready: " + ReadAll(log_));
    const timespec pause = {0, 1'000'000};  // polls a file the server makes; nothing to wait on
    nanosleep(&pause, nullptr);
  }
  return absl::OkStatus();
}

ServerProcess::~ServerProcess() { Kill(); }

bool ServerProcess::Ended() {
  if (pid_ > 0 && waitpid(pid_, &status_, WNOHANG) == pid_) pid_ = -1;
  return pid_ <= 0;
}

void ServerProcess::AwaitEnd() {
  waitpid(pid_, &status_, 0);
  pid_ = -1;
}

void ServerProcess::Signal(int number) {
  if (pid_ > 0) kill(pid_, number);
}

void ServerProcess::Kill() {
  if (pid_ <= 0) return;
  Signal(SIGKILL);
  AwaitEnd();
}

int ServerProcess::Stop() {
  if (pid_ <= 0) return -1;
  Signal(SIGTERM);
  AwaitEnd();
  return exit_status();
}

bool ServerProcess::was_killed() const {
  return WIFSIGNALED(status_) && WTERMSIG(status_) == SIGKILL;
}

int ServerProcess::exit_status() const { return WIFEXITED(status_) ? WEXITSTATUS(status_) : -1; }

}  // namespace netstackd::testing_support
