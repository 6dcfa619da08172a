// Making a database, and deciding whether one that is there may be used.
#ifndef NETSTACKD_STORAGE_SQLITE_BRING_UP_H_
#define NETSTACKD_STORAGE_SQLITE_BRING_UP_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/sqlite/connection.h"
#include "storage/sqlite/layout.h"
#include "storage/sqlite/load.h"
#include "storage/sqlite/revision_file.h"
#include "storage/sqlite/sqlite_journal.h"
#include "storage/sqlite/writer.h"

namespace netstackd::storage::sqlite {

// Makes `dir` if it is absent, and its name absolute.
absl::StatusOr<Layout> LayoutOf(FileSystem& files, const std::string& dir);

// True if there is no database, or one to which nothing was ever committed.
absl::StatusOr<bool> IsEmpty(const Layout& layout);

// Makes an empty journal, durable with its name. synchronous is EXTRA meanwhile.
absl::Status CreateDatabase(const Layout& layout, const std::string& store_id);

// Checks that the database, live or sealed, is a journal of a version we know, and brings an older
// one to ours; `backup` runs before it does, with the old version.
absl::Status UpgradeSchema(
    const Layout& layout,
    const std::function<absl::Status(const Connection&, std::int64_t)>& backup);

// The same for a live one, with a backup beside it.
absl::Status CheckAndUpgrade(const Layout& layout, const Options& options);

// Errors: JOURNAL_CORRUPT with both revisions in the metadata if the database ends before what was
// acknowledged, or is another store's.
absl::Status CheckNothingLost(const Layout& layout, const Acknowledged& acknowledged,
                              const Meta& meta, const Tip& tip);

// What an opened directory consists of, but for its lock.
struct Store {
  RevisionFile revision;
  std::unique_ptr<Writer> writer;
};

// Everything from an existing or absent database to a writer that stands at the end of a store that
// has lost nothing. Under the lock of the directory.
absl::StatusOr<Store> BringUp(const Layout& layout, const Options& options);

}  // namespace netstackd::storage::sqlite

#endif  // NETSTACKD_STORAGE_SQLITE_BRING_UP_H_
