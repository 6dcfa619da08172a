// A program that a test or a benchmark runs as a process of its own.
#ifndef NETSTACKD_TESTS_SUPPORT_CHILD_PROCESS_H_
#define NETSTACKD_TESTS_SUPPORT_CHILD_PROCESS_H_

#include <sys/types.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace netstackd::testing_support {

// Starts `args[0]`, looked for in PATH if it has no slash, with its output and errors appended to
// the file `log`; `directory` is its working directory (empty: ours). Returns its pid, or -1.
pid_t Spawn(const std::vector<std::string>& args, const std::string& log,
            const std::string& directory = "");

// Owns the process: it does not outlive the object. Movable.
class ChildProcess {
 public:
  // As Spawn. Errors: UNAVAILABLE.
  static absl::StatusOr<ChildProcess> Start(const std::vector<std::string>& args,
                                            const std::string& log,
                                            const std::string& directory = "");
  ~ChildProcess() { Kill(); }
  ChildProcess(ChildProcess&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}
  ChildProcess& operator=(ChildProcess&& other) noexcept {
    std::swap(pid_, other.pid_);
    return *this;
  }

  pid_t pid() const { return pid_; }
  // What waitpid says if it has ended by itself.
  std::optional<int> Ended();
  // SIGKILL, and waits for the end.
  void Kill();
  // SIGTERM, and waits for the end; the exit status, or -1 if it did not exit by itself.
  int Stop();

 private:
  explicit ChildProcess(pid_t pid) : pid_(pid) {}
  pid_t pid_;
};

}  // namespace netstackd::testing_support

#endif  // NETSTACKD_TESTS_SUPPORT_CHILD_PROCESS_H_
