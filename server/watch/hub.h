// The watch hub: one thread that tells every watcher what changes.
#ifndef NETSTACKD_SERVER_WATCH_HUB_H_
#define NETSTACKD_SERVER_WATCH_HUB_H_

#include <atomic>
#include <memory>
#include <thread>

#include "server/executor/executor.h"
#include "server/watch/inbox.h"
#include "server/watch/options.h"

namespace netstackd::watch {

// Ownership  Borrows the executor, which outlives it, and every sink until its End was called.
// Threads    Everything public from any thread, and nothing waits. One private thread, the fan-out
//            thread, makes all calls to sinks.
// Order      That of Fanout. End is the last call to a sink, and comes exactly once, at the latest
//            when the hub is destroyed.
// Bounds     Options.
class Hub {
 public:
  Hub(const Options& options, executor::Executor* executor);
  // Ends every watch; a message under way is given up.
  ~Hub();
  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;

  // Begins a watch. What is wrong with it is told by End. The id comes before anything is done.
  WatchId NewId() { return ++last_id_; }
  void Open(WatchId id, WatchRequest request, Sink* sink);
  // The message of the last Send was taken; false: it never will be, for the reader is gone.
  void Sent(WatchId id, bool ok);
  // The reader is gone.
  void Close(WatchId id);
  // Every watch ends with SERVER_DRAINING as soon as its message under way was taken, and is
  // aborted if it is not soon; so do those that are opened later.
  void Drain();

 private:
  class Loop;
  const std::shared_ptr<Inbox> inbox_;
  std::atomic<WatchId> last_id_{0};
  std::unique_ptr<Loop> loop_;
};

}  // namespace netstackd::watch

#endif  // NETSTACKD_SERVER_WATCH_HUB_H_
