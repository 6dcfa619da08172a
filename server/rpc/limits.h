// Limits of the edge. Those of the contents of messages are in the table of codec/api_rules.cc.
#ifndef NETSTACKD_SERVER_RPC_LIMITS_H_
#define NETSTACKD_SERVER_RPC_LIMITS_H_

#include <cstddef>

namespace netstackd::rpc {

inline constexpr int kMessageBytesMax = 1 << 20;
inline constexpr int kMetadataBytesMax = 8 << 10;
inline constexpr int kStreamsMax = 100;  // of one connection
inline constexpr int kKeepaliveMs = 30'000;
// gRPC 1.51 aborts if it is much less.
inline constexpr int kKeepaliveTimeoutMs = 10'000;
inline constexpr int kPingIntervalMinMs = 5'000;
inline constexpr int kOperationsMax = 1000;  // of one Transact
// Of one TransactStream: requests that are read but not acknowledged, and their bytes.
inline constexpr int kTransactsInFlightMax = 1024;
inline constexpr std::size_t kTransactBytesInFlightMax = 4 << 20;
// Of the failures in one answer of a stream.
inline constexpr std::size_t kFailureBytesMax = 256 << 10;

// Files of running backups begin so; at a start what is left of them can go.
inline constexpr char kBackupPrefix[] = "backup-stream-";

}  // namespace netstackd::rpc

#endif  // NETSTACKD_SERVER_RPC_LIMITS_H_
