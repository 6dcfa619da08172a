// The side file REVISION: the newest acknowledged revision, outside the database.
#ifndef NETSTACKD_STORAGE_SQLITE_REVISION_FILE_H_
#define NETSTACKD_STORAGE_SQLITE_REVISION_FILE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/file_system.h"
#include "storage/journal.h"

namespace netstackd::storage::sqlite {

struct Acknowledged {
  std::string store_id;
  Revision revision = 0;
};

// A damaged log loses its tail without a word from SQLite; this file remembers how far it went. Of
// two checksummed slots in different 4 KiB blocks one is overwritten until it is synced, then the
// other: so the one that was synced survives whatever happens to a write. Owns its file. One
// thread.
class RevisionFile {
 public:
  // Opens the file; makes it (file and directory synced) if it is absent.
  static absl::StatusOr<RevisionFile> Open(FileSystem& files, const std::string& path);

  // What the newest valid slot says; nullopt if none is valid.
  const std::optional<Acknowledged>& found() const { return found_; }

  // Overwrites the slot that may be lost, without a sync; the first one makes sure of the other.
  absl::Status Write(const Acknowledged& acknowledged);
  // Cheap if nothing was written since the last one.
  absl::Status Sync();

 private:
  explicit RevisionFile(std::unique_ptr<File> file) : file_(std::move(file)) {}

  std::unique_ptr<File> file_;
  std::optional<Acknowledged> found_;
  std::uint64_t sequence_ = 0;  // of the newest slot
  std::size_t loose_ = 0;       // the slot to overwrite; the other one is on the medium
  bool unsettled_ = false;  // or perhaps not: nobody knows what a process before this one synced
  bool dirty_ = false;
};

}  // namespace netstackd::storage::sqlite

#endif  // NETSTACKD_STORAGE_SQLITE_REVISION_FILE_H_
