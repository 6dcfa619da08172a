// One stream of transactions of one caller.
#ifndef NETSTACKD_SERVER_RPC_TRANSACT_STREAM_H_
#define NETSTACKD_SERVER_RPC_TRANSACT_STREAM_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/mutex.h"
#include "google/rpc/status.pb.h"
#include "netstackd/v1/config.pb.h"
#include "server/executor/request.h"
#include "server/rpc/backend.h"
#include "server/rpc/open_streams.h"
#include "server/transport/stream_call.h"

namespace netstackd::rpc {

// Reads ahead of the answers, and acknowledges what became durable together with one message.
//
// Ownership  Its own until gRPC is done with it, then that of the requests in flight.
// Threads    The polling thread reads, translates and submits; the writer thread tells outcomes;
//            either writes. gRPC is never called with mu_ held.
// Order      Requests are submitted, and acknowledged, in the order of the stream.
// Bounds     kTransactsInFlightMax requests, kTransactBytesInFlightMax (and one message more); a
//            client that does not read its answers stops being read.
class TransactStream final : public transport::StreamReactor,
                             public executor::AnswerGroup,
                             public OpenStream {
 public:
  static constexpr char kMethod[] = "/netstackd.v1.ConfigService/TransactStream";

  // Errors, which end the stream at once: those of Gate::Admit.
  static void Start(const Backend& backend, transport::StreamCall* call);

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;
  void Answered() override;
  void Drain() override;

 private:
  // A request that was read and is not acknowledged yet.
  struct Slot {
    std::size_t bytes = 0;
    std::int64_t revision = 0;
    bool done = false;
    bool replayed = false;
    bool one_operation = false;
  };
  struct Failed {
    std::int64_t sequence = 0;
    google::rpc::Status status;
  };

  TransactStream(const Backend& backend, transport::StreamCall* call, Caller caller)
      : transport::StreamReactor(call), backend_(backend), caller_(std::move(caller)) {}

  // What gRPC is to be asked for.
  struct Due {
    bool write = false;
    bool read = false;
    std::optional<grpc::Status> end;
  };

  // Hands on what was read. On an error nobody else settles the request.
  absl::Status Submit(std::int64_t sequence);
  void Advance();
  Due WhatIsDue() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void Settle(std::int64_t sequence, const absl::StatusOr<executor::Outcome>& outcome)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  bool MayRead() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  bool MayFinish() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Moves what is settled into response_; false if nothing is.
  bool FillResponse() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const Backend backend_;
  const Caller caller_;
  std::shared_ptr<TransactStream> self_;  // until OnDone
  v1::TransactRequest request_;           // of the read that is under way
  v1::TransactStreamResponse response_;   // of the write that is under way

  Mutex mu_;
  std::deque<Slot> slots_ ABSL_GUARDED_BY(mu_);       // the first is sequence answered_ + 1
  std::deque<Failed> failures_ ABSL_GUARDED_BY(mu_);  // of slots_, in any order
  std::int64_t answered_ ABSL_GUARDED_BY(mu_) = 0;    // up to here, by writes that were begun
  std::int64_t revision_ ABSL_GUARDED_BY(mu_) = 0;    // newest of those
  std::int64_t submitted_ ABSL_GUARDED_BY(mu_) = 0;   // of slots_, not settled
  std::size_t bytes_ ABSL_GUARDED_BY(mu_) = 0;        // of the requests in slots_
  std::size_t unheard_ ABSL_GUARDED_BY(mu_) = 0;      // requests that the write under way answers
  std::size_t unheard_bytes_ ABSL_GUARDED_BY(mu_) = 0;
  bool told_ ABSL_GUARDED_BY(mu_) = false;      // a group was answered; what is settled may go out
  bool reading_ ABSL_GUARDED_BY(mu_) = true;    // a read is under way
  bool starting_ ABSL_GUARDED_BY(mu_) = false;  // a thread is about to begin it
  bool handling_ ABSL_GUARDED_BY(mu_) = false;  // a thread works on what was read
  bool writing_ ABSL_GUARDED_BY(mu_) = false;
  bool half_closed_ ABSL_GUARDED_BY(mu_) = false;  // no more requests come
  bool draining_ ABSL_GUARDED_BY(mu_) = false;     // the server stops
  bool broken_ ABSL_GUARDED_BY(mu_) = false;       // nobody hears our answers
  bool finished_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace netstackd::rpc

#endif  // NETSTACKD_SERVER_RPC_TRANSACT_STREAM_H_
