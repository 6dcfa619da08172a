#include "server/rpc/name_history.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "server/codec/journal_codec.h"

namespace netstackd::rpc {
namespace {

constexpr std::int64_t kNameSlice = 500;

}  // namespace

void NameHistory::Reach(executor::Revision revision, std::function<void()> done) {
  worker_->Continue([this, search = Search{revision, kLookMax, std::move(done)}]() mutable {
    Step(std::move(search));
  });
}

void NameHistory::Step(Search search) {
  const executor::Revision head =
      executor_->Read([](const core::State&, executor::Revision published) { return published; });
  const executor::Revision kept = executor_->GetStatus().extent.first;
  executor::Revision from = 0;
  executor::Revision to = 0;
  bool upwards = false;
  {
    MutexLock lock(&mu_);
    if (first_ == 0) {
      first_ = head + 1;
      last_ = head;
    }
    Forget(kept);
    upwards = last_ < head;
    from = upwards ? last_ + 1 : std::max({first_ - kNameSlice, kept, search.revision + 1});
    to = upwards ? std::min(head, last_ + kNameSlice) : first_ - 1;
  }
  if (from > to || search.left <= 0) return search.done();
  search.left -= to - from + 1;
  const std::int64_t count = to - from + 1;
  executor_->History(from, to, count,
                     [this, upwards, search = std::move(search)](
                         absl::StatusOr<std::vector<storage::Record>> records) mutable {
                       worker_->Continue([this, upwards, search = std::move(search),
                                          records = std::move(records)]() mutable {
                         Take(std::move(search), upwards, records);
                       });
                     });
}

void NameHistory::Take(Search search, bool upwards,
                       const absl::StatusOr<std::vector<storage::Record>>& records) {
  // Compacted meanwhile, or too busy: what is known is known.
  if (!records.ok() || records->empty()) return search.done();
  if (upwards) {
    for (auto record = records->begin(); record != records->end(); ++record) Note(*record);
  } else {
    for (auto record = records->rbegin(); record != records->rend(); ++record) Note(*record);
  }
  Step(std::move(search));
}

void NameHistory::Note(const storage::Record& record) {
  const auto deltas = codec::DecodeDeltas(record.deltas);
  MutexLock lock(&mu_);
  const bool above = record.revision == last_ + 1;
  const bool below = record.revision == first_ - 1;
  if (!above && !below) return;
  (above ? last_ : first_) = record.revision;
  // A record that cannot be read is told where it is asked for.
  if (deltas.ok()) NoteEnds(record.revision, *deltas);
}

void NameHistory::NoteEnds(executor::Revision revision, const std::vector<core::Delta>& deltas) {
  for (const core::Delta& delta : deltas) {
    if (const auto* group = std::get_if<core::Change<core::Group>>(&delta)) {
      if (group->before && (!group->after || group->after->name != group->before->name)) {
        NoteEnd(group->before->uid.value(), revision, group->before->name);
      }
    } else if (const auto* interface = std::get_if<core::Change<core::Interface>>(&delta)) {
      if (interface->before && !interface->after) {
        NoteEnd(interface->before->uid.value(), revision, interface->before->name);
      }
    }
  }
}

void NameHistory::NoteEnd(std::uint64_t uid, executor::Revision revision, const std::string& name) {
  if (size_ >= kNamesMax) return;
  if (ended_[uid].emplace(revision, name).second) ++size_;
}

void NameHistory::Forget(executor::Revision kept) {
  if (size_ < kNamesMax) return;
  for (auto of_one = ended_.begin(); of_one != ended_.end();) {
    auto& names = of_one->second;
    const auto end = names.lower_bound(kept);
    size_ -= static_cast<std::size_t>(std::distance(names.begin(), end));
    names.erase(names.begin(), end);
    of_one = names.empty() ? ended_.erase(of_one) : std::next(of_one);
  }
}

std::optional<std::string> NameHistory::At(std::uint64_t uid, executor::Revision revision) const {
  MutexLock lock(&mu_);
  const auto found = ended_.find(uid);
  if (found == ended_.end()) return std::nullopt;
  const auto next = found->second.upper_bound(revision);
  if (next == found->second.end()) return std::nullopt;
  return next->second;
}

}  // namespace netstackd::rpc
