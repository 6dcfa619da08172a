// Who hears of every published revision.
#ifndef NETSTACKD_SERVER_EXECUTOR_LISTENER_H_
#define NETSTACKD_SERVER_EXECUTOR_LISTENER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "core/delta.h"
#include "storage/journal.h"

namespace netstackd::executor {

// One published revision. Immutable and shared by all who look at it.
struct Change {
  std::shared_ptr<const storage::Record> record;
  std::vector<core::Delta> deltas;  // those of the record, decoded
};
using Changes = std::vector<std::shared_ptr<const Change>>;

// Who listens: one each, for its own purpose.
enum class Seat : std::uint8_t { kWatch, kProbes };
inline constexpr std::size_t kSeats = 2;

class Listener {
 public:
  virtual ~Listener() = default;
  // Revisions that follow each other, oldest first, and follow those of the call before. They are
  // published, and their callers are not answered yet. On the writer thread: must not block.
  virtual void Published(Changes changes) = 0;
};

}  // namespace netstackd::executor

#endif  // NETSTACKD_SERVER_EXECUTOR_LISTENER_H_
