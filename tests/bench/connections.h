// Connections of a load: none is shared, each is up.
#ifndef NETSTACKD_TESTS_BENCH_CONNECTIONS_H_
#define NETSTACKD_TESTS_BENCH_CONNECTIONS_H_

#include <grpcpp/generic/generic_stub.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace netstackd::bench {

// As many as `callers` need if each connection serves `of_connection` of them, in their order.
// Errors: UNAVAILABLE.
absl::StatusOr<std::vector<std::unique_ptr<grpc::GenericStub>>> Connect(const std::string& target,
                                                                        int callers,
                                                                        int of_connection);

}  // namespace netstackd::bench

#endif  // NETSTACKD_TESTS_BENCH_CONNECTIONS_H_
