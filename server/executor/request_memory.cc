#include "server/executor/request_memory.h"

#include <openssl/sha.h>

#include <algorithm>

namespace netstackd::executor {

Digest DigestOf(const std::string& text) {
  std::array<std::uint8_t, SHA256_DIGEST_LENGTH> full;
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), full.data());
  Digest digest;
  std::copy_n(full.begin(), digest.size(), digest.begin());
  return digest;
}

Digest RequestKey(const std::string& principal, const std::string& request_id) {
  // The length keeps ("ab", "c") and ("a", "bc") apart.
  return DigestOf(std::to_string(principal.size()) + ":" + principal + request_id);
}

void RequestMemory::Remember(const storage::Record& record) {
  if (record.request_id.empty()) return;
  const Digest key = RequestKey(record.principal, record.request_id);
  known_[key] = {record.revision, DigestOf(record.request_hash)};
  by_age_.emplace_back(record.revision, key);
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
