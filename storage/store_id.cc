#include "storage/store_id.h"

#include <sys/random.h>

#include <array>

#include "base/check.h"

namespace netstackd::storage {

std::string NewStoreId() {
  std::array<unsigned char, kStoreIdSize / 2> random;
  // Requests of up to 256 bytes are neither interrupted nor cut short once the pool is seeded.
  NSD_CHECK(getrandom(random.data(), random.size(), 0) == static_cast<ssize_t>(random.size()));
  constexpr char kDigits[] = "0123456789abcdef";
  std::string id;
  id.reserve(kStoreIdSize);
  for (const unsigned char byte : random) {
    id.push_back(kDigits[byte >> 4]);
    id.push_back(kDigits[byte & 15]);
  }
  return id;
}

}  // namespace netstackd::storage
