// What the process asks of its surroundings before it serves.
#ifndef NETSTACKD_SERVER_DAEMON_TUNING_H_
#define NETSTACKD_SERVER_DAEMON_TUNING_H_

namespace netstackd::daemon {

// Before any thread is started. Nothing here can fail in a way that matters.
void TuneProcess();

}  // namespace netstackd::daemon

#endif  // NETSTACKD_SERVER_DAEMON_TUNING_H_
