#include "server/executor/decider.h"

#include <optional>
#include <string>

#include "base/error.h"
#include "base/status_macros.h"
#include "server/codec/journal_codec.h"

namespace netstackd::executor {
namespace {

absl::Status Reused(Revision revision) {
  return MakeError(ErrorReason::kRequestIdReused,
                   "the request id was used for another request; make a new one",
                   {{"revision", std::to_string(revision)}});
}

absl::Status HistoryFull(const Options& options) {
  return MakeError(
      ErrorReason::kQuotaExceeded,
      "the kept history has reached its limit on bytes, and all of it is too young to "
      "be forgotten; try again later",
      {{"limit", "history_bytes_max"}, {"max", std::to_string(options.history_bytes_max)}});
}

absl::Status TooLarge(std::int64_t bytes) {
  return MakeError(ErrorReason::kQuotaExceeded,
                   "the transaction changes too much at once; split it",
                   {{"limit", "record_bytes_max"},
                    {"max", std::to_string(storage::kRecordBytesMax)},
                    {"bytes", std::to_string(bytes)}});
}

std::string AnswerOf(const Request& request, const core::State& state,
                     const core::Transition& transition, const Outcome& outcome) {
  return request.answer == nullptr ? std::string() : request.answer(state, transition, outcome);
}

}  // namespace

absl::Time Decider::Now() const {
  return absl::FromUnixMicros(absl::ToUnixMicros(options_.clock->Now()));
}

void Decider::Decide(Pending pending, const Ground& ground, Batch* batch) {
  Batch::Answer answer;
  answer.pending = std::move(pending);
  if (!Repeat(ground, *batch, &answer)) {
    answer.result = Run(answer.pending, ground, batch);
  }
  batch->answers.push_back(std::move(answer));
}

bool Decider::Repeat(const Ground& ground, const Batch& batch, Batch::Answer* answer) const {
  const Request& request = answer->pending.request;
  const std::optional<RequestMark>& mark = answer->pending.mark;
  if (!mark || request.validate_only) return false;
  const auto in_batch = batch.requests.find(mark->key);
  if (in_batch != batch.requests.end()) {
    const storage::Record& record = batch.records[in_batch->second];
    if (batch.marks[in_batch->second]->hash != mark->hash) {
      answer->result = Reused(record.revision);
    } else {
      answer->result = Outcome{record.revision, true, true, record.answer};
    }
    return true;
  }
  const std::optional<KnownRequest> known = ground.memory->Find(mark->key);
  if (!known) return false;
  if (known->hash != mark->hash) {
    answer->result = Reused(known->revision);
  } else {
    answer->replay_of = known->revision;
  }
  return true;
}

absl::StatusOr<Outcome> Decider::Run(const Pending& pending, const Ground& ground, Batch* batch) {
  const Request& request = pending.request;
  const Revision newest = ground.head + static_cast<Revision>(batch->records.size());
  core::Context context;
  context.revision = newest + 1;
  context.now = Now();
  context.limits = options_.limits;
  context.hooks = options_.hooks;
  // Nothing happens if it is only validated, so there is nothing to tell.
  context.trace = request.validate_only ? nullptr : options_.trace;
  NSD_ASSIGN_OR_RETURN(core::Transition transition,
                       core::Apply(working_, request.transaction, context));
  Outcome outcome;
  outcome.changed = !transition.deltas.empty();
  if (request.validate_only) {
    outcome.answer = AnswerOf(request, working_, transition, outcome);
    core::Unfold(working_, transition.deltas);
    return outcome;
  }
  if (!outcome.changed) {
    outcome.revision = newest;
    outcome.answer = AnswerOf(request, working_, transition, outcome);
    return outcome;
  }
  return Accept(pending, ground, context.now, context.revision, std::move(transition), batch);
}

absl::StatusOr<Outcome> Decider::Accept(const Pending& pending, const Ground& ground,
                                        absl::Time now, Revision revision,
                                        core::Transition transition, Batch* batch) {
  const Request& request = pending.request;
  if (ground.history_full) {
    core::Unfold(working_, transition.deltas);
    return HistoryFull(options_);
  }
  Outcome outcome;
  outcome.revision = revision;
  outcome.changed = true;
  outcome.answer = AnswerOf(request, working_, transition, outcome);
  storage::Record record;
  record.revision = revision;
  record.time = now;
  record.principal = request.principal;
  record.method = request.method;
  record.peer = request.peer;
  record.user_agent = request.user_agent;
  record.request_id = request.request_id;
  record.request_hash = request.hash;
  record.answer = outcome.answer;
  record.comment = request.comment;
  record.deltas = codec::EncodeDeltas(transition.deltas);
  const std::int64_t bytes = storage::BytesOf(record);
  if (bytes > storage::kRecordBytesMax) {
    core::Unfold(working_, transition.deltas);
    return TooLarge(bytes);
  }
  if (pending.mark) batch->requests[pending.mark->key] = batch->records.size();
  batch->marks.push_back(pending.mark);
  batch->bytes += bytes;
  batch->records.push_back(std::move(record));
  batch->deltas.push_back(std::move(transition.deltas));
  return outcome;
}

}  // namespace netstackd::executor
