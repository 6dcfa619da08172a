// ipmpctl without its main().
#ifndef NETSTACKD_CLIENT_CLI_APP_H_
#define NETSTACKD_CLIENT_CLI_APP_H_

#include <string>
#include <vector>

#include "client/cli/context.h"

namespace netstackd::cli {

// Runs one command line, without the name of the program. Returns the exit status.
int Run(const std::vector<std::string>& words, Io* io);

}  // namespace netstackd::cli

#endif  // NETSTACKD_CLIENT_CLI_APP_H_
