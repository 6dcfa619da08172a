// Where the server is, and what else a person has set once.
#ifndef NETSTACKD_CLIENT_CLI_SETTINGS_H_
#define NETSTACKD_CLIENT_CLI_SETTINGS_H_

#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "client/cli/arguments.h"

namespace netstackd::cli {

// The value of an environment variable; nullopt if it is not set.
using GetEnvironment = std::function<std::optional<std::string>(const std::string& name)>;

struct Settings {
  std::string endpoint;
  std::string zone = "global";
};

// Each of the two: the flag, then IPMPCTL_SERVER and IPMPCTL_ZONE, then the context, then the
// default (the socket of the server on this machine, the global zone). The context is that of
// --context, IPMPCTL_CONTEXT or `current` in ~/.config/ipmpctl/config.yaml:
//
//   current: lab
//   contexts:
//     lab: {server: "lab.example.com:7470", zone: global}
//
// Errors: a usage error if the file cannot be read as that, or the context is not in it.
absl::StatusOr<Settings> ResolveSettings(const Arguments& arguments, const GetEnvironment& get);

}  // namespace netstackd::cli

#endif  // NETSTACKD_CLIENT_CLI_SETTINGS_H_
