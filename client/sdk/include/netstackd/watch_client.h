// What changes, as it changes: a watch that goes on by itself after a broken stream.
#ifndef NETSTACKD_WATCH_CLIENT_H_
#define NETSTACKD_WATCH_CLIENT_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "netstackd/stub.h"
#include "netstackd/v1/watch.pb.h"

namespace netstackd {

// What to watch, and from where; the fields are those of v1::WatchRequest.
struct WatchOptions {
  std::vector<std::string> name_prefixes = {};
  std::vector<v1::WatchRequest::Kind> kinds = {};
  std::string filter = "";
  bool skip_snapshot = false;
  bool latest_only = false;
  bool with_previous = false;
  absl::Duration bookmark_interval = absl::Seconds(10);
  // A position of before; both from the same message. 0: a snapshot first.
  std::string store_id = "";
  std::int64_t after_revision = 0;
  // How long to wait before the stream is opened again; attempts_max does not count here.
  RetryPolicy backoff = {};
  RetryEnvironment environment = {};
};

struct WatchCallbacks {
  // Every message in order; an error ends the watch. A revision comes whole, in one batch, and
  // once. After `reset` what was known is to be replaced by the snapshot that follows; a reset
  // without a reason means that only the snapshot itself begins anew.
  std::function<absl::Status(const v1::WatchResponse& message)> message;
  // The stream is broken and will be opened again. Nothing is known to have changed: what was
  // known is only getting old. May be empty.
  std::function<void(const absl::Status& why)> broken = nullptr;
};

// Borrows the stub. Threads: any; a watch keeps the thread that called it.
class WatchClient {
 public:
  explicit WatchClient(Stub* stub) : stub_(stub) {}

  // Watches until `stopper` is stopped (OK), a callback returns an error (that one), or the server
  // says something that another call would not mend (that). Everything else is met by opening the
  // stream again behind the last whole revision: also three bookmark intervals of silence, and
  // WATCHER_TOO_SLOW.
  absl::Status Watch(const WatchOptions& options, const WatchCallbacks& callbacks,
                     Stopper* stopper);

 private:
  Stub* const stub_;
};

}  // namespace netstackd

#endif  // NETSTACKD_WATCH_CLIENT_H_
