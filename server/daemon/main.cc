// netstackd: the server, and what is done to its directory while it does not run.
#include "server/daemon/program.h"

int main(int argc, char** argv) { return netstackd::daemon::RunProgram(argc, argv); }
