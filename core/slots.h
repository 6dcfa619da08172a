// Bounds of the slots that addresses have on a side of their owner.
#ifndef NETSTACKD_CORE_SLOTS_H_
#define NETSTACKD_CORE_SLOTS_H_

#include <cstdint>

namespace netstackd::core {

// Addresses that are added to one side, whatever the limits in force say.
inline constexpr std::uint32_t kSideAddressesMax = 1u << 20;
// Every slot is below; the index keeps the free ones of a side one by one. The rest is for
// addresses that come along when an interface joins.
inline constexpr std::uint32_t kSlotLimit = 4 * kSideAddressesMax;

}  // namespace netstackd::core

#endif  // NETSTACKD_CORE_SLOTS_H_
