#include "server/rpc/probe_stream.h"

#include <utility>

#include "server/executor/endings.h"
#include "server/rpc/status_mapping.h"

namespace netstackd::rpc {

void ProbeStream::Start(transport::StreamCall* call, const v1::StreamProbesRequest& request,
                        ProbeFeed* feed) {
  std::shared_ptr<ProbeStream> stream(new ProbeStream(call, feed));
  absl::btree_set<std::string> interfaces(request.interfaces().begin(), request.interfaces().end());
  stream->outbox_ = std::make_shared<ProbeOutbox>(std::move(interfaces),
                                                  [weak = std::weak_ptr<ProbeStream>(stream)] {
                                                    if (const auto woken = weak.lock())
                                                      woken->GoOn();
                                                  });
  stream->self_ = stream;
  feed->Add(stream->outbox_);
  // Whoever sees the headers misses nothing that is reported after them.
  stream->StartSendInitialMetadata();
}

void ProbeStream::GoOn() {
  {
    MutexLock lock(&mu_);
    woken_ = true;
    if (busy_) return;
    busy_ = true;
  }
  while (true) {
    {
      MutexLock lock(&mu_);
      busy_ = woken_;
      if (!busy_) return;
      woken_ = false;
    }
    bool ended = false;
    absl::Status end;
    if (outbox_->Take(&message_, &end, &ended)) return StartWrite(message_);
    if (ended) return Finish(ToGrpc(end));
  }
}

void ProbeStream::Ended(bool ok) {
  if (!ok) {
    outbox_->End(executor::CallerGone());
  }
  {
    MutexLock lock(&mu_);
    busy_ = false;
  }
  GoOn();
}

void ProbeStream::OnCancel() { outbox_->End(executor::CallerGone()); }

void ProbeStream::OnDone() {
  feed_->Remove(outbox_);
  const std::shared_ptr<ProbeStream> last = std::move(self_);
}

}  // namespace netstackd::rpc
