#include "netstackd/watch_client.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "client/sdk/backoff.h"
#include "netstackd/errors.h"

namespace netstackd {
namespace {

constexpr int kMissedBookmarks = 3;

bool IsWorthAnotherCall(const absl::Status& status) {
  const auto reason = ReasonOf(status);
  if (reason) {
    return *reason == ErrorReason::kWatcherTooSlow ||
           RowOf(*reason).recovery == Recovery::kRetryLater;
  }
  switch (status.code()) {       // of the transport
    case absl::StatusCode::kOk:  // a watch has no end of its own
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kCancelled:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
      return true;
    default:
      return false;
  }
}

v1::WatchRequest RequestOf(const WatchOptions& options) {
  v1::WatchRequest request;
  for (const std::string& prefix : options.name_prefixes) request.add_name_prefixes(prefix);
  for (const v1::WatchRequest::Kind kind : options.kinds) request.add_kinds(kind);
  request.set_filter(options.filter);
  request.set_skip_snapshot(options.skip_snapshot);
  request.set_latest_only(options.latest_only);
  request.set_with_previous(options.with_previous);
  const std::int64_t nanos = absl::ToInt64Nanoseconds(options.bookmark_interval);
  request.mutable_bookmark_interval()->set_seconds(nanos / 1'000'000'000);
  request.mutable_bookmark_interval()->set_nanos(static_cast<std::int32_t>(nanos % 1'000'000'000));
  return request;
}

// Where a watch stands, and what it has of a revision that is not whole yet.
class Position {
 public:
  Position(std::string store_id, std::int64_t revision)
      : store_id_(std::move(store_id)), revision_(revision) {}

  void Fill(v1::WatchRequest* request) const {
    request->set_store_id(store_id_);
    request->set_after_revision(revision_);
  }

  // The stream begins; true if what came of a snapshot before was in vain.
  bool Begin() {
    part_.Clear();
    return std::exchange(in_snapshot_, false);
  }

  // Takes back from `message` what is not whole, and puts in front what was taken before. False:
  // nothing is left to tell.
  bool Take(v1::WatchResponse* message) {
    if (message->has_reset()) {
      revision_ = 0;
      store_id_.clear();
    }
    if (message->has_snapshot()) in_snapshot_ = true;
    if (message->has_synced()) {
      in_snapshot_ = false;
      store_id_ = message->synced().store_id();
      revision_ = message->synced().revision();
    }
    TakeBatches(message);
    // One that is sent while the server prepares the first message has no revision.
    if (message->has_bookmark()) revision_ = std::max(revision_, message->bookmark().revision());
    return message->has_reset() || message->has_snapshot() || message->has_synced() ||
           message->batches_size() > 0 || message->has_bookmark();
  }

 private:
  void TakeBatches(v1::WatchResponse* message) {
    google::protobuf::RepeatedPtrField<v1::WatchResponse::Batch> whole;
    for (auto& batch : *message->mutable_batches()) {
      if (part_.events_size() > 0) {
        for (auto& event : *batch.mutable_events()) part_.mutable_events()->Add(std::move(event));
        part_.set_more(batch.more());
      } else {
        part_ = std::move(batch);
      }
      if (part_.more()) continue;
      revision_ = part_.revision();
      whole.Add(std::move(part_));
      part_.Clear();
    }
    message->mutable_batches()->Swap(&whole);
  }

  std::string store_id_;
  std::int64_t revision_;
  bool in_snapshot_ = false;
  v1::WatchResponse::Batch part_;
};

}  // namespace

absl::Status WatchClient::Watch(const WatchOptions& options, const WatchCallbacks& callbacks,
                                Stopper* stopper) {
  v1::WatchRequest request = RequestOf(options);
  Position position(options.store_id, options.after_revision);
  Backoff backoff(options.backoff, options.environment);
  while (!stopper->stopped()) {
    position.Fill(&request);
    absl::Status told = absl::OkStatus();
    if (position.Begin()) {
      v1::WatchResponse again;
      again.mutable_reset();
      told = callbacks.message(again);
      if (!told.ok()) return told;
    }
    v1::WatchResponse message;
    const absl::Status end =
        stub_->Follow("/netstackd.v1.WatchService/Watch", request,
                      kMissedBookmarks * options.bookmark_interval, stopper, &message, [&] {
                        backoff.Reset();
                        if (position.Take(&message)) told = callbacks.message(message);
                        return told;
                      });
    if (!told.ok()) return told;
    if (stopper->stopped()) break;
    if (!IsWorthAnotherCall(end)) return end;
    if (callbacks.broken) callbacks.broken(end);
    backoff.Sleep(backoff.Next(end));
  }
  return absl::OkStatus();
}

}  // namespace netstackd
