// The write-ahead log as a file, between two lives of our connections.
#ifndef NETSTACKD_STORAGE_SQLITE_WAL_FILE_H_
#define NETSTACKD_STORAGE_SQLITE_WAL_FILE_H_

#include <sys/types.h>

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "storage/file_system.h"
#include "storage/sqlite/layout.h"

namespace netstackd::storage::sqlite {

// Writes the bytes of the file back to where they are, and syncs it. After a failed sync the kernel
// takes pages for written that are not on the medium; this makes them dirty, so that the next sync
// means what it says. A missing file is fine. Errors: STORAGE_UNAVAILABLE, RESOURCE_EXHAUSTED; also
// if it takes longer than `within`.
absl::Status RewriteInPlace(FileSystem& files, const std::string& path, absl::Duration within);

// The same for the log that a process left which was killed, with its name: what of it was never
// synced is believed from now on, and must not go with the power after that.
absl::Status SettleLog(const Layout& layout);

// A process that reads the database; nullopt if there is none. `shm` is the index of the log. Only
// while no connection of ours is open (see files.h).
std::optional<pid_t> WhoReads(const std::string& shm);

}  // namespace netstackd::storage::sqlite

#endif  // NETSTACKD_STORAGE_SQLITE_WAL_FILE_H_
