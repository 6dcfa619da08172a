// What reaches the fan-out thread from others.
#ifndef NETSTACKD_SERVER_WATCH_INBOX_H_
#define NETSTACKD_SERVER_WATCH_INBOX_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/mutex.h"
#include "server/executor/listener.h"
#include "server/watch/selection.h"
#include "storage/journal.h"

namespace netstackd::watch {

using storage::Revision;

// A message for one reader: pieces of one encoded WatchResponse, shared with others.
using Message = std::vector<std::shared_ptr<const std::string>>;

// Where the messages of one watch go. The fan-out thread calls it; no call may block.
class Sink {
 public:
  virtual ~Sink() = default;
  // Not before the message before it was reported as sent.
  virtual void Send(Message message) = 0;
  // Gives up a message that is not taken; it is reported as not sent.
  virtual void Abort() = 0;
  // The last call; no message is under way.
  virtual void End(const absl::Status& status) = 0;
};

using WatchId = std::uint64_t;

// What somebody wants to watch.
struct WatchRequest {
  Selection selection{};
  std::string store_id{};
  Revision after_revision = 0;  // 0: fresh
  bool skip_snapshot = false;
  bool fail_when_compacted = false;
  absl::Duration bookmark_interval = absl::Seconds(10);
};

struct Opened {
  WatchId id;
  WatchRequest request;
  Sink* sink;
};
struct Sent {
  WatchId id;
  bool ok;
};
struct Gone {
  WatchId id;
};
struct HistoryPage {
  std::uint64_t ticket;
  absl::StatusOr<std::vector<storage::Record>> records;
};
struct Draining {};
using Letter = std::variant<Opened, Sent, Gone, HistoryPage, Draining>;

// Threads  Anyone puts in; one takes out.
// Bounds   Of changes, `changes_max`: what comes on top is dropped and has to be read from the
//          history. Everything else comes a bounded number of times for each watch.
class Inbox final : public executor::Listener {
 public:
  explicit Inbox(std::size_t changes_max) : changes_max_(changes_max) {}

  void Published(executor::Changes changes) override;
  void Put(Letter letter);

  std::vector<Letter> TakeLetters();
  executor::Changes TakeChanges(std::size_t count);
  // The newest revision that was dropped, 0 if none was.
  Revision dropped() const;

  bool Idle() const;  // nothing is there

  // Until something is put in, Wake, or `timeout`; at once if something is there.
  void Wait(absl::Duration timeout);
  void Wake();

 private:
  void NotifyLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const std::size_t changes_max_;
  mutable Mutex mu_;  // leaf lock
  CondVar came_;
  std::vector<Letter> letters_ ABSL_GUARDED_BY(mu_);
  std::deque<std::shared_ptr<const executor::Change>> changes_ ABSL_GUARDED_BY(mu_);
  Revision dropped_ ABSL_GUARDED_BY(mu_) = 0;
  bool dropping_ ABSL_GUARDED_BY(mu_) = false;  // until all that was there before is taken
  bool waiting_ ABSL_GUARDED_BY(mu_) = false;
  bool woken_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace netstackd::watch

#endif  // NETSTACKD_SERVER_WATCH_INBOX_H_
