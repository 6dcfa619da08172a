#include "tests/support/server_process.h"

#include <poll.h>
#include <signal.h>
#include <sys/inotify.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <climits>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "absl/time/clock.h"
#include "tests/support/child_process.h"

namespace netstackd::testing_support {
namespace {

std::string ReadAll(const std::string& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

// A file descriptor that is closed at the end of its block.
struct Descriptor {
  int number;
  ~Descriptor() {
    if (number >= 0) close(number);
  }
};

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
  const Descriptor process{pid_ > 0 ? static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)) : -1};
  const Descriptor made{inotify_init1(IN_CLOEXEC | IN_NONBLOCK)};
  const std::string directory = std::filesystem::path(ready_).parent_path();
  inotify_add_watch(made.number, directory.c_str(), IN_CREATE | IN_MOVED_TO);
  while (!std::filesystem::exists(ready_)) {
    if (Ended()) return absl::UnavailableError("the server ended: " + ReadAll(log_));
    const absl::Duration left = until - absl::Now();
    if (left <= absl::ZeroDuration()) {
      return absl::UnavailableError("not ready: " + ReadAll(log_));
    }
    pollfd either[] = {{process.number, POLLIN, 0}, {made.number, POLLIN, 0}};
    poll(either, 2, static_cast<int>(absl::ToInt64Milliseconds(left)) + 1);
    char events[4096];
    while (read(made.number, events, sizeof events) > 0) {
    }
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
