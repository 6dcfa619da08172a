// netstackd with a death in it.
//
//   crash_server [OPTION...] -- ARGUMENTS-OF-NETSTACKD
//   crash_server --nursery
//
// OPTION
//   --die=STEP:NTH:WHEN  kills itself at this call on the files of the state directory, see
//                        failpoint.h; needs --state=DIR and --death_file=FILE
//   --early_ack=MS       answers before the commit, which follows MS milliseconds later
//   --forgetful          forgets at a start who asked for what
//   --tidy               checkpoints in small chunks, keeps little in memory, and compacts what it
//                        is told to, however young
//
// A nursery reads one command line for each life from stdin, arguments separated by tabs, the file
// of its log first, and answers with the pid of a process that leads it: forked, a server starts
// several times as fast as executed. The process is orphaned, so it becomes a child of the nearest
// process above that takes orphans.
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "server/daemon/program.h"
#include "tests/crash/failpoint.h"
#include "tests/crash/wrong_journals.h"

namespace netstackd::crash {
namespace {

struct Options {
  std::string die;
  std::string state;
  std::string death_file;
  int early_ack_ms = -1;  // below 0: not at all
  bool forgetful = false;
  bool tidy = false;
};

// Takes "--name=value"; false if `argument` is another one.
bool TakeValue(const std::string& argument, const std::string& name, std::string* value) {
  if (!absl::StartsWith(argument, "--" + name + "=")) return false;
  *value = argument.substr(name.size() + 3);
  return true;
}

bool Parse(const std::vector<std::string>& arguments, Options* options,
           std::vector<std::string>* rest) {
  std::size_t i = 0;
  for (; i < arguments.size() && arguments[i] != "--"; ++i) {
    std::string number;
    if (arguments[i] == "--tidy") {
      options->tidy = true;
    } else if (arguments[i] == "--forgetful") {
      options->forgetful = true;
    } else if (TakeValue(arguments[i], "early_ack", &number)) {
      if (!absl::SimpleAtoi(number, &options->early_ack_ms)) return false;
    } else if (!TakeValue(arguments[i], "die", &options->die) &&
               !TakeValue(arguments[i], "state", &options->state) &&
               !TakeValue(arguments[i], "death_file", &options->death_file)) {
      return false;
    }
  }
  if (i == arguments.size()) return false;
  rest->assign(arguments.begin() + static_cast<std::ptrdiff_t>(i) + 1, arguments.end());
  return true;
}

void KeepTidy(executor::Options* options) {
  options->history_age_min = absl::ZeroDuration();
  options->recent_max = 20;
  options->floor_lag_max = 30;
  options->checkpoint_chunk = 7;
}

int Live(const std::vector<std::string>& arguments) {
  Options options;
  std::vector<std::string> rest;
  if (!Parse(arguments, &options, &rest)) {
    std::cerr << "crash_server: wrong arguments, see its first lines\n";
    return 2;
  }
  if (!options.die.empty()) {
    const auto failpoint = ParseFailpoint(options.die);
    if (!failpoint) return 2;
    ArmFailpoint(options.state, *failpoint, options.death_file);
  }
  daemon::Parts parts;
  if (options.tidy) parts.executor = KeepTidy;
  if (options.early_ack_ms >= 0) {
    parts.journal = [&options](std::unique_ptr<storage::Journal> behind) {
      return std::make_unique<EarlyJournal>(std::move(behind),
                                            absl::Milliseconds(options.early_ack_ms));
    };
  }
  if (options.forgetful) {
    parts.journal = [](std::unique_ptr<storage::Journal> behind) {
      return std::make_unique<ForgetfulJournal>(std::move(behind));
    };
  }
  rest.insert(rest.begin(), "netstackd");
  std::vector<char*> argv;
  for (std::string& argument : rest) argv.push_back(argument.data());
  argv.push_back(nullptr);
  return daemon::RunProgram(static_cast<int>(rest.size()), argv.data(), parts);
}

void RedirectOutput(const std::string& log) {
  const int fd = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (fd < 0 || null < 0) _exit(2);
  dup2(null, STDIN_FILENO);
  dup2(fd, STDOUT_FILENO);
  dup2(fd, STDERR_FILENO);
  close(fd);
  close(null);
}

// Returns in the new life only, with its arguments.
std::vector<std::string> Breed() {
  auto* const shared = static_cast<pid_t*>(
      mmap(nullptr, sizeof(pid_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  if (shared == MAP_FAILED) _exit(2);
  std::string line;
  while (std::getline(std::cin, line)) {
    std::vector<std::string> arguments = absl::StrSplit(line, '\t');
    const pid_t middle = fork();
    if (middle != 0) {
      waitpid(middle, nullptr, 0);  // from here on the life is an orphan
      std::printf("%d\n", static_cast<int>(*shared));
      std::fflush(stdout);
      continue;
    }
    const pid_t parent = getpid();
    const pid_t life = fork();
    if (life != 0) {
      *shared = life;
      _exit(0);
    }
    while (getppid() == parent) sched_yield();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    RedirectOutput(arguments.front());
    arguments.erase(arguments.begin());
    return arguments;
  }
  _exit(0);
}

}  // namespace
}  // namespace netstackd::crash

int main(int argc, char** argv) {
  std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments == std::vector<std::string>{"--nursery"}) arguments = netstackd::crash::Breed();
  return netstackd::crash::Live(arguments);
}
