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

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace netstackd::testing_support {
namespace {

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

absl::StatusOr<std::unique_ptr<ServerProcess>> ServerProcess::Start(const std::string& directory,
                                                                    const std::string& program) {
  const std::string binary = program.empty() ? BesideThisProgram("netstackd") : program;
  const std::string ready = directory + "/ready";
  const std::string log = directory + "/log";
  const std::string address = "unix:" + directory + "/socket";
  std::filesystem::remove(ready);
  const pid_t pid = Spawn({binary, "serve", "--state_dir=" + directory + "/state",
                           "--listen=" + address, "--ready_file=" + ready},
                          log);
  if (pid < 0) return absl::UnavailableError("cannot start " + binary);
  std::unique_ptr<ServerProcess> server(new ServerProcess(address, pid));
  const absl::Time until = absl::Now() + absl::Seconds(30);
  while (!std::filesystem::exists(ready)) {
    int status = 0;
    if (waitpid(pid, &status, WNOHANG) == pid) {
      server->pid_ = -1;
      return absl::UnavailableError(absl::StrCat("the server ended: ", ReadAll(log)));
    }
    if (absl::Now() > until) return absl::UnavailableError("not ready: " + ReadAll(log));
    const timespec pause = {0, 2'000'000};  // polls a file the server makes; nothing to wait on
    nanosleep(&pause, nullptr);
  }
  return server;
}

ServerProcess::~ServerProcess() { Kill(); }

void ServerProcess::Kill() {
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

int ServerProcess::Stop() {
  if (pid_ <= 0) return -1;
  kill(pid_, SIGTERM);
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace netstackd::testing_support
