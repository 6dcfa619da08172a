#include "storage/sqlite/history.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "storage/checksums.h"
#include "storage/errors.h"
#include "storage/sqlite/rows.h"

namespace netstackd::storage::sqlite {
namespace {

// Rows of one read transaction: a reader that stays longer keeps the log from being reused.
constexpr Revision kSlice = 256;

// Where a reader is.
struct Position {
  Revision next = 1;
  std::optional<std::uint32_t> chain;  // at next - 1, if that is kept
};

absl::Status Take(RecordRow row, Position* at, std::vector<Record>* out) {
  if (row.record.revision == at->next - 1 && !at->chain) {
    at->chain = static_cast<std::uint32_t>(row.crc);
    return absl::OkStatus();
  }
  if (row.record.revision > at->next) return Compacted(at->next, row.record.revision);
  const std::uint32_t stored = static_cast<std::uint32_t>(row.crc);
  const bool good =
      row.record.revision == at->next && (!at->chain || stored == ChainCrc(*at->chain, row.record));
  if (!good) return Corrupt(absl::StrCat("the checksum of revision ", at->next, " is wrong"));
  at->chain = stored;
  ++at->next;
  out->push_back(std::move(row.record));
  return absl::OkStatus();
}

}  // namespace

absl::Status ReadHistory(const Connection& connection, Revision from, Revision to,
                         std::int64_t limit, std::vector<Record>* out) {
  if (from > to) return absl::OkStatus();
  const Revision last = to - from < limit ? to : from + limit - 1;
  NSD_ASSIGN_OR_RETURN(Statement select, connection.Prepare(kSelectRecordsSql));
  Position at{from, std::nullopt};
  while (at.next <= last) {
    const Revision before = at.next;
    const Revision first = at.chain ? at.next : at.next - 1;
    select.Bind(1, first);
    select.Bind(2, std::min(last - first + 1, kSlice));
    const ResetAtEnd reset(&select);
    while (at.next <= last) {
      NSD_ASSIGN_OR_RETURN(const bool row, select.Step());
      if (!row) break;
      NSD_RETURN_IF_ERROR(Take(ReadRecord(select), &at, out));
    }
    // Everything up to `last` was durable: what is not there was compacted.
    if (at.next == before) return Compacted(at.next, last + 1);
  }
  return absl::OkStatus();
}

}  // namespace netstackd::storage::sqlite
