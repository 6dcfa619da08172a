#include "server/executor/digest.h"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>

#include "base/check.h"

namespace netstackd::executor {
namespace {

constexpr std::size_t kSize = 32;
using Full = std::array<std::uint8_t, kSize>;

// Looking up the algorithm and making a context cost more than hashing a request.
Full Hash(const std::string& bytes) {
  static const EVP_MD* const kAlgorithm = EVP_MD_fetch(nullptr, "SHA2-256", nullptr);
  thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(
      EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  Full full;
  NSD_CHECK(EVP_DigestInit_ex2(context.get(), kAlgorithm, nullptr) == 1 &&
            EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) == 1 &&
            EVP_DigestFinal_ex(context.get(), full.data(), nullptr) == 1);
  return full;
}

}  // namespace

std::string Sha256(const std::string& bytes) {
  const Full full = Hash(bytes);
  return std::string(full.begin(), full.end());
}

Digest DigestOf(const std::string& text) {
  const Full full = Hash(text);
  Digest digest;
  std::copy_n(full.begin(), digest.size(), digest.begin());
  return digest;
}

Digest RequestKey(const std::string& principal, const std::string& request_id) {
  // The length keeps ("ab", "c") and ("a", "bc") apart.
  return DigestOf(std::to_string(principal.size()) + ":" + principal + request_id);
}

}  // namespace netstackd::executor
