// Consistent copies of a database that is being written.
#ifndef NETSTACKD_STORAGE_SQLITE_BACKUP_H_
#define NETSTACKD_STORAGE_SQLITE_BACKUP_H_

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/file_system.h"
#include "storage/journal.h"
#include "storage/sqlite/connection.h"

namespace netstackd::storage::sqlite {

// Runs a piece of work with a connection that may read the database (or is known not to).
using WithConnection =
    std::function<absl::Status(const std::function<absl::Status(const Connection&)>&)>;

// Copies the database to the new file `path`: under a temporary name, sealed with its head, synced,
// verified by a load, and only then renamed. The connection is not held longer than the copying
// takes; it must not be query_only, which forbids it.
//
// Returns  the head of the copy.
// Errors   INVALID_ARGUMENT if `path` is there or cannot be made; JOURNAL_CORRUPT if the copy does
//          not load. Nothing is left behind after an error.
absl::StatusOr<Revision> WriteBackup(FileSystem& files, const WithConnection& source,
                                     const std::string& path);

}  // namespace netstackd::storage::sqlite

#endif  // NETSTACKD_STORAGE_SQLITE_BACKUP_H_
