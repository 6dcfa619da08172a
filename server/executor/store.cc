#include "server/executor/store.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "server/codec/journal_codec.h"

namespace netstackd::executor {
namespace {

constexpr absl::Duration kProbeFirst = absl::Milliseconds(100);
constexpr absl::Duration kProbeMax = absl::Seconds(10);
// As many failures in a row are no accident: writes are refused for a while.
constexpr int kFailuresMax = 2;
// Room beside that for the bytes of a write: pages of the log, and their place in the database.
constexpr std::int64_t kRoomMargin = 256 << 10;
// Revisions read at a time when the trail has to be marked again.
constexpr std::int64_t kMarkChunk = 1000;

// What the callers of a batch get that is not in the journal.
absl::Status Dropped(const absl::Status& cause) {
  if (cause.code() == absl::StatusCode::kInvalidArgument) {
    return MakeError(ErrorReason::kInvariantViolated,
                     absl::StrCat("the journal refused what it was given: ", cause.message()));
  }
  if (cause.code() == absl::StatusCode::kResourceExhausted) {
    return MakeError(ErrorReason::kResourceExhausted,
                     absl::StrCat("nothing was changed: ", cause.message()));
  }
  return MakeError(
      ErrorReason::kStoreReadOnly,
      absl::StrCat("nothing was changed, the journal could not be written: ", cause.message()));
}

absl::Status Unknown(const std::string& reason) {
  return MakeError(ErrorReason::kOutcomeUnknown,
                   absl::StrCat("the change may or may not be durable; try again with the same "
                                "request id: ",
                                reason));
}

template <typename T, typename Uid = decltype(T::uid)>
codec::AnyImage ImageIn(const core::State& state, std::uint64_t uid) {
  return state.image<T>(Uid(uid));
}

// Holds a null pointer if the object is gone.
codec::AnyImage ImageIn(const core::State& state, const codec::ObjectKey& key) {
  switch (key.kind) {
    case codec::ObjectKind::kGroup:
      return ImageIn<core::Group>(state, key.uid);
    case codec::ObjectKind::kInterface:
      return ImageIn<core::Interface>(state, key.uid);
    case codec::ObjectKind::kAddress:
      return ImageIn<core::Address>(state, key.uid);
    case codec::ObjectKind::kArpEntry:
      break;
  }
  return ImageIn<core::ArpEntry>(state, key.uid);
}

bool IsNull(const codec::AnyImage& image) {
  return std::visit([](const auto& pointer) { return pointer == nullptr; }, image);
}

bool IsCreation(const core::Delta& delta) {
  return std::visit([](const auto& change) { return change.before == nullptr; }, delta);
}

}  // namespace

Store::Store(const Options& options, storage::Journal* journal, Published* published,
             RecentRecords* recent, WriteGate* gate, storage::Revision floor)
    : options_(options),
      journal_(journal),
      published_(published),
      recent_(recent),
      gate_(gate),
      kept_(KeptHistory::LimitsOf(options)),
      trail_(floor),
      probe_wait_(kProbeFirst) {}

void Store::Remember(std::shared_ptr<const storage::Record> record,
                     const std::vector<core::Delta>& deltas) {
  const auto mark = MarkOf(record->principal, record->request_id, record->request_hash);
  // The table may have what was created above the floor: its chunks run ahead.
  for (const core::Delta& delta : deltas) trail_.Mark(codec::KeyOf(delta), record->revision);
  Remember(std::move(record), mark);
}

void Store::Remember(std::shared_ptr<const storage::Record> record,
                     const std::optional<RequestMark>& mark) {
  if (mark) memory_.Remember(record->revision, *mark);
  kept_.Add(*record);
  recent_->Add(std::move(record));
}

void Store::Begin(core::State state, storage::Revision revision) {
  head_ = revision;
  MutexLock lock(&published_->mu);
  published_->state = std::move(state);
  published_->revision = revision;
}

Fate Store::Commit(Batch* batch, absl::Status* error) {
  const absl::Status appended = journal_->Append(head_, batch->records);
  if (appended.ok()) {
    failures_ = 0;
    probe_wait_ = kProbeFirst;
    Publish(batch);
    return Fate::kPublished;
  }
  if (appended.code() == absl::StatusCode::kInvalidArgument) {  // refused before anything was done
    *error = Dropped(appended);
    return Fate::kDropped;
  }
  const std::int64_t bytes = batch->bytes;
  const Fate fate = Resolve(batch);
  if (fate != Fate::kUnknown) Rest(appended, bytes);
  if (fate == Fate::kDropped) *error = Dropped(appended);
  if (fate == Fate::kUnknown) *error = Unknown(gate_->reason().value_or(""));
  return fate;
}

void Store::Publish(Batch* batch) {
  Changes changes;
  changes.reserve(batch->records.size());
  for (std::size_t i = 0; i < batch->records.size(); ++i) {
    auto record = std::make_shared<const storage::Record>(std::move(batch->records[i]));
    head_ = record->revision;
    for (const core::Delta& delta : batch->deltas[i]) {
      trail_.Mark(codec::KeyOf(delta), head_, IsCreation(delta));
    }
    Remember(record, batch->marks[i]);
    changes.push_back(std::make_shared<const Change>(
        Change{.record = std::move(record), .deltas = std::move(batch->deltas[i])}));
  }
  std::array<std::shared_ptr<Listener>, kSeats> listeners;
  {
    MutexLock lock(&published_->mu);
    std::swap(published_->state, batch->state);  // the old one is destroyed without the lock
    published_->revision = head_;
    listeners = published_->listeners;
  }
  for (const auto& listener : listeners) {
    if (listener != nullptr) listener->Published(changes);
  }
}

Fate Store::Resolve(Batch* batch) {
  const absl::StatusOr<storage::Extent> extent = journal_->Reopen();
  if (!extent.ok()) return Close(std::string(extent.status().message()), false);
  const auto count = static_cast<storage::Revision>(batch == nullptr ? 0 : batch->records.size());
  const bool there =
      count > 0 && extent->head == head_ + count && LastIsOurs(batch->records.back());
  if (!there && extent->head != head_) {
    return Close(absl::StrCat("the journal ends at revision ", extent->head, ", and not at ", head_,
                              " where this server left it; restart the server"),
                 true);
  }
  // Always: a lost chunk need not have moved the floor.
  const absl::Status marked = MarkAgain(extent->floor);
  if (!marked.ok()) return Close(std::string(marked.message()), false);
  ForgetBelow(extent->first);
  if (there) Publish(batch);
  probe_at_ = absl::InfiniteDuration();
  gate_->Open();
  return there ? Fate::kPublished : Fate::kDropped;
}

bool Store::LastIsOurs(const storage::Record& record) {
  const auto found = journal_->History(record.revision, record.revision, 1);
  return found.ok() && found->size() == 1 && found->front() == record;
}

absl::Status Store::MarkAgain(storage::Revision floor) {
  ObjectTrail trail(floor);
  for (storage::Revision from = floor + 1; from <= head_;) {
    NSD_ASSIGN_OR_RETURN(const auto records, journal_->History(from, head_, kMarkChunk));
    if (records.empty()) {
      return MakeError(ErrorReason::kJournalCorrupt,
                       absl::StrCat("revision ", from, " cannot be read back"));
    }
    for (const storage::Record& record : records) {
      NSD_ASSIGN_OR_RETURN(const auto deltas, codec::DecodeDeltas(record.deltas));
      for (const core::Delta& delta : deltas) trail.Mark(codec::KeyOf(delta), record.revision);
    }
    from += static_cast<storage::Revision>(records.size());
  }
  trail_ = std::move(trail);
  return absl::OkStatus();
}

void Store::ForgetBelow(storage::Revision first) {
  memory_.Forget(first);
  recent_->Forget(first);
  kept_.Forget(first);
}

Fate Store::Close(const std::string& reason, bool for_ever) {
  gate_->Close(reason);
  ProbeLater();
  if (for_ever) probe_at_ = absl::InfiniteDuration();
  return Fate::kUnknown;
}

void Store::ProbeLater() {
  probe_at_ = options_.clock->Steady() + probe_wait_;
  probe_wait_ = std::min(2 * probe_wait_, kProbeMax);
}

void Store::Rest(const absl::Status& cause, std::int64_t bytes) {
  const bool full = cause.code() == absl::StatusCode::kResourceExhausted;
  if (++failures_ < kFailuresMax && !full) return;
  resting_ = true;
  needed_ = full ? 2 * bytes + kRoomMargin : 0;
  gate_->Close(std::string(cause.message()));
  ProbeLater();
}

absl::Duration Store::ProbeIn() const { return probe_at_ - options_.clock->Steady(); }

Fate Store::Probe(Batch* undecided) {
  if (ProbeIn() > absl::ZeroDuration()) return Fate::kUnknown;
  if (!resting_) return Resolve(undecided);
  const absl::Status room = journal_->CheckRoom(needed_);
  if (!room.ok()) return Close(std::string(room.message()), false);
  resting_ = false;
  probe_at_ = absl::InfiniteDuration();
  gate_->Open();
  return Fate::kUnknown;  // nothing was undecided
}

void Store::MaintenanceFailed(const absl::Status& status, std::int64_t bytes) {
  gate_->Close(std::string(status.message()));
  if (Resolve(nullptr) != Fate::kUnknown) Rest(status, bytes);
}

bool Store::TrailStep() {
  if (!TrailBehind()) return false;
  const ObjectTrail::Chunk chunk = trail_.Next(options_.checkpoint_chunk, head_);
  std::vector<codec::AnyImage> images;
  images.reserve(chunk.items.size());
  {
    MutexLock lock(&published_->mu);
    for (const ObjectTrail::Item& item : chunk.items) {
      images.push_back(ImageIn(published_->state, item.key));
    }
  }
  std::vector<storage::Object> objects;
  objects.reserve(images.size());
  for (std::size_t i = 0; i < images.size(); ++i) {
    if (chunk.items[i].fresh && IsNull(images[i])) continue;
    storage::Object& object = objects.emplace_back();
    object.key = codec::EncodeKey(chunk.items[i].key);
    object.revision = chunk.items[i].revision;
    if (!IsNull(images[i])) object.body = codec::EncodeImage(images[i]);
  }
  const absl::Status written = journal_->Checkpoint(objects, chunk.floor);
  if (!written.ok()) {
    std::int64_t bytes = 0;
    for (const storage::Object& object : objects) {
      bytes += static_cast<std::int64_t>(object.body.value_or("").size());
    }
    MaintenanceFailed(written, bytes);
  } else {
    trail_.Written(chunk);
  }
  return true;
}

std::int64_t Store::Deletable(storage::Revision asked) const {
  return kept_.KeepFrom(options_.clock->Now(), trail_.floor(), asked, kCompactChunk) -
         kept_.first();
}

bool Store::CompactStep(storage::Revision asked) {
  const std::int64_t count = Deletable(asked);
  if (count == 0) return false;
  const absl::StatusOr<std::int64_t> gone = journal_->Compact(kept_.first() + count, count);
  if (!gone.ok()) {
    MaintenanceFailed(gone.status(), 0);
    return true;
  }
  ForgetBelow(journal_->extent().first);
  return *gone > 0;
}

void Store::Idle() {
  const absl::Status idled = journal_->Idle();
  if (!idled.ok()) MaintenanceFailed(idled, 0);
}

}  // namespace netstackd::executor
