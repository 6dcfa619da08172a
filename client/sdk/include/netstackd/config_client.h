// Changes of many objects at once, and the history: the calls of ConfigService.
#ifndef NETSTACKD_CONFIG_CLIENT_H_
#define NETSTACKD_CONFIG_CLIENT_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "netstackd/call.h"
#include "netstackd/change_stream.h"
#include "netstackd/stub.h"
#include "netstackd/v1/config.pb.h"

namespace netstackd {

// Guards and operations of one transaction, in the order in which they are added:
//   ChangeSet().IfMissing(name).Create(group).Join(interface, "ipmp0")
// Names are full names. The server takes at most 1,000 of either.
class ChangeSet {
 public:
  ChangeSet& IfEtag(const std::string& name, const std::string& etag);
  ChangeSet& IfExists(const std::string& name);
  ChangeSet& IfMissing(const std::string& name);

  ChangeSet& Create(const v1::Group& group);
  ChangeSet& Create(const v1::Interface& ip_interface);
  ChangeSet& Create(const v1::Address& address);
  // Spec and labels as a whole.
  ChangeSet& Update(const v1::Group& group);
  ChangeSet& Update(const v1::Interface& ip_interface);
  ChangeSet& Update(const v1::Address& address);
  ChangeSet& Remove(const std::string& name);
  // Interfaces; `group` is a short name.
  ChangeSet& Join(const std::string& name, const std::string& group);
  ChangeSet& Leave(const std::string& name);
  ChangeSet& Offline(const std::string& name);
  ChangeSet& Online(const std::string& name);
  ChangeSet& Report(const std::string& name, const v1::InterfaceReport& report);

  const v1::TransactRequest& request() const { return request_; }

 private:
  v1::TransactRequest request_;
};

// Borrows the stub. Threads, bounds and errors are those of Client.
class ConfigClient {
 public:
  ConfigClient(Stub* stub, absl::Duration deadline) : stub_(stub), deadline_(deadline) {}

  // All or nothing, one revision. An error of an operation has its position in metadata
  // `operation`. The etag of `options` must be empty: guards take its place.
  absl::StatusOr<v1::WriteResult> Transact(const ChangeSet& changes,
                                           const CallOptions& options = {});
  // For many transactions without waiting for each.
  std::unique_ptr<ChangeStream> OpenStream(const ChangeStreamOptions& options = {});
  // Newest first.
  absl::StatusOr<Listed<v1::Transaction>> ListTransactions(const ListOptions& options = {},
                                                           bool with_plans = false);
  absl::StatusOr<Read<v1::Transaction>> GetTransaction(std::int64_t revision,
                                                       const ReadOptions& options = {});

 private:
  Stub* const stub_;
  const absl::Duration deadline_;
};

}  // namespace netstackd

#endif  // NETSTACKD_CONFIG_CLIENT_H_
