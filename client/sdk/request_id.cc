#include <array>
#include <cstdint>
#include <random>
#include <string>

#include "netstackd/call.h"

namespace netstackd {

std::string NewRequestId() {
  constexpr char kDigits[] = "0123456789abcdef";
  std::random_device random;
  std::array<std::uint8_t, 16> bytes;
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0fU) | 0x40U);  // version 4: random
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3fU) | 0x80U);  // variant of RFC 4122
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    out += kDigits[bytes[i] >> 4U];
    out += kDigits[bytes[i] & 0x0fU];
  }
  return out;
}

}  // namespace netstackd
