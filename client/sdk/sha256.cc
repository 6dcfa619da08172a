#include "client/sdk/sha256.h"

#include <openssl/evp.h>

#include "absl/strings/escaping.h"
#include "base/check.h"

namespace netstackd::sdk {

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  NSD_CHECK(context_ != nullptr && EVP_DigestInit_ex(context_, EVP_sha256(), nullptr) == 1);
}

Sha256::~Sha256() { EVP_MD_CTX_free(context_); }

void Sha256::Add(const std::string& bytes) {
  NSD_CHECK(EVP_DigestUpdate(context_, bytes.data(), bytes.size()) == 1);
}

std::string Sha256::Finish() {
  std::string digest(32, '\0');
  unsigned int size = 0;
  NSD_CHECK(EVP_DigestFinal_ex(context_, reinterpret_cast<unsigned char*>(digest.data()), &size) ==
                1 &&
            size == digest.size());
  return absl::BytesToHexString(digest);
}

}  // namespace netstackd::sdk
