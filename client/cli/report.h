// What a person or a script says it saw of an interface: the flags of `interface report`.
#ifndef NETSTACKD_CLIENT_CLI_REPORT_H_
#define NETSTACKD_CLIENT_CLI_REPORT_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/cli/arguments.h"
#include "netstackd/v1/interface.pb.h"

namespace netstackd::cli {

// A probe that has ended: "ok:192.0.2.1:17:0.42ms", with the time on the wire behind it
// "ok:192.0.2.1:17:0.42ms:0.31ms", "lost:192.0.2.1:18", "lost:[fe80::1]:18". Without "@TIME" at the
// end, how long before `seen` sending began, that was its round-trip time before, or, if it is
// lost, at `seen`.
struct ParsedProbe {
  v1::Probe probe;
  bool ipv6 = false;
};
absl::StatusOr<ParsedProbe> ParseProbe(const std::string& text, absl::Time seen);

// --probe, --targets, --no-targets and --observe-time; `now` is the time of the call.
std::vector<Flag> DetectionFlags();
// Adds what they say. Errors: a usage error.
absl::Status ApplyDetection(const Arguments& args, absl::Time now, v1::InterfaceReport* report);

}  // namespace netstackd::cli

#endif  // NETSTACKD_CLIENT_CLI_REPORT_H_
