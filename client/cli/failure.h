// What a failure looks like and which exit status it has.
#ifndef NETSTACKD_CLIENT_CLI_FAILURE_H_
#define NETSTACKD_CLIENT_CLI_FAILURE_H_

#include <string>

#include "absl/status/status.h"
#include "client/cli/json.h"

namespace netstackd::cli {

// Exit statuses; scripts rely on the numbers.
inline constexpr int kExitDone = 0;
inline constexpr int kExitWouldChange = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitNotFound = 3;
inline constexpr int kExitConflict = 4;
inline constexpr int kExitRefused = 5;
inline constexpr int kExitNotReachable = 7;
inline constexpr int kExitNotAllowed = 8;
inline constexpr int kExitOther = 9;
inline constexpr int kExitInterrupted = 130;

// By the status code; 0 for OK.
int ExitStatusOf(const absl::Status& status);

// A command line that would help; empty if none is known. `fix` of the metadata wins.
std::string FixFor(const absl::Status& status);

// For people, on stderr: message, reason with metadata, wrong fields, blockers, fix.
std::string FailureText(const absl::Status& status);

// For programs, on stdout: code, message, and what there is of reason, hint, metadata, fields,
// blockers.
Json FailureJson(const absl::Status& status);

}  // namespace netstackd::cli

#endif  // NETSTACKD_CLIENT_CLI_FAILURE_H_
