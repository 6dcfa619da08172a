// The program as a function, for main and for programs that put parts of their own in.
#ifndef NETSTACKD_SERVER_DAEMON_PROGRAM_H_
#define NETSTACKD_SERVER_DAEMON_PROGRAM_H_

#include "server/daemon/serve.h"

namespace netstackd::daemon {

// Does what the command line says, and returns the exit status. Blocks the stop signals in the
// calling thread, which must be the only one so far.
int RunProgram(int argc, char** argv, const Parts& parts = {});

}  // namespace netstackd::daemon

#endif  // NETSTACKD_SERVER_DAEMON_PROGRAM_H_
