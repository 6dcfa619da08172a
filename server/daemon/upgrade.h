// What is kept of a journal before a newer program writes into it.
#ifndef NETSTACKD_SERVER_DAEMON_UPGRADE_H_
#define NETSTACKD_SERVER_DAEMON_UPGRADE_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "storage/file_system.h"
#include "storage/journal.h"

namespace netstackd::daemon {

// Makes a backup of `journal`, written in `format`, in `dir`, and returns its path: the program
// that wrote it can be started on what is restored from that. Does nothing if it is there already,
// left by a start that did not come to write. Errors: those of Journal::Backup.
absl::StatusOr<std::string> BackupBeforeUpgrade(storage::Journal& journal,
                                                storage::FileSystem& files, const std::string& dir,
                                                std::uint32_t format, storage::Revision head);

}  // namespace netstackd::daemon

#endif  // NETSTACKD_SERVER_DAEMON_UPGRADE_H_
