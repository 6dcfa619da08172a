// Names of stores.
#ifndef NETSTACKD_STORAGE_STORE_ID_H_
#define NETSTACKD_STORAGE_STORE_ID_H_

#include <cstddef>
#include <string>

namespace netstackd::storage {

inline constexpr std::size_t kStoreIdSize = 32;

// 128 random bits as 32 hexadecimal digits, from the kernel.
std::string NewStoreId();

}  // namespace netstackd::storage

#endif  // NETSTACKD_STORAGE_STORE_ID_H_
