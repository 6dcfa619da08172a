#include "server/codec/api_moves.h"

#include <utility>

#include "server/codec/api_values.h"

namespace netstackd::codec {
namespace {

core::InterfaceUid BoundOf(const core::Image<core::Address>& image) {
  return image ? image->bound : core::InterfaceUid();
}

const core::Address& Shown(const AddressChange& change) {
  return change.after ? *change.after : *change.before;
}

// The placement that the transaction of this revision made; an empty one if it made none: the
// address is gone, or was written when causes were not kept yet.
core::Placement PlacementBy(std::int64_t revision, const AddressChange& change) {
  if (!change.after) return {.cause = core::Cause::kRequest, .revision = revision};
  if (change.after->placement.revision == revision) return change.after->placement;
  return {};
}

}  // namespace

bool IsMove(const AddressChange& change) {
  const bool data = static_cast<bool>(Shown(change).group);
  return data && BoundOf(change.before) != BoundOf(change.after);
}

std::vector<std::uint64_t> UidsOf(const AddressChange& move) {
  std::vector<std::uint64_t> uids = {Shown(move).group.value()};
  for (const core::InterfaceUid uid :
       {BoundOf(move.before), BoundOf(move.after),
        move.after ? move.after->placement.subject : core::InterfaceUid()}) {
    if (uid) uids.push_back(uid.value());
  }
  return uids;
}

MoveTeller::MoveTeller(const std::vector<core::Delta>& deltas, MoveOrigin origin,
                       const Names& names)
    : origin_(std::move(origin)), names_(names) {
  for (const core::Delta& delta : deltas) {
    if (const auto* change = std::get_if<core::Change<core::Interface>>(&delta)) {
      interfaces_[(change->after ? change->after : change->before)->uid] = change;
    }
  }
}

const core::Change<core::Interface>* MoveTeller::ChangeOf(core::InterfaceUid uid) const {
  const auto found = interfaces_.find(uid);
  return found == interfaces_.end() ? nullptr : found->second;
}

MoveFacts MoveTeller::FactsOf(const AddressChange& move) const {
  const core::Placement placement = PlacementBy(origin_.revision, move);
  MoveFacts facts = codec::FactsOf(placement, BoundOf(move.after), names_);
  facts.principal = origin_.principal;
  facts.comment = origin_.comment;
  facts.subject_change = ChangeOf(placement.subject);
  facts.to_change = ChangeOf(BoundOf(move.after));
  facts.address = &move;
  return facts;
}

void MoveTeller::Render(const AddressChange& move, v1::Move* to) const {
  const core::Placement placement = PlacementBy(origin_.revision, move);
  to->set_address(FullName(Shown(move), names_));
  to->set_from_interface(names_.Of(BoundOf(move.before)));
  to->set_to_interface(names_.Of(BoundOf(move.after)));
  to->set_cause(ToProto(placement.cause));
  to->set_cause_detail(CauseSentence(FactsOf(move)));
  const bool seen = placement.seen != absl::Time();
  *to->mutable_event_time() = ToProto(seen ? placement.seen : origin_.time);
  *to->mutable_decided_time() = ToProto(origin_.time);
  to->set_revision(origin_.revision);
  to->set_principal(origin_.principal);
}

MoveFacts FactsOf(const core::Placement& placement, core::InterfaceUid bound, const Names& names) {
  return {.cause = placement.cause,
          .subject = placement.subject ? names.Of(placement.subject) : "an interface",
          .to = names.Of(bound)};
}

}  // namespace netstackd::codec
