#include "core/edit.h"

namespace netstackd::core {
namespace {

template <typename T>
std::uint64_t UidOf(const Change<T>& change) {
  return (change.before ? change.before : change.after)->uid.value();
}

// Equal but for the stamp of the last change.
template <typename T>
bool SameContent(const T& before, const T& after) {
  if (before.meta.update_revision == after.meta.update_revision) return before == after;
  T copy = after;
  copy.meta.update_revision = before.meta.update_revision;
  copy.meta.update_time = before.meta.update_time;
  return before == copy;
}

}  // namespace

Order Edit::NextOrder() {
  ++last_;
  NSD_CHECK((last_ >> kOrderBits) == static_cast<Order>(context_.revision));
  return last_;
}

void Edit::Record(Delta delta) {
  Fold(state_, delta);
  std::visit(
      [this](auto& change) {
        using T = std::remove_const_t<typename std::decay_t<decltype(change.before)>::element_type>;
        std::get<Newest<T>>(newest_) = {decltype(T::uid)(UidOf(change)), change.after.get()};
        const auto [at, fresh] = touched_.try_emplace(UidOf(change), net_.size());
        if (fresh) net_.emplace_back(std::move(change));
      },
      delta);
}

void Edit::StampPlacement(const Image<Address>& before, Address& after) const {
  const auto touched = touched_.find(after.uid.value());
  const Image<Address>& first =
      touched == touched_.end() ? before : std::get<Change<Address>>(net_[touched->second]).before;
  if (first && first->bound == after.bound) {
    after.placement = first->placement;
    return;
  }
  Placement placement{.subject = reason_.subject, .cause = reason_.cause};
  if (first) {
    placement.moves = first->placement.moves;
    if (first->bound) {
      placement.from = first->bound;
    } else if (first->up) {
      placement.from = first->placement.from;
    }
  }
  if (placement.from && after.bound && placement.from != after.bound) ++placement.moves;
  placement.seen = reason_.seen;
  placement.since = context_.now;
  placement.revision = context_.revision;
  after.placement = placement;
}

std::vector<Delta> Edit::Finish() {
  std::vector<Delta> result;
  for (Delta& delta : net_) {
    std::visit(
        [&](auto& change) {
          using T =
              std::remove_const_t<typename std::decay_t<decltype(change.before)>::element_type>;
          change.after = state_.image<T>(decltype(T::uid)(UidOf(change)));
          if (!change.before && !change.after) return;
          if (change.before && change.after && SameContent(*change.before, *change.after)) {
            Fold(state_, Change<T>{change.after, change.before});
            return;
          }
          result.emplace_back(std::move(change));
        },
        delta);
  }
  finished_ = true;
  return result;
}

Edit::~Edit() {
  if (finished_) return;
  for (auto delta = net_.rbegin(); delta != net_.rend(); ++delta) {
    std::visit(
        [&](auto& change) {
          using T =
              std::remove_const_t<typename std::decay_t<decltype(change.before)>::element_type>;
          const Image<T> now = state_.image<T>(decltype(T::uid)(UidOf(change)));
          if (now != change.before) Fold(state_, Change<T>{now, change.before});
        },
        *delta);
  }
  if (context_.trace != nullptr) context_.trace->Discard();
}

Because::Because(Edit& edit, const Reason& reason) : edit_(edit), outermost_(!edit.because_) {
  if (!outermost_) return;
  edit_.because_ = true;
  edit_.reason_ = reason;
}

Because::~Because() {
  if (!outermost_) return;
  edit_.because_ = false;
  edit_.reason_ = Reason{.seen = edit_.context_.now};
}

}  // namespace netstackd::core
