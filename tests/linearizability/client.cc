#include "tests/linearizability/client.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "tests/crash/call.h"

namespace netstackd::linearizability {
namespace {

constexpr absl::Duration kDeadline = absl::Seconds(20);
constexpr char kLabel[] = "value";

std::int64_t Now() { return absl::ToInt64Nanoseconds(Clock::Real().Steady()); }

v1::Group GroupOf(const std::string& name, const std::string& value) {
  v1::Group group;
  group.set_name(name);
  group.mutable_spec()->set_ipv4(true);
  (*group.mutable_meta()->mutable_labels())[kLabel] = value;
  return group;
}

std::string ValueOf(const v1::Group& group) {
  const auto found = group.meta().labels().find(kLabel);
  return found == group.meta().labels().end() ? "" : found->second;
}

// The rules refused it because of what is there.
bool IsRefusal(const absl::Status& status) {
  return absl::IsAlreadyExists(status) || absl::IsNotFound(status) || absl::IsAborted(status);
}

}  // namespace

Client::Client(std::uint64_t seed, int number, crash::Gate* gate)
    : number_(number), gate_(gate), random_(seed * 100 + static_cast<std::uint64_t>(number)) {}

void Client::Begin(const std::vector<std::string>& objects) {
  objects_ = objects;
  etags_.clear();
  noted_.clear();
  pending_.reset();
}

void Client::Run() {
  while (const auto life = gate_->Enter()) {
    // Another connection in every life, and not that of the neighbour.
    const auto at = static_cast<std::size_t>(number_ + Pick(2)) % life->stubs.size();
    IpmpClient ipmp(life->stubs[at].get(), kDeadline);
    bool answered = true;
    while (answered && (pending_ || !life->last)) {
      if (!pending_) pending_ = Next();
      answered = Attempt(&ipmp);
    }
  }
}

Client::Pending Client::Next() {
  Pending pending;
  pending.object = objects_[static_cast<std::size_t>(Pick(static_cast<int>(objects_.size())))];
  const std::uint64_t high = random_();
  pending.request_id = crash::RequestIdOf(high, random_());
  Operation& operation = pending.operation;
  operation.client = number_;
  const int pick = Pick(10);
  operation.action = pick < 4   ? Action::kRead
                     : pick < 7 ? Action::kUpdate
                     : pick < 9 ? Action::kCreate
                                : Action::kDelete;
  if (operation.action == Action::kCreate || operation.action == Action::kUpdate) {
    operation.value = absl::StrCat("c", number_, "-", ++writes_);
  }
  if ((operation.action == Action::kUpdate || operation.action == Action::kDelete) &&
      Pick(2) == 0) {
    operation.if_etag = etags_[pending.object];
  }
  operation.invoked = Now();
  return pending;
}

Client::Result Client::Ask(IpmpClient* ipmp) const {
  const Operation& operation = pending_->operation;
  const CallOptions options{.request_id = pending_->request_id, .etag = operation.if_etag};
  const auto of = [](const auto& answer) -> Result {
    if (!answer.ok()) return {answer.status(), "", ""};
    return {absl::OkStatus(), ValueOf(answer->object), answer->object.meta().etag()};
  };
  switch (operation.action) {
    case Action::kCreate:
      return of(ipmp->CreateGroup(GroupOf(pending_->object, operation.value), options));
    case Action::kUpdate:
      return of(
          ipmp->UpdateGroup(GroupOf(pending_->object, operation.value), {"meta.labels"}, options));
    case Action::kDelete: {
      DeleteOptions remove;
      remove.call = options;
      return {ipmp->DeleteGroup(pending_->object, remove).status(), "", ""};
    }
    case Action::kRead:
      break;
  }
  return of(ipmp->GetGroup(pending_->object));
}

bool Client::Attempt(IpmpClient* ipmp) {
  const Result result = Ask(ipmp);
  if (crash::IsOutage(result.status)) {
    // A read is not worth it, and now and then somebody gives up.
    if (pending_->operation.action == Action::kRead || Pick(4) == 0) {
      Note(Outcome::kUnknown, result);
    }
    return false;
  }
  gate_->Progress();
  if (!result.status.ok() && !IsRefusal(result.status)) {
    odd_.push_back(absl::StrCat(ToText(pending_->operation), ": ", result.status.ToString()));
  }
  Note(result.status.ok() ? Outcome::kDone : Outcome::kRefused, result);
  return true;
}

void Client::Note(Outcome outcome, const Result& result) {
  Operation operation = std::move(pending_->operation);
  const std::string object = std::move(pending_->object);
  pending_.reset();
  operation.outcome = outcome;
  if (outcome != Outcome::kUnknown) operation.returned = Now();
  if (outcome == Outcome::kDone) {
    operation.etag = result.etag;
    if (operation.action == Action::kRead) operation.value = result.value;
    if (!result.etag.empty()) etags_[object] = result.etag;
  }
  noted_[object].push_back(std::move(operation));
}

}  // namespace netstackd::linearizability
