// Many change sets, one after the other, without waiting for each answer.
#ifndef NETSTACKD_CHANGE_STREAM_H_
#define NETSTACKD_CHANGE_STREAM_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "netstackd/call.h"
#include "netstackd/stub.h"
#include "netstackd/v1/config.pb.h"

namespace netstackd {

class ChangeSet;

// How a stream is to be run.
struct ChangeStreamOptions {
  // From the beginning to the end of the stream.
  absl::Duration deadline = absl::InfiniteDuration();
  // Requests that may be sent and not acknowledged; Send waits then. The server takes 1,024.
  std::size_t in_flight_max = 256;
  // Called for every request that failed, with its sequence number and what Transact would return.
  std::function<void(std::int64_t sequence, const absl::Status& error)> on_failure = nullptr;
};

// A call of ConfigService.TransactStream. Answers are looked at inside the functions below only.
//
// Not thread-safe. Does not repeat anything by itself: when the stream has broken, what
// Unacknowledged returns is sent again on a new one, and done once because of the request ids.
class ChangeStream {
 public:
  // ConfigClient::OpenStream. Borrows the stub.
  ChangeStream(Stub* stub, const ChangeStreamOptions& options);

  // Sends one transaction and returns its sequence number, from 1. Waits for the transport, and
  // while too many are in flight. Errors: those of Close, if the stream has ended.
  absl::StatusOr<std::int64_t> Send(const ChangeSet& changes, const CallOptions& options = {});
  // As it is; it should have a request id.
  absl::StatusOr<std::int64_t> Send(const v1::TransactRequest& request);
  // Waits until everything up to `sequence` is acknowledged. Errors: as Send.
  absl::Status WaitFor(std::int64_t sequence);
  // Waits for the rest of the answers and ends the stream. Errors: why the stream has ended too
  // early, such as UNAVAILABLE; those of single requests go to `on_failure`.
  absl::Status Close();

  std::int64_t sent() const { return sent_; }
  std::int64_t acknowledged() const { return answer_.sequence(); }
  // Newest revision that an acknowledged request made; 0: none yet.
  std::int64_t revision() const { return answer_.revision(); }
  // What may or may not have been done, in the order of the stream.
  std::vector<v1::TransactRequest> Unacknowledged() const { return {open_.begin(), open_.end()}; }

 private:
  void OnAnswer();

  const ChangeStreamOptions options_;
  v1::TransactStreamResponse answer_;  // the newest
  std::deque<v1::TransactRequest> open_;
  std::int64_t sent_ = 0;
  std::unique_ptr<Duplex> duplex_;  // the last member: it uses the others
};

}  // namespace netstackd

#endif  // NETSTACKD_CHANGE_STREAM_H_
