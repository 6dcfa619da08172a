// Which requests were done already, so that a repeated one gets its first answer.
#ifndef NETSTACKD_SERVER_EXECUTOR_REQUEST_MEMORY_H_
#define NETSTACKD_SERVER_EXECUTOR_REQUEST_MEMORY_H_

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/btree_map.h"
#include "storage/journal.h"

namespace netstackd::executor {

// The first 128 bits of a SHA-256: enough that nobody finds two texts with the same one.
using Digest = std::array<std::uint8_t, 16>;
Digest DigestOf(const std::string& text);
// Of who asked and with which id.
Digest RequestKey(const std::string& principal, const std::string& request_id);

// A request that became a revision.
struct KnownRequest {
  storage::Revision revision = 0;
  Digest hash{};  // of what the id stands for
};

// Holds one entry for each kept revision that has a request id, about 60 bytes. Not thread-safe.
// Cost: O(log n); a tree, because a hash table stalls when it grows.
class RequestMemory {
 public:
  // Revisions come in ascending order.
  void Remember(const storage::Record& record);
  std::optional<KnownRequest> Find(const Digest& key) const;
  // The revisions below `first` are gone; their requests are new again.
  void Forget(storage::Revision first);
  std::size_t size() const { return known_.size(); }

 private:
  absl::btree_map<Digest, KnownRequest> known_;
  std::deque<std::pair<storage::Revision, Digest>> by_age_;
};

}  // namespace netstackd::executor

#endif  // NETSTACKD_SERVER_EXECUTOR_REQUEST_MEMORY_H_
