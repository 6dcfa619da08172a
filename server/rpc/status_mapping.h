// Errors of ours -> what goes over the wire. The only place that knows both.
#ifndef NETSTACKD_SERVER_RPC_STATUS_MAPPING_H_
#define NETSTACKD_SERVER_RPC_STATUS_MAPPING_H_

#include "absl/status/status.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"

namespace netstackd::rpc {

// With ErrorInfo{domain "netstackd"}, BadRequest for wrong fields,
// PreconditionFailure for blockers, RetryInfo for what is worth another try. A status that is not
// of MakeError is INVARIANT_VIOLATED.
//
// Bounds  The details fit into the 8 KiB of headers that clients accept: what is too long is cut,
//         and metadata `omitted` tells how many fields and blockers were left out.
google::rpc::Status ToRpc(const absl::Status& status);
// The same as the end of a call.
grpc::Status ToGrpc(const absl::Status& status);

}  // namespace netstackd::rpc

#endif  // NETSTACKD_SERVER_RPC_STATUS_MAPPING_H_
