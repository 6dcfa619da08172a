// SHA-256 of bytes that come in parts.
#ifndef NETSTACKD_CLIENT_SDK_SHA256_H_
#define NETSTACKD_CLIENT_SDK_SHA256_H_

#include <string>

struct evp_md_ctx_st;

namespace netstackd::sdk {

// Not thread-safe.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void Add(const std::string& bytes);
  // 64 lower-case hexadecimal digits; nothing may be added afterwards.
  std::string Finish();

 private:
  evp_md_ctx_st* const context_;
};

}  // namespace netstackd::sdk

#endif  // NETSTACKD_CLIENT_SDK_SHA256_H_
