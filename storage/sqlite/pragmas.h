// Settings of a connection that durability rests on: set, and read back.
#ifndef NETSTACKD_STORAGE_SQLITE_PRAGMAS_H_
#define NETSTACKD_STORAGE_SQLITE_PRAGMAS_H_

#include <cstdint>

#include "absl/status/status.h"
#include "storage/sqlite/connection.h"
#include "storage/sqlite/layout.h"

namespace netstackd::storage::sqlite {

enum class Synchronous : std::uint8_t {
  kNormal = 1,  // a commit may be lost with the power, but never torn or reordered
  kFull = 2,    // a commit is on the medium
  kExtra = 3,   // and so is the name of the rollback journal's removal
};

// Outside a transaction only. Errors: STORAGE_UNAVAILABLE if the level cannot be read back.
absl::Status SetSynchronous(const Connection& connection, Synchronous level);

// All settings of the one writing connection; turns the file to WAL if it is not (with EXTRA
// meanwhile, and then a sync of its directory), and leaves synchronous at FULL.
absl::Status PrepareForWriting(const Connection& connection, const Layout& layout);

// What every connection wants that reads bytes from the medium.
absl::Status PrepareForReading(const Connection& connection);

}  // namespace netstackd::storage::sqlite

#endif  // NETSTACKD_STORAGE_SQLITE_PRAGMAS_H_
