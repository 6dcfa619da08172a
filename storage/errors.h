// The errors that every journal gives in the same words.
#ifndef NETSTACKD_STORAGE_ERRORS_H_
#define NETSTACKD_STORAGE_ERRORS_H_

#include <string>

#include "absl/status/status.h"
#include "storage/journal.h"

namespace netstackd::storage {

// What a journal answers from a failed write on, until Reopen succeeds: RESOURCE_EXHAUSTED if
// `cause` says that the disk was full, STORE_READ_ONLY otherwise. The message carries the cause.
absl::Status ClosedBecause(const absl::Status& cause);

// JOURNAL_CORRUPT: `what` is wrong, and what to do about it.
absl::Status Corrupt(const std::string& what);

// WATCH_COMPACTED with the oldest kept revision in the metadata.
absl::Status Compacted(Revision from, Revision first);

// TRANSACTION_CONFLICT: the journal stands at `head`, not where the caller thought.
absl::Status Fenced(Revision expected_head, Revision head);

}  // namespace netstackd::storage

#endif  // NETSTACKD_STORAGE_ERRORS_H_
