// A new journal from a backup.
#ifndef NETSTACKD_STORAGE_SQLITE_RESTORE_H_
#define NETSTACKD_STORAGE_SQLITE_RESTORE_H_

#include <string>

#include "absl/status/statusor.h"
#include "storage/file_system.h"
#include "storage/journal.h"

namespace netstackd::storage::sqlite {

struct Restored {
  Revision head = 0;
  std::string store_id;  // a new one: revisions above `head` will mean something else
};

// Makes the journal directory `dir` from the backup `file`. Offline; `dir` is absent or empty, and
// is left as it was after an error.
//
// Errors  INVALID_ARGUMENT if `dir` is not empty; JOURNAL_CORRUPT if `file` is no whole backup;
//         NOT_SUPPORTED if its schema is newer; STORAGE_UNAVAILABLE if it cannot be read.
absl::StatusOr<Restored> Restore(const std::string& file, const std::string& dir,
                                 FileSystem& files = FileSystem::Real());

}  // namespace netstackd::storage::sqlite

#endif  // NETSTACKD_STORAGE_SQLITE_RESTORE_H_
