// The files of a journal's directory.
#ifndef NETSTACKD_STORAGE_SQLITE_LAYOUT_H_
#define NETSTACKD_STORAGE_SQLITE_LAYOUT_H_

#include <string>

#include "storage/file_system.h"
#include "storage/sqlite/schema.h"

namespace netstackd::storage::sqlite {

// LOCK lies there too, see directory_lock.h.
struct Layout {
  std::string dir;    // absolute: SQLite could take a relative name for a URI
  FileSystem* files;  // where it lies; borrowed
  const Schema* schema = &OurSchema();

  std::string database() const { return dir + "/journal.db"; }
  std::string wal() const { return database() + "-wal"; }
  std::string shm() const { return database() + "-shm"; }
  // Written to see whether there is room, and removed.
  std::string room() const { return dir + "/ROOM"; }
  std::string revision() const { return dir + "/REVISION"; }
};

}  // namespace netstackd::storage::sqlite

#endif  // NETSTACKD_STORAGE_SQLITE_LAYOUT_H_
