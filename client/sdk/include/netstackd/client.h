// The C++ client library of netstackd: one header for everything.
//
//   auto client = netstackd::Client::Connect({.endpoint = "unix:/run/netstackd/netstackd.sock"});
//   netstackd::v1::Group group;
//   group.set_name("zones/global/groups/ipmp0");
//   group.mutable_spec()->set_ipv4(true);
//   auto made = (*client)->ipmp().CreateGroup(group, {.comment = "first group"});
//   if (!made.ok()) ... netstackd::ReasonOf(made.status()) ...
#ifndef NETSTACKD_CLIENT_H_
#define NETSTACKD_CLIENT_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "netstackd/admin_client.h"
#include "netstackd/call.h"
#include "netstackd/config_client.h"
#include "netstackd/errors.h"
#include "netstackd/ipmp_client.h"
#include "netstackd/list_all.h"
#include "netstackd/stub.h"
#include "netstackd/watch_client.h"
#include "netstackd/watch_mirror.h"

namespace netstackd {

inline constexpr char kDefaultEndpoint[] = "unix:/run/netstackd/netstackd.sock";

struct ConnectOptions {
  // unix:/path, /path or host:port. Empty: environment NETSTACKD_SERVER, then kDefaultEndpoint.
  std::string endpoint = "";
  // How long Connect waits for a connection. Zero: not at all; the first call connects.
  absl::Duration wait = absl::ZeroDuration();
  // Deadline of calls that do not say their own, from the call on. Positive.
  absl::Duration deadline = absl::Seconds(30);
  // Put in front of the user agent of gRPC; the server keeps it in the history.
  std::string user_agent = "netstackd-sdk";
  RetryPolicy retry = {};
};

// A connection to one server.
//
// Ownership  owns the stub and the service clients, which live as long as it does.
// Threads    all calls from any thread, also at the same time; each blocks its caller.
// Bounds     every call has a deadline; what the server says is too much is not checked before.
class Client {
 public:
  // Errors: INVALID_ARGUMENT for an endpoint of no known form or a deadline that is not positive;
  // UNAVAILABLE if `wait` is over and nobody answers.
  static absl::StatusOr<std::unique_ptr<Client>> Connect(const ConnectOptions& options);

  // On any stub, for tests and for other transports. No retry is added.
  explicit Client(std::unique_ptr<Stub> stub, absl::Duration deadline = absl::Seconds(30));

  IpmpClient& ipmp() { return ipmp_; }
  ConfigClient& config() { return config_; }
  AdminClient& admin() { return admin_; }
  WatchClient& watch() { return watch_; }

 private:
  const std::unique_ptr<Stub> stub_;
  IpmpClient ipmp_;
  ConfigClient config_;
  AdminClient admin_;
  WatchClient watch_;
};

}  // namespace netstackd

#endif  // NETSTACKD_CLIENT_H_
