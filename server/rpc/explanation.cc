#include "server/rpc/explanation.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "core/health/outlook.h"
#include "core/queries.h"
#include "server/codec/api_names.h"
#include "server/codec/api_sentences.h"
#include "server/codec/api_values.h"
#include "server/codec/api_views.h"
#include "server/rpc/move_walk.h"
#include "server/rpc/name_history.h"
#include "server/rpc/transactions.h"

namespace netstackd::rpc {
namespace {

constexpr int kMovesMax = 10;
// More than moves: in a transaction that moved it away and back it did not move.
constexpr std::size_t kLooksMax = 20;

// What one look at the state brings.
struct Subject {
  codec::AddressView view;
  core::health::Outlook outlook;
  executor::Revision revision = 0;
};

absl::StatusOr<Subject> Look(const Backend& backend, const v1::ExplainAddressRequest& request) {
  const core::Name name = codec::NameOf(request.name());
  Subject subject;
  const absl::Status found = backend.executor->Read(
      [&](const core::State& state, executor::Revision revision) -> absl::Status {
        subject.revision = revision;
        if (request.min_revision() > revision) return absl::OkStatus();
        NSD_ASSIGN_OR_RETURN(const core::Address* address, core::GetAddress(state, name));
        subject.view = codec::Collect(state, *address);
        subject.outlook = core::health::OutlookOf(state, *address);
        return absl::OkStatus();
      });
  NSD_RETURN_IF_ERROR(CheckRevision(backend, request.min_revision(), subject.revision));
  NSD_RETURN_IF_ERROR(found);
  return subject;
}

void Append(std::vector<std::string> sentences,
            google::protobuf::RepeatedPtrField<std::string>* to) {
  for (std::string& sentence : sentences) *to->Add() = std::move(sentence);
}

// What these interfaces are called, or were when the address was placed.
codec::Names NamesOf(const std::vector<core::InterfaceUid>& interfaces, executor::Revision revision,
                     const executor::Executor& executor, const NameHistory& history) {
  std::vector<std::uint64_t> uids;
  for (const core::InterfaceUid uid : interfaces) {
    if (uid) uids.push_back(uid.value());
  }
  codec::Names names = NamesNow(uids, executor);
  for (const std::uint64_t uid : uids) {
    if (const auto then = history.At(uid, revision)) names.Add(uid, *then);
  }
  return names;
}

// What is known without the transaction that placed it.
std::vector<std::string> BecauseOf(const core::Address& address, const codec::Names& names) {
  if (address.placement.revision > 0) {
    return codec::BecauseSentences(codec::FactsOf(address.placement, address.bound, names));
  }
  if (address.duplicate) return {"the address is in use elsewhere"};
  if (!address.up) return {"the address is down"};
  if (!address.bound) return {"no interface of the group is active"};
  return {};
}

// What does not stand in the moves.
void Complete(const Subject& subject, const codec::Names& names,
              v1::ExplainAddressResponse* response) {
  const core::Address& address = *subject.view.image;
  const core::GroupSpec& group = subject.view.group->spec;
  if (response->because().empty()) Append(BecauseOf(address, names), response->mutable_because());
  const absl::Duration hold = group.failback.value_or(true)
                                  ? group.failback_hold.value_or(absl::ZeroDuration())
                                  : absl::ZeroDuration();
  Append(codec::NextSentences(subject.outlook, names, hold), response->mutable_next());
  if (!subject.outlook.back_to) return;
  response->set_back_to(names.Of(subject.outlook.back_to));
  if (subject.outlook.back_at) {
    *response->mutable_back_time() = codec::ToProto(*subject.outlook.back_at);
  }
}

// Everything that an explanation names besides the moves.
std::vector<core::InterfaceUid> InterfacesOf(const Subject& subject) {
  std::vector<core::InterfaceUid> uids = subject.outlook.stands_in_for;
  uids.push_back(subject.outlook.back_to);
  for (const auto& missing : subject.outlook.missing) uids.push_back(missing.other);
  uids.push_back(subject.view.image->placement.subject);
  uids.push_back(subject.view.image->bound);
  return uids;
}

}  // namespace

absl::Status StartExplanation(const Backend& backend, const v1::ExplainAddressRequest& request,
                              v1::ExplainAddressResponse* response,
                              std::function<void(absl::Status)> done) {
  NSD_ASSIGN_OR_RETURN(Subject looked, Look(backend, request));
  const auto subject = std::make_shared<const Subject>(std::move(looked));
  const core::Placement& placement = subject->view.image->placement;
  codec::Render(subject->view, response->mutable_address());
  response->set_revision(subject->revision);

  const auto visit = [response, subject](const FoundMove& found) {
    if (response->moves_size() == kMovesMax) return false;
    const bool newest = response->moves().empty();
    if (newest && found.move.revision() == subject->view.image->placement.revision) {
      Append(codec::BecauseSentences(found.facts), response->mutable_because());
    }
    *response->add_moves() = found.move;
    return true;
  };
  const auto finish = [backend, response, subject,
                       done = std::move(done)](const absl::StatusOr<MovePosition>& rest) {
    if (rest.ok()) {
      Complete(*subject,
               NamesOf(InterfacesOf(*subject), subject->view.image->placement.revision,
                       *backend.executor, *backend.names),
               response);
    }
    done(rest.status());
  };
  const MoveScope scope{.address = subject->view.image->uid, .group = {}};
  const MoveWalk::Range range{{placement.revision, 0}, kLooksMax};
  return backend.worker->Post([=] { MoveWalk::Start(backend, scope, range, visit, finish); });
}

}  // namespace netstackd::rpc
