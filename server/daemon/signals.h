// SIGTERM and SIGINT, waited for instead of handled.
#ifndef NETSTACKD_SERVER_DAEMON_SIGNALS_H_
#define NETSTACKD_SERVER_DAEMON_SIGNALS_H_

namespace netstackd::daemon {

// For the main thread before it starts others, which inherit it. SIGPIPE is ignored.
void BlockStopSignals();
// Returns the name of the signal that came.
const char* WaitForStopSignal();

}  // namespace netstackd::daemon

#endif  // NETSTACKD_SERVER_DAEMON_SIGNALS_H_
