// SHA-256, and what requests are known by.
#ifndef NETSTACKD_SERVER_EXECUTOR_DIGEST_H_
#define NETSTACKD_SERVER_EXECUTOR_DIGEST_H_

#include <array>
#include <cstdint>
#include <string>

namespace netstackd::executor {

// 32 bytes.
std::string Sha256(const std::string& bytes);

// Enough of a SHA-256 that nobody finds two texts with the same.
using Digest = std::array<std::uint8_t, 16>;
Digest DigestOf(const std::string& text);

// Request ids are told apart for each principal.
Digest RequestKey(const std::string& principal, const std::string& request_id);

}  // namespace netstackd::executor

#endif  // NETSTACKD_SERVER_EXECUTOR_DIGEST_H_
