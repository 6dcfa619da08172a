// The SQLite VFS of a simulated disk. Internal to storage/faulty.
#ifndef NETSTACKD_STORAGE_FAULTY_SIMULATED_VFS_H_
#define NETSTACKD_STORAGE_FAULTY_SIMULATED_VFS_H_

#include <sqlite3.h>

#include <string>

#include "storage/faulty/disk_state.h"

namespace netstackd::storage {

// Registered as long as it lives, which is longer than every connection that uses it.
struct SimulatedDisk::Vfs {
  explicit Vfs(State* state);
  ~Vfs();
  Vfs(const Vfs&) = delete;
  Vfs& operator=(const Vfs&) = delete;

  const std::string name;
  sqlite3_vfs vfs = {};
};

}  // namespace netstackd::storage

#endif  // NETSTACKD_STORAGE_FAULTY_SIMULATED_VFS_H_
