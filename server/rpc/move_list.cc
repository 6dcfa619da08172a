#include "server/rpc/move_list.h"

#include <charconv>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/status_macros.h"
#include "core/queries.h"
#include "server/codec/api_names.h"
#include "server/rpc/filter.h"
#include "server/rpc/methods.h"
#include "server/rpc/move_walk.h"
#include "server/rpc/paging.h"

namespace netstackd::rpc {
namespace {

// What is being filled.
struct MovePage {
  std::vector<std::string> arguments;
  Filter filter;
  int size = 0;
  std::size_t bytes = 0;
  v1::ListMovesResponse* response = nullptr;

  // False if it has no room.
  bool Add(const v1::Move& move) {
    if (!filter.Matches(move)) return true;
    bytes += move.ByteSizeLong() + 8;
    const bool room =
        response->moves_size() < size && (response->moves().empty() || bytes <= kPageBytesMax);
    if (room) *response->add_moves() = move;
    return room;
  }
};

// Where a list begins: whose moves, and the newest that can be one.
struct Beginning {
  MoveScope scope;
  executor::Revision newest = 0;
  executor::Revision revision = 0;  // of the state that was read
};

absl::StatusOr<Beginning> Begin(const Backend& backend, const v1::ListMovesRequest& request) {
  const core::Name parent = codec::NameOf(request.parent());
  NSD_RETURN_IF_ERROR(core::FindZone(parent.zone).status());
  Beginning beginning;
  const absl::Status found = backend.executor->Read(
      [&](const core::State& state, executor::Revision revision) -> absl::Status {
        beginning.newest = revision;
        beginning.revision = revision;
        if (request.page().min_revision() > revision || parent.group.empty()) {
          return absl::OkStatus();
        }
        NSD_ASSIGN_OR_RETURN(const core::Group* group, core::GetGroup(state, parent));
        beginning.scope.group = group->uid;
        if (!parent.address) return absl::OkStatus();
        NSD_ASSIGN_OR_RETURN(const core::Address* address, core::GetAddress(state, parent));
        beginning.scope.address = address->uid;
        beginning.newest = address->placement.revision;
        return absl::OkStatus();
      });
  NSD_RETURN_IF_ERROR(CheckRevision(backend, request.page().min_revision(), beginning.revision));
  NSD_RETURN_IF_ERROR(found);
  return beginning;
}

bool ParseNumber(const std::string& text, std::uint64_t* number) {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, *number);
  return error == std::errc() && stop == end;
}

// A token's position is {uid of the scope, revision, deltas seen}: a name may mean somebody else by
// now.
Position PositionOf(const MoveScope& scope, const MovePosition& at) {
  const std::uint64_t uid = scope.address ? scope.address.value() : scope.group.value();
  return {std::to_string(uid), std::to_string(at.revision), std::to_string(at.seen)};
}

absl::StatusOr<MovePosition> Resume(const Beginning& beginning, const Position& position,
                                    executor::Revision kept) {
  std::uint64_t uid = 0;
  std::uint64_t revision = 0;
  std::uint64_t seen = 0;
  if (position.size() != 3 || !ParseNumber(position[0], &uid) ||
      !ParseNumber(position[1], &revision) || !ParseNumber(position[2], &seen)) {
    return InvalidToken();
  }
  const MovePosition at{static_cast<executor::Revision>(revision), seen};
  if (PositionOf(beginning.scope, at) != position || at.revision < 1 ||
      at.revision > beginning.revision) {
    return InvalidToken();
  }
  if (at.revision < kept) {
    return MakeError(ErrorReason::kWatchCompacted,
                     "the next page is no longer in the kept history; start again",
                     {{"firstRevision", std::to_string(kept)}});
  }
  return at;
}

}  // namespace

absl::Status StartMoveList(const Backend& backend, const v1::ListMovesRequest& request,
                           v1::ListMovesResponse* response,
                           std::function<void(absl::Status)> done) {
  const v1::Page& wanted = request.page();
  auto page = std::make_shared<MovePage>();
  page->arguments = {MethodOf(*request.GetDescriptor()), request.parent(), wanted.filter()};
  NSD_ASSIGN_OR_RETURN(page->filter, Filter::Parse(wanted.filter(), v1::Move::descriptor()));
  NSD_ASSIGN_OR_RETURN(const Position position, DecodeToken(page->arguments, wanted.page_token()));
  page->size = PageSize(wanted);
  page->response = response;
  NSD_ASSIGN_OR_RETURN(const Beginning beginning, Begin(backend, request));
  MovePosition from{beginning.newest, 0};
  if (!position.empty()) {
    const executor::Revision kept = backend.executor->GetStatus().extent.first;
    NSD_ASSIGN_OR_RETURN(from, Resume(beginning, position, kept));
  }
  response->mutable_page()->set_revision(beginning.revision);

  const auto visit = [page](const FoundMove& found) { return page->Add(found.move); };
  const auto finish = [page, scope = beginning.scope,
                       done = std::move(done)](absl::StatusOr<MovePosition> rest) {
    if (rest.ok() && rest->revision > 0) {
      page->response->mutable_page()->set_next_page_token(
          EncodeToken(page->arguments, PositionOf(scope, *rest)));
    }
    done(rest.status());
  };
  return backend.worker->Post([=] {
    MoveWalk::Start(backend, beginning.scope, {from, kPageCostMax}, visit, finish);
  });
}

}  // namespace netstackd::rpc
