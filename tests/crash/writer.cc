#include "tests/crash/writer.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace netstackd::crash {
namespace {

// Requests that may be sent again although they were answered.
constexpr std::size_t kAnsweredMax = 8;

}  // namespace

Writer::Writer(std::uint64_t seed, int number, Gate* gate, Told* told, Findings* findings)
    : number_(number), gate_(gate), told_(told), findings_(findings), operations_(seed, number) {}

void Writer::Run() {
  while (const auto life = gate_->Enter()) Live(*life);
}

void Writer::Live(const Connections& life) {
  Stub* const stub = life.stubs[static_cast<std::size_t>(number_) % life.stubs.size()].get();
  while (true) {
    if (!pending_ && life.last) return;
    if (!pending_ && !answered_.empty() && operations_.Pick(8) == 0) {
      if (!Repeat(stub)) return;
      continue;
    }
    if (!pending_) {
      pending_ = operations_.Next(objects_);
      attempts_ = 0;
      begun_.push_back(pending_->request_id);
    }
    if (!Attempt(stub)) return;
  }
}

void Writer::Report(Wrong wrong, const std::string& what) const {
  findings_->Add(wrong, absl::StrCat("writer ", prefix(), ": ", what));
}

std::int64_t Writer::needs_from() const {
  return answered_.empty() ? newest_ + 1 : answered_.front().revision;
}

bool Writer::Attempt(Stub* stub) {
  ++attempts_;
  const absl::StatusOr<Answer> answer = Send(pending_->call, stub);
  if (!answer.ok() && IsOutage(answer.status())) {
    ++counts_.unanswered;
    expected_.reset();
    return false;
  }
  gate_->Progress();
  if (answer.ok()) {
    Accept(**answer);
  } else {
    if (expected_.value_or(0) != 0) {
      Report(Wrong::kReplay,
             absl::StrCat("request ", pending_->request_id, " is revision ", *expected_,
                          ", but its retry was refused: ", answer.status().ToString()));
    }
    ++counts_.refused;
    not_done_.push_back(pending_->request_id);
  }
  pending_.reset();
  expected_.reset();
  return true;
}

void Writer::CheckReplay(const v1::WriteResult& result) {
  if (result.replayed() && attempts_ == 1) {
    Report(Wrong::kReplay,
           absl::StrCat("the first request with id ", pending_->request_id, " was a repeated one"));
  }
  if (!expected_) return;
  if ((*expected_ != 0) != result.replayed() ||
      (*expected_ != 0 && result.revision() != *expected_)) {
    Report(Wrong::kReplay,
           absl::StrCat("request ", pending_->request_id, " was in the history as revision ",
                        *expected_, " (0: was not), its retry answered revision ",
                        result.revision(), result.replayed() ? " replayed" : " anew"));
  }
}

void Writer::Accept(const google::protobuf::Message& answer) {
  const v1::WriteResult& result = ResultOf(answer);
  told_->Raise(result.revision());
  CheckReplay(result);
  if (!result.changed()) {
    if (pending_->validate_only && result.revision() != 0) {
      Report(Wrong::kHalf, "validate_only was given a revision");
    }
    not_done_.push_back(pending_->request_id);
    return;
  }
  if (pending_->validate_only) Report(Wrong::kHalf, "validate_only changed something");
  if (result.revision() <= newest_) {
    Report(Wrong::kOrder,
           absl::StrCat("revision ", result.revision(), " was answered after ", newest_));
  }
  ++counts_.done;
  if (result.replayed()) ++counts_.replayed;
  newest_ = result.revision();
  Apply(answer, result);
  done_.push_back({result.revision(), pending_->request_id, result.plan()});
  answered_.push_back({pending_->call, FirstBytesOf(answer), result.revision()});
  if (answered_.size() > kAnsweredMax) answered_.pop_front();
}

void Writer::Apply(const google::protobuf::Message& answer, const v1::WriteResult& result) {
  for (const v1::Plan::Step& step : result.plan().steps()) {
    if (step.action() == v1::Plan::ACTION_DELETE) {
      objects_.erase(step.resource());
    } else {
      objects_[step.resource()] = {result.revision(), "", ""};
    }
  }
  const std::optional<Image> image = ImageIn(answer);
  if (image && image->update_revision == result.revision()) {
    objects_[image->name] = {image->update_revision, image->etag, image->bytes};
  }
}

bool Writer::Repeat(Stub* stub) {
  const Answered& old = answered_[operations_.Pick(answered_.size())];
  const absl::StatusOr<Answer> answer = Send(old.call, stub);
  if (!answer.ok() && IsOutage(answer.status())) return false;
  gate_->Progress();
  ++counts_.repeated;
  if (!answer.ok()) {
    Report(Wrong::kReplay,
           absl::StrCat("the request of revision ", old.revision,
                        " was refused when it was repeated: ", answer.status().ToString()));
  } else if (!ResultOf(**answer).replayed() || FirstBytesOf(**answer) != old.bytes) {
    Report(Wrong::kReplay, absl::StrCat("the request of revision ", old.revision,
                                        " got another answer when it was repeated: ",
                                        (*answer)->ShortDebugString()));
  }
  return true;
}

}  // namespace netstackd::crash
