#include "storage/journal.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "storage/errors.h"

namespace netstackd::storage {
namespace {

absl::Status Mistake(const std::string& message) {
  return MakeError(ErrorReason::kInvalidRequest, message);
}

absl::Status CheckRecord(const Record& record, Revision expected) {
  if (record.revision != expected) {
    return Mistake(
        absl::StrCat("record ", record.revision, " stands where ", expected, " belongs"));
  }
  if (record.principal.empty()) {
    return Mistake(absl::StrCat("record ", expected, " has no principal"));
  }
  if (record.time == absl::InfiniteFuture() || record.time == absl::InfinitePast()) {
    return Mistake(absl::StrCat("record ", expected, " has no finite time"));
  }
  if (BytesOf(record) > kRecordBytesMax) {
    return Mistake(absl::StrCat("record ", expected, " has more than ", kRecordBytesMax, " bytes"));
  }
  return absl::OkStatus();
}

}  // namespace

std::int64_t BytesOf(const Record& record) {
  return static_cast<std::int64_t>(
      record.principal.size() + record.method.size() + record.peer.size() +
      record.user_agent.size() + record.request_id.size() + record.request_hash.size() +
      record.answer.size() + record.comment.size() + record.deltas.size());
}

absl::Status Journal::Append(Revision expected_head, std::span<const Record> records) {
  if (records.empty()) return Mistake("there is nothing to append");
  if (expected_head < 0) return Mistake("the expected head is negative");
  Revision expected = expected_head;
  for (const Record& record : records) NSD_RETURN_IF_ERROR(CheckRecord(record, ++expected));
  return AppendImpl(expected_head, records);
}

absl::Status Journal::Checkpoint(std::span<const Object> objects, Revision floor) {
  const Extent now = extent();
  if (floor > now.head) {
    return Mistake(absl::StrCat("floor ", floor, " is above the head ", now.head));
  }
  if (floor < now.floor) {
    return Mistake(absl::StrCat("floor ", floor, " is below the present one, ", now.floor));
  }
  for (const Object& object : objects) {
    if (object.key.empty()) return Mistake("an object has no key");
    if (object.revision < 1 || object.revision > now.head) {
      return Mistake(absl::StrCat("an image has revision ", object.revision,
                                  ", which is not one of the journal's"));
    }
    if (object.body && static_cast<std::int64_t>(object.body->size()) > kRecordBytesMax) {
      return Mistake(absl::StrCat("an image has more than ", kRecordBytesMax, " bytes"));
    }
  }
  return CheckpointImpl(objects, floor);
}

absl::StatusOr<std::int64_t> Journal::Compact(Revision keep_from, std::int64_t limit) {
  if (limit < 1) return Mistake("the limit of a compaction is at least 1");
  // The floor itself may go: its change is in the object table.
  return CompactImpl(std::min(keep_from, extent().floor + 1), limit);
}

absl::Status Journal::Load(const LoadSink& sink) {
  if (!sink.object || !sink.record) return Mistake("the sink of a load takes objects and records");
  return LoadImpl(sink);
}

absl::StatusOr<Extent> Journal::Reopen() { return ReopenImpl(); }

absl::Status Journal::Idle() { return IdleImpl(); }

absl::Status Journal::CheckRoom(std::int64_t bytes) {
  if (bytes < 0) return Mistake("less than nothing always has room");
  return CheckRoomImpl(bytes);
}

absl::StatusOr<std::vector<Record>> Journal::History(Revision from, Revision to,
                                                     std::int64_t limit) {
  if (from < 1) return Mistake("the first revision is 1");
  if (limit < 1) return Mistake("the limit of a history is at least 1");
  const Extent now = extent();
  if (from < now.first) return Compacted(from, now.first);
  // Rows above the head may be there already, but are not known to be durable.
  return HistoryImpl(from, std::min(to, now.head), limit);
}

absl::StatusOr<Revision> Journal::Backup(const std::string& path) {
  if (path.empty()) return Mistake("a backup needs a path");
  return BackupImpl(path);
}

}  // namespace netstackd::storage
