#include "server/rpc/explanation.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "core/queries.h"
#include "server/codec/api_names.h"
#include "server/codec/api_sentences.h"
#include "server/codec/api_views.h"
#include "server/rpc/move_walk.h"
#include "server/rpc/transactions.h"

namespace netstackd::rpc {
namespace {

constexpr int kMovesMax = 10;
// More than moves: in a transaction that moved it away and back it did not move.
constexpr std::size_t kLooksMax = 20;

// What one look at the state brings.
struct Subject {
  codec::AddressView view;
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
        return absl::OkStatus();
      });
  NSD_RETURN_IF_ERROR(CheckRevision(backend, request.min_revision(), subject.revision));
  NSD_RETURN_IF_ERROR(found);
  return subject;
}

void SetBecause(std::vector<std::string> sentences, v1::ExplainAddressResponse* response) {
  response->clear_because();
  for (std::string& sentence : sentences) response->add_because(std::move(sentence));
}

// What is known without the transaction that placed it.
std::vector<std::string> FromPlacement(const Backend& backend, const core::Address& address,
                                       NameHistory* history) {
  const core::Placement& placement = address.placement;
  std::vector<std::uint64_t> uids;
  for (const core::InterfaceUid uid : {placement.subject, address.bound}) {
    if (uid) uids.push_back(uid.value());
  }
  codec::Names names = NamesNow(uids, *backend.executor);
  for (const std::uint64_t uid : uids) {
    if (const auto then = history->At(uid, placement.revision)) names.Add(uid, *then);
  }
  return codec::BecauseSentences(codec::FactsOf(placement, address.bound, names));
}

}  // namespace

absl::Status StartExplanation(const Backend& backend, NameHistory* names,
                              const v1::ExplainAddressRequest& request,
                              v1::ExplainAddressResponse* response,
                              std::function<void(absl::Status)> done) {
  NSD_ASSIGN_OR_RETURN(const Subject subject, Look(backend, request));
  codec::Render(subject.view, response->mutable_address());
  response->set_revision(subject.revision);
  const core::Image<core::Address> image = subject.view.image;

  const auto visit = [response, image](const FoundMove& found) {
    if (response->moves_size() == kMovesMax) return false;
    if (response->moves().empty() && found.move.revision() == image->placement.revision) {
      SetBecause(codec::BecauseSentences(found.facts), response);
    }
    *response->add_moves() = found.move;
    return true;
  };
  const auto finish = [backend, names, response, image,
                       done = std::move(done)](const absl::StatusOr<MovePosition>& rest) {
    if (response->because().empty() && image->placement.revision > 0) {
      SetBecause(FromPlacement(backend, *image, names), response);
    }
    done(rest.status());
  };
  const MoveScope scope{.address = image->uid, .group = {}};
  const MoveWalk::Range range{{image->placement.revision, 0}, kLooksMax};
  return backend.worker->Post(
      [=] { MoveWalk::Start(backend, names, scope, range, visit, finish); });
}

}  // namespace netstackd::rpc
