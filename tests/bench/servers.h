// The servers that are measured, each a process of its own with a directory of its own.
#ifndef NETSTACKD_TESTS_BENCH_SERVERS_H_
#define NETSTACKD_TESTS_BENCH_SERVERS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/bench/load.h"
#include "tests/bench/rows.h"
#include "tests/support/child_process.h"
#include "tests/support/server_process.h"

namespace netstackd::bench {

struct Server {
  std::string target;  // of gRPC
  pid_t pid = 0;
  bool there() const { return pid != 0; }
};

// Both listen on a unix socket, with their default settings.
struct Servers {
  std::unique_ptr<testing_support::ServerProcess> our_process;
  std::unique_ptr<testing_support::ChildProcess> etcd_process;
  Server ours;
  Server etcd;  // not there: not installed

  // Starts them; ours gets the groups of Changes.
  static absl::StatusOr<Servers> Start(const Setup& setup, const std::string& name);
};

// Small real changes of distinct objects. Each caller has addresses of its own, which it creates
// and deletes in turns: a change binds an address to an interface, or takes it off.
class Changes {
 public:
  static constexpr int kGroups = 16;
  static constexpr int kMembers = 4;  // interfaces of each group

  // `batch`: changes in one request.
  Changes(int callers, int batch);

  Call Unary(int caller);                 // IpmpService.CreateAddress, DeleteAddress
  Call Transact(int caller);              // ConfigService.Transact of `batch` operations
  std::string TransactBytes(int caller);  // the same, without its method

 private:
  std::string NextRequestId();

  const int batch_;
  const std::uint64_t run_;  // from 1; addresses and request ids are those of no other run
  std::uint64_t requests_ = 0;
  std::vector<bool> there_;  // caller -> whether its addresses exist
};

// What says as much to etcd: the same names, and the same bytes as values.
class Puts {
 public:
  explicit Puts(int batch) : batch_(batch) {}
  Call Put(int caller) const;
  Call Txn(int caller) const;  // of `batch` puts

 private:
  const int batch_;
};

}  // namespace netstackd::bench

#endif  // NETSTACKD_TESTS_BENCH_SERVERS_H_
