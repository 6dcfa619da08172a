#include "server/rpc/move_walk.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/error.h"
#include "server/codec/journal_codec.h"
#include "server/rpc/transactions.h"

namespace netstackd::rpc {
namespace {

constexpr std::int64_t kMoveSlice = 100;

}  // namespace

void MoveWalk::Start(const Backend& backend, const MoveScope& scope, const Range& range,
                     Visit visit, Done done) {
  std::shared_ptr<MoveWalk> walk(new MoveWalk(backend, scope, range));
  walk->visit_ = std::move(visit);
  walk->done_ = std::move(done);
  walk->Step();
}

void MoveWalk::GoOn(void (MoveWalk::*step)()) {
  backend_.worker->Continue([self = shared_from_this(), step] { (self.get()->*step)(); });
}

void MoveWalk::Step() {
  const executor::Revision kept = backend_.executor->GetStatus().extent.first;
  if (at_.revision < kept) at_ = {};
  if (full_ || at_.revision == 0 || looks_ == 0) return Finish(absl::OkStatus());
  if (OfOneAddress()) return Read(1);
  const std::int64_t most = std::min(kMoveSlice, static_cast<std::int64_t>(looks_));
  const std::int64_t count = std::min(most, at_.revision - kept + 1);
  history_->Reach(at_.revision - count, [self = shared_from_this(), count] { self->Read(count); });
}

void MoveWalk::Read(std::int64_t count) {
  backend_.executor->History(
      at_.revision - count + 1, at_.revision, count,
      [self = shared_from_this()](absl::StatusOr<std::vector<storage::Record>> records) {
        self->backend_.worker->Continue(
            [self, records = std::move(records)]() mutable { self->Take(std::move(records)); });
      });
}

void MoveWalk::Take(absl::StatusOr<std::vector<storage::Record>> records) {
  if (ReasonOf(records.status()) == ErrorReason::kWatchCompacted ||
      (records.ok() && records->empty())) {
    at_ = {};
    return Finish(absl::OkStatus());
  }
  if (!records.ok()) return Finish(records.status());
  waiting_ = std::move(*records);
  LookAtNext();
}

void MoveWalk::LookAtNext() {
  while (!waiting_.empty() && !full_) {
    auto deltas = codec::DecodeDeltas(waiting_.back().deltas);
    if (!deltas.ok()) return Finish(deltas.status());
    const Shared looked(new Looked{std::move(waiting_.back()), std::move(*deltas)});
    waiting_.pop_back();
    --looks_;
    if (MovesIn(*looked).empty()) {
      Pass(*looked);
      continue;
    }
    bool all = false;
    const codec::Names names = NamesAt(*looked, &all);
    if (all) {
      Tell(*looked, names);
      continue;
    }
    history_->Reach(looked->record.revision, [self = shared_from_this(), looked] {
      bool found = false;
      self->Tell(*looked, self->NamesAt(*looked, &found));
      self->GoOn(&MoveWalk::LookAtNext);
    });
    return;
  }
  GoOn(&MoveWalk::Step);
}

std::vector<MoveWalk::Wanted> MoveWalk::MovesIn(const Looked& looked) const {
  std::vector<Wanted> moves;
  for (std::size_t i = at_.seen; i < looked.deltas.size(); ++i) {
    const auto* change = std::get_if<codec::AddressChange>(&looked.deltas[i]);
    if (change == nullptr || !codec::IsMove(*change)) continue;
    const core::Address& shown = change->after ? *change->after : *change->before;
    const bool wanted =
        OfOneAddress() ? shown.uid == scope_.address : !scope_.group || shown.group == scope_.group;
    if (wanted) moves.push_back({i, change});
  }
  return moves;
}

codec::Names MoveWalk::NamesAt(const Looked& looked, bool* all) const {
  std::set<std::uint64_t> uids;
  core::GroupUid group;
  for (const Wanted& move : MovesIn(looked)) {
    for (const std::uint64_t uid : codec::UidsOf(*move.change)) uids.insert(uid);
    group = (move.change->after ? move.change->after : move.change->before)->group;
  }
  const codec::Names now = NamesNow({uids.begin(), uids.end()}, *backend_.executor);
  codec::Names names = now;
  for (const std::uint64_t uid : uids) {
    if (const auto then = history_->At(uid, looked.record.revision)) names.Add(uid, *then);
  }
  names.Add(looked.deltas);
  *all = std::all_of(uids.begin(), uids.end(), [&](std::uint64_t uid) { return names.Has(uid); });
  // The caller knows it by this name, and older ones would have to be searched for.
  if (OfOneAddress() && now.Has(group.value())) names.Add(group.value(), now.Of(group));
  return names;
}

void MoveWalk::Tell(const Looked& looked, const codec::Names& names) {
  const storage::Record& record = looked.record;
  const codec::MoveTeller teller(
      looked.deltas, {record.revision, record.time, record.principal, record.comment}, names);
  for (const Wanted& move : MovesIn(looked)) {
    v1::Move told;
    teller.Render(*move.change, &told);
    const codec::MoveFacts facts = teller.FactsOf(*move.change);
    full_ = !visit_({told, facts});
    if (full_) return;
    at_.seen = move.index + 1;
  }
  Pass(looked);
}

void MoveWalk::Pass(const Looked& looked) {
  const executor::Revision revision = looked.record.revision;
  at_ = {revision - 1, 0};
  if (!OfOneAddress()) return;
  at_ = {};
  for (const core::Delta& delta : looked.deltas) {
    const auto* change = std::get_if<codec::AddressChange>(&delta);
    if (change == nullptr || change->before == nullptr) continue;
    // Never upwards, whatever is in the images.
    if (change->before->uid == scope_.address && change->before->placement.revision < revision) {
      at_.revision = change->before->placement.revision;
    }
  }
}

void MoveWalk::Finish(const absl::Status& status) {
  const Done done = std::move(done_);
  if (status.ok()) {
    done(at_);
  } else {
    done(status);
  }
}

}  // namespace netstackd::rpc
