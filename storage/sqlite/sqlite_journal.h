// The journal in a directory: a SQLite database, its log, and the files LOCK and REVISION.
#ifndef NETSTACKD_STORAGE_SQLITE_SQLITE_JOURNAL_H_
#define NETSTACKD_STORAGE_SQLITE_SQLITE_JOURNAL_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "storage/file_system.h"
#include "storage/journal.h"

namespace netstackd::storage::sqlite {

struct Schema;

struct Options {
  // Gets what an operator should know though the journal opens; may be empty.
  std::function<void(const std::string&)> warn;
  // How long Reopen tries before it gives up for this time.
  absl::Duration reopen_within = absl::Seconds(2);
  // The disk it lies on; borrowed, and outlives the journal. A seam for tests.
  FileSystem* files = &FileSystem::Real();
  // nullptr: that of this program. A seam for tests.
  const Schema* schema = nullptr;
};

// Opens the journal in `dir`; makes the directory (0700) and an empty journal if there is none.
//
// Errors  STORAGE_UNAVAILABLE if another process has it (pid and startTime in the metadata) or the
//         disk does not answer; JOURNAL_CORRUPT if it is damaged or ends before the newest
//         acknowledged revision; NOT_SUPPORTED if its schema is newer. Each says what to do.
absl::StatusOr<std::unique_ptr<Journal>> Open(const std::string& dir, const Options& options = {});

struct AcceptedLoss {
  Revision head = 0;          // where the journal ends from now on
  Revision acknowledged = 0;  // where it ended once
  std::string store_id;       // the new one
};

// Gives up acknowledged revisions that are lost, so that the journal in `dir` opens again, under a
// new store id. Offline. Errors: INVALID_ARGUMENT if nothing is lost; else as Open. A journal that
// does not load cannot be made good this way: restore a backup.
absl::StatusOr<AcceptedLoss> AcceptLoss(const std::string& dir,
                                        FileSystem& files = FileSystem::Real());

}  // namespace netstackd::storage::sqlite

#endif  // NETSTACKD_STORAGE_SQLITE_SQLITE_JOURNAL_H_
