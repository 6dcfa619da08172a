// What the program was asked for on its command line.
#ifndef NETSTACKD_SERVER_DAEMON_OPTIONS_H_
#define NETSTACKD_SERVER_DAEMON_OPTIONS_H_

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/time/time.h"

namespace netstackd::daemon {

struct Serve {
  std::string state_dir;
  std::vector<std::string> listen;  // empty: unix:STATE_DIR/netstackd.sock
  std::string ready_file;           // empty: none
  absl::Duration shutdown_deadline;
  std::int64_t history_max = 0;
  std::int64_t history_bytes_max = 0;
  absl::Duration history_age_max;
  std::string log_level;
};
struct Restore {
  std::string file;
  std::string state_dir;
};
struct AcceptLoss {
  std::string state_dir;
};
// Nothing is left to do: the exit code.
struct Done {
  int exit_code = 0;
};

using Command = std::variant<Done, Serve, Restore, AcceptLoss>;

// Prints help, version and mistakes itself.
Command ParseCommand(int argc, char** argv);

}  // namespace netstackd::daemon

#endif  // NETSTACKD_SERVER_DAEMON_OPTIONS_H_
