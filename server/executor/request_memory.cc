#include "server/executor/request_memory.h"

namespace netstackd::executor {

std::optional<RequestMark> MarkOf(const std::string& principal, const std::string& request_id,
                                  const std::string& hash) {
  if (request_id.empty()) return std::nullopt;
  return RequestMark{RequestKey(principal, request_id), DigestOf(hash)};
}

void RequestMemory::Remember(storage::Revision revision, const RequestMark& mark) {
  known_[mark.key] = {revision, mark.hash};
  by_age_.emplace_back(revision, mark.key);
}

std::optional<KnownRequest> RequestMemory::Find(const Digest& key) const {
  const auto found = known_.find(key);
  if (found == known_.end()) return std::nullopt;
  return found->second;
}

void RequestMemory::Forget(storage::Revision first) {
  while (!by_age_.empty() && by_age_.front().first < first) {
    const auto found = known_.find(by_age_.front().second);
    // A newer revision may have the same id: the older one was forgotten before.
    if (found != known_.end() && found->second.revision < first) known_.erase(found);
    by_age_.pop_front();
  }
}

}  // namespace netstackd::executor
