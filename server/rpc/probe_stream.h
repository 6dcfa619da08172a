// StreamProbes for one caller.
#ifndef NETSTACKD_SERVER_RPC_PROBE_STREAM_H_
#define NETSTACKD_SERVER_RPC_PROBE_STREAM_H_

#include <memory>

#include "base/mutex.h"
#include "netstackd/v1/moves.pb.h"
#include "server/rpc/probe_feed.h"
#include "server/transport/stream_call.h"

namespace netstackd::rpc {

// Sends what comes into its outbox, one message at a time; nothing else is under way meanwhile.
//
// Ownership  Keeps itself alive until gRPC is done with it. Borrows the feed.
// Threads    Any; what is under way is decided under the lock, and begun without it.
class ProbeStream final : public transport::StreamReactor,
                          public std::enable_shared_from_this<ProbeStream> {
 public:
  // The request is valid.
  static void Start(transport::StreamCall* call, const v1::StreamProbesRequest& request,
                    ProbeFeed* feed);

 private:
  ProbeStream(transport::StreamCall* call, ProbeFeed* feed)
      : transport::StreamReactor(call), feed_(feed) {}

  // Begins the next operation unless one is under way.
  void GoOn();
  void Ended(bool ok);
  void OnSendInitialMetadataDone(bool ok) override { Ended(ok); }
  void OnWriteDone(bool ok) override { Ended(ok); }
  void OnCancel() override;
  void OnDone() override;

  ProbeFeed* const feed_;
  std::shared_ptr<ProbeOutbox> outbox_;  // const after Start
  std::shared_ptr<ProbeStream> self_;    // until OnDone
  v1::StreamProbesResponse message_;     // of whoever made busy_ true
  Mutex mu_;                             // leaf lock
  // An operation is under way or being looked for, or all is over.
  bool busy_ ABSL_GUARDED_BY(mu_) = true;
  bool woken_ ABSL_GUARDED_BY(mu_) = false;  // since the outbox was last looked into
};

}  // namespace netstackd::rpc

#endif  // NETSTACKD_SERVER_RPC_PROBE_STREAM_H_
