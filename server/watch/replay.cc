#include "server/watch/replay.h"

#include <utility>

#include "base/check.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "server/watch/images.h"

namespace netstackd::watch {

absl::StatusOr<std::shared_ptr<const executor::Change>> DecodeChange(storage::Record record) {
  NSD_ASSIGN_OR_RETURN(auto deltas, codec::DecodeDeltas(record.deltas));
  auto change = std::make_shared<executor::Change>();
  change->record = std::make_shared<const storage::Record>(std::move(record));
  change->deltas = std::move(deltas);
  return std::shared_ptr<const executor::Change>(std::move(change));
}

absl::Status Replay::Note(const std::vector<storage::Record>& page, Revision present) {
  for (const storage::Record& record : page) {
    if (record.revision > present) break;
    NSD_ASSIGN_OR_RETURN(const auto deltas, codec::DecodeDeltas(record.deltas));
    for (const core::Delta& delta : deltas) {
      before_.try_emplace(codec::KeyOf(delta), BeforeOf(delta));
    }
    read_ = record.revision;
  }
  return absl::OkStatus();
}

void Replay::Rewind(const Replica& present) {
  NSD_CHECK(read_ == present.revision());
  core::State state = present.state();
  for (const auto& [key, image] : before_) SetImage(state, key, image);
  before_.clear();
  old_.emplace(std::move(state), after_);
  read_ = after_;
}

absl::StatusOr<std::shared_ptr<RevisionEvents>> Replay::Advance(storage::Record record) {
  if (record.revision != old_->revision() + 1) {
    return MakeError(ErrorReason::kJournalCorrupt,
                     "the history has a gap before revision " + std::to_string(record.revision));
  }
  NSD_ASSIGN_OR_RETURN(const auto change, DecodeChange(std::move(record)));
  read_ = change->record->revision;
  return old_->Advance(*change, true);
}

}  // namespace netstackd::watch
