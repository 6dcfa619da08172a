// Which requests were done already, so that a repeated one gets its first answer.
#ifndef NETSTACKD_SERVER_EXECUTOR_REQUEST_MEMORY_H_
#define NETSTACKD_SERVER_EXECUTOR_REQUEST_MEMORY_H_

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/btree_map.h"
#include "server/executor/digest.h"
#include "storage/journal.h"

namespace netstackd::executor {

// What a request with an id is known by.
struct RequestMark {
  Digest key{};   // of who asked and with which id
  Digest hash{};  // of what the id stands for
};
// Absent without an id.
std::optional<RequestMark> MarkOf(const std::string& principal, const std::string& request_id,
                                  const std::string& hash);

// A request that became a revision.
struct KnownRequest {
  storage::Revision revision = 0;
  Digest hash{};
};

// Holds one entry for each kept revision that has a request id, about 60 bytes. Not thread-safe.
// Cost: O(log n); a tree, because a hash table stalls when it grows.
class RequestMemory {
 public:
  // Revisions come in ascending order.
  void Remember(storage::Revision revision, const RequestMark& mark);
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
