// A real server, as its own process, on a unix socket in a directory of the test.
#ifndef NETSTACKD_TESTS_SUPPORT_SERVER_PROCESS_H_
#define NETSTACKD_TESTS_SUPPORT_SERVER_PROCESS_H_

#include <sys/types.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace netstackd::testing_support {

class ServerProcess {
 public:
  // Starts `program` (empty: netstackd beside the running program) on `directory`/state and waits
  // until it serves, at most 30 s. Errors: UNAVAILABLE with what the server wrote last.
  static absl::StatusOr<std::unique_ptr<ServerProcess>> Start(const std::string& directory,
                                                              const std::string& program = "");
  ~ServerProcess();  // as Kill
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  // A gRPC target.
  const std::string& address() const { return address_; }
  pid_t pid() const { return pid_; }
  // SIGKILL, and waits for the end.
  void Kill();
  // SIGTERM, and waits for the end; the exit status, or -1 if it did not exit by itself.
  int Stop();

 private:
  ServerProcess(std::string address, pid_t pid) : address_(std::move(address)), pid_(pid) {}

  const std::string address_;
  pid_t pid_;
};

}  // namespace netstackd::testing_support

#endif  // NETSTACKD_TESTS_SUPPORT_SERVER_PROCESS_H_
