#include "tests/crash/nursery.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace netstackd::crash {

absl::StatusOr<std::unique_ptr<Nursery>> Nursery::Start(const std::string& program) {
  int to[2];
  int from[2];
  if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0 || pipe2(to, O_CLOEXEC) != 0) {
    return absl::UnavailableError("no nursery: the system refuses");
  }
  if (pipe2(from, O_CLOEXEC) != 0) {
    close(to[0]);
    close(to[1]);
    return absl::UnavailableError("no nursery: no pipe");
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, to[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, from[1], STDOUT_FILENO);
  std::string name = program;
  std::string option = "--nursery";
  char* argv[] = {name.data(), option.data(), nullptr};
  pid_t pid = -1;
  const int error = posix_spawn(&pid, program.c_str(), &actions, nullptr, argv, environ);
  posix_spawn_file_actions_destroy(&actions);
  close(to[0]);
  close(from[1]);
  if (error != 0) {
    close(to[1]);
    close(from[0]);
    return absl::UnavailableError(absl::StrCat("no nursery: cannot start ", program));
  }
  return std::unique_ptr<Nursery>(new Nursery(pid, fdopen(to[1], "w"), fdopen(from[0], "r")));
}

Nursery::~Nursery() {
  std::fclose(to_);
  waitpid(pid_, nullptr, 0);
  std::fclose(from_);
}

pid_t Nursery::Spawn(const std::vector<std::string>& arguments, const std::string& log) {
  std::fprintf(to_, "%s\t%s\n", log.c_str(), absl::StrJoin(arguments, "\t").c_str());
  std::fflush(to_);
  int pid = -1;
  return std::fscanf(from_, "%d", &pid) == 1 ? pid : -1;
}

}  // namespace netstackd::crash
