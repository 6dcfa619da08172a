// Who may call what.
#ifndef NETSTACKD_SERVER_RPC_AUTHORIZATION_H_
#define NETSTACKD_SERVER_RPC_AUTHORIZATION_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace netstackd::rpc {

// What a method does to the store; each needs the role of its line, or a higher one.
enum class Access : std::uint8_t {
  kOpen,      // everybody
  kRead,      // Role::kReader
  kMutate,    // Role::kOperator
  kMaintain,  // Role::kAdmin
};
enum class Role : std::uint8_t { kNone, kReader, kOperator, kAdmin };

struct AccessRow {
  std::string_view method;  // full name
  Access access;
};

// Every method that is served, those of gRPC's own services included.
std::span<const AccessRow> AccessTable();

// Errors: PERMISSION_DENIED, also for a method without a row.
absl::Status Authorize(std::span<const AccessRow> table, const std::string& method, Role role);

}  // namespace netstackd::rpc

#endif  // NETSTACKD_SERVER_RPC_AUTHORIZATION_H_
