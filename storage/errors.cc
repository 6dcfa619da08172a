#include "storage/errors.h"

#include "absl/strings/str_cat.h"
#include "base/error.h"

namespace netstackd::storage {

absl::Status ClosedBecause(const absl::Status& cause) {
  const std::string why(cause.message());
  if (cause.code() == absl::StatusCode::kResourceExhausted) {
    return MakeError(ErrorReason::kResourceExhausted,
                     absl::StrCat("the journal is closed, make room on its disk: ", why));
  }
  return MakeError(ErrorReason::kStoreReadOnly,
                   absl::StrCat("the journal is closed until it can be reopened: ", why));
}

absl::Status Corrupt(const std::string& what) {
  return MakeError(ErrorReason::kJournalCorrupt,
                   absl::StrCat("the journal is damaged: ", what,
                                "; keep its directory for analysis and restore a backup into a "
                                "new one with: netstackd restore FILE DIR"));
}

absl::Status Compacted(Revision from, Revision first) {
  return MakeError(ErrorReason::kWatchCompacted,
                   absl::StrCat("revision ", from, " is not kept any more, the oldest is ", first),
                   {{"firstRevision", std::to_string(first)}});
}

absl::Status Fenced(Revision expected_head, Revision head) {
  return MakeError(ErrorReason::kTransactionConflict,
                   absl::StrCat("the journal ends at revision ", head, ", not at ", expected_head,
                                ": somebody else wrote"),
                   {{"headRevision", std::to_string(head)}});
}

}  // namespace netstackd::storage
