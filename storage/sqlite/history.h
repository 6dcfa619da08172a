// Reading kept records while the journal is written.
#ifndef NETSTACKD_STORAGE_SQLITE_HISTORY_H_
#define NETSTACKD_STORAGE_SQLITE_HISTORY_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "storage/journal.h"
#include "storage/sqlite/connection.h"

namespace netstackd::storage::sqlite {

// Adds the records from `from` to `to`, at most `limit`, to `out`, in short read transactions.
//
// Errors  WATCH_COMPACTED if compaction overtook the reader; JOURNAL_CORRUPT if the chain breaks
//         (the oldest kept record alone has nothing to be compared with).
absl::Status ReadHistory(const Connection& connection, Revision from, Revision to,
                         std::int64_t limit, std::vector<Record>* out);

}  // namespace netstackd::storage::sqlite

#endif  // NETSTACKD_STORAGE_SQLITE_HISTORY_H_
