#include "server/rpc/transact_stream.h"

#include <algorithm>

#include "base/error.h"
#include "base/status_macros.h"
#include "server/codec/api_answers.h"
#include "server/codec/api_requests.h"
#include "server/codec/api_validate.h"
#include "server/executor/endings.h"
#include "server/rpc/limits.h"
#include "server/rpc/methods.h"
#include "server/rpc/mutation.h"
#include "server/rpc/status_mapping.h"

namespace netstackd::rpc {
namespace {

// For a later Transact or TransactStream with the same request id. Without the plan: the few who
// ask get it from the kept transaction.
std::string StoredAnswer(const core::Transition& transition, const executor::Outcome& outcome) {
  v1::TransactResponse answer;
  answer.mutable_result()->set_revision(outcome.revision);
  answer.mutable_result()->set_changed(outcome.changed);
  codec::AddWarnings(transition, answer.mutable_result());
  return answer.SerializeAsString();
}

}  // namespace

void TransactStream::Start(const Backend& backend, transport::StreamCall* call) {
  absl::StatusOr<Caller> caller = backend.gate->Admit(call->context(), kMethod);
  if (!caller.ok()) return call->Refuse(ToGrpc(caller.status()));
  std::shared_ptr<TransactStream> stream(new TransactStream(backend, call, *std::move(caller)));
  stream->self_ = stream;
  stream->StartRead(&stream->request_);
  if (!backend.streams->Add(stream)) stream->Drain();
}

void TransactStream::OnReadDone(bool ok) {
  std::int64_t sequence = 0;
  {
    MutexLock lock(&mu_);
    reading_ = false;
    if (!ok) {
      half_closed_ = true;
    } else if (!draining_) {
      handling_ = true;
      Slot& slot = slots_.emplace_back();
      slot.bytes = request_.ByteSizeLong();
      slot.one_operation = request_.operations_size() == 1;
      bytes_ += slot.bytes;
      ++submitted_;
      sequence = answered_ + static_cast<std::int64_t>(slots_.size());
    }
  }
  if (sequence != 0) {
    const absl::Status refused = Submit(sequence);
    MutexLock lock(&mu_);
    handling_ = false;
    if (!refused.ok()) {
      Settle(sequence, refused);
      told_ = true;
    }
  }
  Advance();
}

absl::Status TransactStream::Submit(std::int64_t sequence) {
  NSD_RETURN_IF_ERROR(codec::Validate(request_));
  executor::Request work = Describe(caller_, kMethod, request_.options());
  if (!work.request_id.empty()) {
    // A retry may come to Transact: there it must be the same request.
    request_.mutable_options()->clear_request_id();
    work.hash = HashOf(MethodOf(*v1::TransactRequest::descriptor()), request_);
    work.answer = [](const core::State&, const core::Transition& transition,
                     const executor::Outcome& outcome) {
      return StoredAnswer(transition, outcome);
    };
  }
  work.transaction = codec::ToTransaction(request_);
  work.group = self_;
  backend_.changes->Add(std::move(work),
                        [this, sequence](absl::StatusOr<executor::Outcome> outcome) {
                          MutexLock lock(&mu_);
                          Settle(sequence, outcome);
                        });
  return absl::OkStatus();
}

void TransactStream::Settle(std::int64_t sequence,
                            const absl::StatusOr<executor::Outcome>& outcome) {
  Slot& slot = slots_[static_cast<std::size_t>(sequence - answered_ - 1)];
  slot.done = true;
  --submitted_;
  if (outcome.ok()) {
    slot.replayed = outcome->replayed;
    slot.revision = outcome->changed ? outcome->revision : 0;
  } else {
    failures_.push_back({sequence, ToRpc(ExplainTransact(slot.one_operation, outcome.status()))});
  }
}

void TransactStream::OnWriteDone(bool ok) {
  {
    MutexLock lock(&mu_);
    writing_ = false;
    if (!ok) broken_ = true;
  }
  Advance();
}

void TransactStream::OnCancel() {
  {
    MutexLock lock(&mu_);
    broken_ = true;
  }
  Advance();
}

void TransactStream::Answered() {
  {
    MutexLock lock(&mu_);
    told_ = true;
  }
  Advance();
}

void TransactStream::Drain() {
  {
    MutexLock lock(&mu_);
    draining_ = true;
  }
  Advance();
}

void TransactStream::OnDone() {
  backend_.streams->Remove(this);
  self_.reset();  // may delete this
}

bool TransactStream::MayRead() const {
  return !reading_ && !handling_ && !half_closed_ && !draining_ && !broken_ &&
         slots_.size() + unheard_ < static_cast<std::size_t>(kTransactsInFlightMax) &&
         bytes_ + unheard_bytes_ < kTransactBytesInFlightMax;
}

bool TransactStream::MayFinish() const {
  if (finished_ || writing_ || starting_ || handling_ || submitted_ > 0) return false;
  return broken_ || ((half_closed_ || draining_) && slots_.empty());
}

bool TransactStream::FillResponse() {
  told_ = false;
  const auto open =
      std::find_if(slots_.begin(), slots_.end(), [](const Slot& slot) { return !slot.done; });
  if (open == slots_.begin()) return false;
  std::int64_t last = answered_ + (open - slots_.begin());
  response_.Clear();
  std::sort(failures_.begin(), failures_.end(),
            [](const Failed& a, const Failed& b) { return a.sequence < b.sequence; });
  std::size_t bytes = 0;
  while (!failures_.empty() && failures_.front().sequence <= last) {
    Failed& failed = failures_.front();
    bytes += failed.status.ByteSizeLong();
    // One failure may always go, however large.
    if (bytes > kFailureBytesMax && response_.failures_size() > 0) {
      last = failed.sequence - 1;
      told_ = true;
      break;
    }
    auto* failure = response_.add_failures();
    failure->set_sequence(failed.sequence);
    *failure->mutable_status() = std::move(failed.status);
    failures_.pop_front();
  }
  std::int64_t replayed = 0;
  unheard_ = static_cast<std::size_t>(last - answered_);
  unheard_bytes_ = 0;
  for (; answered_ < last; ++answered_) {
    const Slot& slot = slots_.front();
    replayed += slot.replayed ? 1 : 0;
    revision_ = std::max(revision_, slot.revision);
    unheard_bytes_ += slot.bytes;
    bytes_ -= slot.bytes;
    slots_.pop_front();
  }
  response_.set_sequence(answered_);
  response_.set_revision(revision_);
  response_.set_replayed(replayed);
  return true;
}

void TransactStream::Advance() {
  for (bool again = true; again;) {
    Due due;
    {
      MutexLock lock(&mu_);
      due = WhatIsDue();
    }
    if (due.write) StartWrite(response_);
    if (due.read) StartRead(&request_);
    if (due.end) Finish(*due.end);
    again = due.read;
    if (again) {
      // Nobody could finish while a read was being started; somebody may have had to.
      MutexLock lock(&mu_);
      starting_ = false;
    }
  }
}

TransactStream::Due TransactStream::WhatIsDue() {
  Due due;
  if (!writing_ && !finished_) {
    unheard_ = 0;
    unheard_bytes_ = 0;
    if (told_ && !broken_) due.write = writing_ = FillResponse();
  }
  if (MayRead()) due.read = reading_ = starting_ = true;
  if (MayFinish()) {
    finished_ = true;
    due.end = draining_ && !half_closed_
                  ? ToGrpc(executor::ServerStops("send what was not acknowledged again elsewhere"))
                  : grpc::Status::OK;
  }
  return due;
}

}  // namespace netstackd::rpc
