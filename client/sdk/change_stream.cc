#include "netstackd/change_stream.h"

#include <utility>

#include "client/sdk/error_mapping.h"
#include "client/sdk/unary.h"
#include "netstackd/config_client.h"

namespace netstackd {

ChangeStream::ChangeStream(Stub* stub, const ChangeStreamOptions& options)
    : options_(options),
      duplex_(stub->Open("/netstackd.v1.ConfigService/TransactStream", options.deadline, &answer_,
                         [this] { OnAnswer(); })) {}

absl::StatusOr<std::int64_t> ChangeStream::Send(const ChangeSet& changes,
                                                const CallOptions& options) {
  v1::TransactRequest request = changes.request();
  sdk::SetOptions(options, &request);
  return Send(request);
}

absl::StatusOr<std::int64_t> ChangeStream::Send(const v1::TransactRequest& request) {
  const auto room = [this] { return open_.size() < options_.in_flight_max; };
  if (!duplex_->WaitUntil(room)) return Close();
  open_.push_back(request);
  ++sent_;
  if (!duplex_->Write(request)) return Close();
  return sent_;
}

absl::Status ChangeStream::WaitFor(std::int64_t sequence) {
  if (duplex_->WaitUntil([&] { return acknowledged() >= sequence; })) return absl::OkStatus();
  return Close();
}

absl::Status ChangeStream::Close() {
  absl::Status end = duplex_->End();
  if (end.ok() && !open_.empty()) {
    return absl::UnavailableError("the stream has ended before everything was acknowledged");
  }
  return end;
}

void ChangeStream::OnAnswer() {
  while (!open_.empty() && sent_ - static_cast<std::int64_t>(open_.size()) < answer_.sequence()) {
    open_.pop_front();
  }
  if (!options_.on_failure) return;
  for (const auto& failure : answer_.failures()) {
    const google::rpc::Status& status = failure.status();
    options_.on_failure(failure.sequence(), sdk::StatusFromWire(status.code(), status.message(),
                                                                status.SerializeAsString()));
  }
}

}  // namespace netstackd
