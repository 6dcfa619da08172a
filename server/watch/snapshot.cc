#include "server/watch/snapshot.h"

#include "server/watch/wire.h"

namespace netstackd::watch {
namespace {

constexpr std::uint64_t kLast = ~std::uint64_t{0};

}  // namespace

void SnapshotBuilder::Put(const Key& key, Rendering& rendering) {
  if (rendering.Fits(key.kind, selection_)) {
    objects_[key] = rendering.bytes();
  } else {
    objects_.erase(key);
  }
}

template <typename T>
bool SnapshotBuilder::StepKind(const core::State& state, Kind kind, std::size_t* left) {
  using Uid = decltype(T::uid);
  if (at_.kind > kind) return true;
  const core::Table<T>& table = state.table<T>();
  for (auto row = table.upper_bound(Uid(at_.uid)); row != table.end(); ++row) {
    if (*left == 0) return false;
    at_.uid = row->first.value();
    if (!selection_.Wants(kind)) break;
    View view = codec::Collect(state, *row->second);
    const std::size_t cost = CostOf(view);
    *left -= std::min(*left, cost);
    Rendering rendering(std::move(view));
    Put(at_, rendering);
  }
  at_.uid = kLast;  // a new object of this kind comes by Patch
  return true;
}

bool SnapshotBuilder::Step(const core::State& state, std::size_t objects) {
  std::size_t left = objects;
  if (!StepKind<core::Group>(state, Kind::kGroup, &left)) return false;
  if (at_.kind == Kind::kGroup) at_ = {Kind::kInterface, 0};
  if (!StepKind<core::Interface>(state, Kind::kInterface, &left)) return false;
  if (at_.kind == Kind::kInterface) at_ = {Kind::kAddress, 0};
  return StepKind<core::Address>(state, Kind::kAddress, &left);
}

void SnapshotBuilder::Patch(const RevisionEvents& revision) {
  if (!revision.renames().empty()) {  // names are part of objects that have no event: begin anew
    objects_.clear();
    at_ = Key();
    return;
  }
  for (const auto& event : revision.events()) {
    if (IsDone(event->key)) Put(event->key, event->after);
  }
}

std::shared_ptr<const Snapshot> SnapshotBuilder::Finish(std::size_t part_bytes) {
  auto snapshot = std::make_shared<Snapshot>();
  std::string part;
  const auto flush = [&] {
    if (part.empty()) return;
    AppendBytes(v1::WatchResponse::kSnapshotFieldNumber, part, &snapshot->parts.emplace_back());
    part.clear();
  };
  for (auto row = objects_.begin(); row != objects_.end(); row = objects_.erase(row)) {
    AppendBytes(v1::WatchResponse::Snapshot::kObjectsFieldNumber, row->second, &part);
    if (part.size() >= part_bytes) flush();
  }
  flush();
  return snapshot;
}

}  // namespace netstackd::watch
