// A real server, as its own process, on a unix socket in a directory of the test.
#ifndef NETSTACKD_TESTS_SUPPORT_SERVER_PROCESS_H_
#define NETSTACKD_TESTS_SUPPORT_SERVER_PROCESS_H_

#include <sys/types.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace netstackd::testing_support {

// The path of a program that was built with the running one; just `name` if there is none.
std::string BesideThisProgram(const std::string& name);

class ServerProcess {
 public:
  // Starts a program with these arguments, the first one being its path, with stdout and stderr
  // added to `log`; returns its pid, or -1. It is a child of this process.
  using Spawner =
      std::function<pid_t(const std::vector<std::string>& arguments, const std::string& log)>;

  struct LaunchOptions {
    // Of the program, before "serve"; the first one is its path. Empty: netstackd.
    std::vector<std::string> command;
    Spawner spawn;                            // empty: executes it
    std::vector<std::string> arguments = {};  // of "serve", beside its own
  };

  // Starts `program` (empty: netstackd beside the running program) on `directory`/state and waits
  // until it serves, at most 30 s. Errors: UNAVAILABLE with what the server wrote last.
  static absl::StatusOr<std::unique_ptr<ServerProcess>> Start(const std::string& directory,
                                                              const std::string& program = "");
  // The same without waiting.
  static absl::StatusOr<std::unique_ptr<ServerProcess>> Launch(const std::string& directory,
                                                               const LaunchOptions& options);
  ~ServerProcess();  // as Kill
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  // A gRPC target.
  const std::string& address() const { return address_; }
  pid_t pid() const { return pid_; }
  // Errors: UNAVAILABLE if it ended or is not ready in time, with what it wrote last.
  absl::Status AwaitReady(absl::Duration within);
  // True once the process has ended; does not wait.
  bool Ended();
  void Signal(int number);
  // SIGKILL, and waits for the end.
  void Kill();
  // SIGTERM, and waits for the end; the exit status, or -1 if it did not exit by itself.
  int Stop();
  // Of a process that has ended: it was killed by SIGKILL.
  bool was_killed() const;
  // Of a process that has ended: its exit status; -1 if it did not exit by itself.
  int exit_status() const;

 private:
  ServerProcess(const std::string& directory, pid_t pid);
  void AwaitEnd();

  const std::string address_;
  const std::string ready_;
  const std::string log_;
  pid_t pid_;       // -1: it has ended
  int status_ = 0;  // as of waitpid
};

}  // namespace netstackd::testing_support

#endif  // NETSTACKD_TESTS_SUPPORT_SERVER_PROCESS_H_
