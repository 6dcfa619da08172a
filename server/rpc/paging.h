// Pages of lists: sizes and tokens.
#ifndef NETSTACKD_SERVER_RPC_PAGING_H_
#define NETSTACKD_SERVER_RPC_PAGING_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "netstackd/v1/common.pb.h"

namespace netstackd::rpc {

inline constexpr int kPageDefault = 100;
inline constexpr int kPageMax = 1000;
// A page ends before it grows larger: a message has 1 MiB.
inline constexpr std::size_t kPageBytesMax = 768 << 10;
// Objects looked at for one page, whatever the filter lets through; also the images copied under
// the lock of the state.
inline constexpr std::size_t kPageCostMax = 1000;

// 1 to kPageMax.
int PageSize(const v1::Page& page);

// Where a list goes on; what it means is a matter of the list. Strings may hold anything.
using Position = std::vector<std::string>;

// Opaque to clients. `arguments` is what must be the same on every page: method, parent, filter.
std::string EncodeToken(const std::vector<std::string>& arguments, const Position& position);
// An empty token is an empty position.
// Errors: INVALID_PAGE_TOKEN if the token is not one that EncodeToken made for these arguments.
absl::StatusOr<Position> DecodeToken(const std::vector<std::string>& arguments,
                                     const std::string& token);
absl::Status InvalidToken();

}  // namespace netstackd::rpc

#endif  // NETSTACKD_SERVER_RPC_PAGING_H_
