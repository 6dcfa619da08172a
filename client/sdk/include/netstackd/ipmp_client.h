// Groups, interfaces and addresses: the calls of IpmpService.
//
// Names are full names (zones/global/groups/ipmp0). Errors and rules of each call stand at the rpc
// of the same name in netstackd/v1/ipmp_service.proto.
#ifndef NETSTACKD_IPMP_CLIENT_H_
#define NETSTACKD_IPMP_CLIENT_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "netstackd/call.h"
#include "netstackd/stub.h"
#include "netstackd/v1/ipmp_service.pb.h"

namespace netstackd {

// An ARP entry to be set.
struct ArpEntrySpec {
  std::string ip_address;
  std::string hardware_address;
  std::optional<bool> permanent = std::nullopt;  // absent: true
};

// Borrows the stub. Threads, bounds and errors are those of Client.
class IpmpClient {
 public:
  IpmpClient(Stub* stub, absl::Duration deadline) : stub_(stub), deadline_(deadline) {}

  // `group.name` is the full name to be; spec and labels are used.
  absl::StatusOr<Written<v1::Group>> CreateGroup(const v1::Group& group,
                                                 const CallOptions& options = {});
  absl::StatusOr<Read<v1::Group>> GetGroup(const std::string& name,
                                           const ReadOptions& options = {});
  // `parent` is a zone: zones/global.
  absl::StatusOr<Listed<v1::Group>> ListGroups(const std::string& parent,
                                               const ListOptions& options = {});
  // `mask` has paths below "spec" and "meta.labels", or "*".
  absl::StatusOr<Written<v1::Group>> UpdateGroup(const v1::Group& group,
                                                 const std::vector<std::string>& mask,
                                                 const CallOptions& options = {});
  absl::StatusOr<v1::WriteResult> DeleteGroup(const std::string& name,
                                              const DeleteOptions& options = {});
  absl::StatusOr<Written<v1::Group>> RenameGroup(const std::string& name,
                                                 const std::string& new_group_id,
                                                 const CallOptions& options = {});

  absl::StatusOr<Written<v1::Interface>> CreateInterface(const v1::Interface& ip_interface,
                                                         const CallOptions& options = {});
  absl::StatusOr<Read<v1::Interface>> GetInterface(const std::string& name,
                                                   const ReadOptions& options = {});
  absl::StatusOr<Listed<v1::Interface>> ListInterfaces(const std::string& parent,
                                                       const ListOptions& options = {});
  absl::StatusOr<Written<v1::Interface>> UpdateInterface(const v1::Interface& ip_interface,
                                                         const std::vector<std::string>& mask,
                                                         const CallOptions& options = {});
  absl::StatusOr<v1::WriteResult> DeleteInterface(const std::string& name,
                                                  const DeleteOptions& options = {});
  // `group` is a short name.
  absl::StatusOr<Written<v1::Interface>> JoinGroup(const std::string& name,
                                                   const std::string& group,
                                                   const CallOptions& options = {});
  absl::StatusOr<Written<v1::Interface>> LeaveGroup(const std::string& name,
                                                    const CallOptions& options = {});
  // `min_redundancy` absent: 1.
  absl::StatusOr<Written<v1::Interface>> OfflineInterface(
      const std::string& name, std::optional<std::uint32_t> min_redundancy = std::nullopt,
      const CallOptions& options = {});
  absl::StatusOr<Written<v1::Interface>> OnlineInterface(const std::string& name,
                                                         const CallOptions& options = {});
  absl::StatusOr<Written<v1::Interface>> ReportInterface(const std::string& name,
                                                         const v1::InterfaceReport& report,
                                                         const CallOptions& options = {});

  // `parent` is a group or an interface. The name follows from it and the CIDR.
  absl::StatusOr<Written<v1::Address>> CreateAddress(const std::string& parent,
                                                     const v1::Address& address,
                                                     const CallOptions& options = {});
  absl::StatusOr<Read<v1::Address>> GetAddress(const std::string& name,
                                               const ReadOptions& options = {});
  // `parent` is a group, an interface or a zone.
  absl::StatusOr<Listed<v1::Address>> ListAddresses(const std::string& parent,
                                                    const ListOptions& options = {});
  absl::StatusOr<Written<v1::Address>> UpdateAddress(const v1::Address& address,
                                                     const std::vector<std::string>& mask,
                                                     const CallOptions& options = {});
  absl::StatusOr<v1::WriteResult> DeleteAddress(const std::string& name,
                                                const DeleteOptions& options = {});

  // `name` is a group, an interface or an address.
  absl::StatusOr<v1::BringUpResponse> BringUp(const std::string& name,
                                              v1::Family family = v1::FAMILY_UNSPECIFIED,
                                              const CallOptions& options = {});
  absl::StatusOr<v1::BringDownResponse> BringDown(const std::string& name,
                                                  v1::Family family = v1::FAMILY_UNSPECIFIED,
                                                  const CallOptions& options = {});
  // `name` is a group or an interface.
  absl::StatusOr<v1::SetForwardingResponse> SetForwarding(const std::string& name,
                                                          v1::Family family, bool enabled,
                                                          const CallOptions& options = {});

  absl::StatusOr<v1::SetArpEntryResponse> SetArpEntry(const std::string& group,
                                                      const ArpEntrySpec& entry,
                                                      const CallOptions& options = {});
  absl::StatusOr<v1::WriteResult> DeleteArpEntry(const std::string& group,
                                                 const std::string& ip_address,
                                                 const DeleteOptions& options = {});

  // A mutation: it turns the rotation.
  absl::StatusOr<v1::NextInterfaceResponse> NextInterface(const std::string& group,
                                                          v1::Family family,
                                                          const CallOptions& options = {});
  absl::StatusOr<v1::CastInterfaceResponse> CastInterface(const std::string& group,
                                                          v1::Family family,
                                                          const ReadOptions& options = {});
  absl::StatusOr<v1::FindInterfaceResponse> FindInterface(const std::string& group,
                                                          v1::Family family,
                                                          const std::string& hardware_address,
                                                          const ReadOptions& options = {});
  absl::StatusOr<v1::GetGroupStatsResponse> GetGroupStats(const std::string& group,
                                                          const ReadOptions& options = {});

  // `parent` is an address of a group, a group or a zone. Newest first.
  absl::StatusOr<Listed<v1::Move>> ListMoves(const std::string& parent,
                                             const ListOptions& options = {});
  absl::StatusOr<v1::ExplainAddressResponse> ExplainAddress(const std::string& address,
                                                            const ReadOptions& options = {});
  // Gives the probes that are reported from now on to `visit`, in order, until it returns an error,
  // which is then returned, or the stream ends: it does not end by itself. `interfaces` are short
  // names, none: all of the zone. Deadline: none unless given.
  absl::Status StreamProbes(
      const std::string& zone, const std::vector<std::string>& interfaces,
      const std::function<absl::Status(const v1::StreamProbesResponse& probes)>& visit,
      const ReadOptions& options = {});

 private:
  Stub* const stub_;
  const absl::Duration deadline_;
};

}  // namespace netstackd

#endif  // NETSTACKD_IPMP_CLIENT_H_
