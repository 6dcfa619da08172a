// Reading a whole database and believing none of it.
#ifndef NETSTACKD_STORAGE_SQLITE_LOAD_H_
#define NETSTACKD_STORAGE_SQLITE_LOAD_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "storage/journal.h"
#include "storage/sqlite/connection.h"
#include "storage/sqlite/meta.h"

namespace netstackd::storage::sqlite {

// The end of the chain.
struct Tip {
  Revision head = 0;
  std::uint32_t crc = 0;
};

// The newest row, or the compaction point if no row is kept. Errors: JOURNAL_CORRUPT.
absl::StatusOr<Tip> ReadTip(const Connection& connection, const Meta& meta);

Extent ExtentOf(const Meta& meta, const Tip& tip);

struct Loaded {
  Meta meta;
  Tip tip;
  Usage usage;
};

// Hands every object and then every record to `sink`, in one read transaction.
//
// Errors  JOURNAL_CORRUPT if a checksum, the chain, the meta row or a bound is wrong: object images
//         are not newer than the head, the compaction point not above the floor, the floor not
//         above the head. The sink's own error ends the load.
absl::StatusOr<Loaded> LoadVerified(const Connection& connection, const LoadSink& sink);

// A load for its checks alone.
absl::StatusOr<Loaded> Verify(const Connection& connection);

}  // namespace netstackd::storage::sqlite

#endif  // NETSTACKD_STORAGE_SQLITE_LOAD_H_
