#include "netstackd/ipmp_client.h"

#include <string>
#include <type_traits>
#include <utility>

#include "client/sdk/unary.h"

namespace netstackd {
namespace {

using sdk::Mutate;
using sdk::Target;
using sdk::Unary;

// The object of an answer; its field is called after its kind.
template <typename T, typename Response>
const T& ObjectOf(const Response& answer) {
  if constexpr (std::is_same_v<T, v1::Group>) {
    return answer.group();
  } else if constexpr (std::is_same_v<T, v1::Interface>) {
    return answer.ip_interface();
  } else {
    return answer.address();
  }
}

template <typename T, typename Response>
absl::StatusOr<Written<T>> WrittenOf(const absl::StatusOr<Response>& answer) {
  if (!answer.ok()) return answer.status();
  return Written<T>{ObjectOf<T>(*answer), answer->result()};
}

template <typename T, typename Response>
absl::StatusOr<Read<T>> ReadOf(const absl::StatusOr<Response>& answer) {
  if (!answer.ok()) return answer.status();
  return Read<T>{ObjectOf<T>(*answer), answer->revision()};
}

template <typename Request>
Request Named(const std::string& name) {
  Request request;
  request.set_name(name);
  return request;
}

// A request that reads `name` in a state at least as new as asked.
template <typename Request>
Request NamedRead(const std::string& name, const ReadOptions& options) {
  Request request = Named<Request>(name);
  request.set_min_revision(options.min_revision);
  return request;
}

template <typename Request>
Request ListRequest(const std::string& parent, const ListOptions& options) {
  Request request;
  request.set_parent(parent);
  sdk::SetPage(options, request.mutable_page());
  return request;
}

template <typename Request>
void SetMask(const std::vector<std::string>& mask, Request* request) {
  for (const std::string& path : mask) request->mutable_update_mask()->add_paths(path);
}

template <typename Response, typename Request>
absl::StatusOr<v1::WriteResult> ResultOf(const Target& target, const char* method, Request request,
                                         const CallOptions& options) {
  auto answer = Mutate<Response>(target, method, std::move(request), options);
  if (!answer.ok()) return answer.status();
  return answer->result();
}

}  // namespace

absl::StatusOr<Written<v1::Group>> IpmpClient::CreateGroup(const v1::Group& group,
                                                           const CallOptions& options) {
  auto [parent, id] = sdk::SplitName(group.name());
  v1::CreateGroupRequest request;
  request.set_parent(parent);
  request.set_group_id(id);
  *request.mutable_group() = group;
  request.mutable_group()->clear_name();  // said already, in two parts
  return WrittenOf<v1::Group>(Mutate<v1::CreateGroupResponse>(
      {stub_, deadline_}, "/netstackd.v1.IpmpService/CreateGroup", std::move(request), options));
}

absl::StatusOr<Read<v1::Group>> IpmpClient::GetGroup(const std::string& name,
                                                     const ReadOptions& options) {
  return ReadOf<v1::Group>(
      Unary<v1::GetGroupResponse>({stub_, deadline_}, "/netstackd.v1.IpmpService/GetGroup",
                                  NamedRead<v1::GetGroupRequest>(name, options), options.deadline));
}

absl::StatusOr<Listed<v1::Group>> IpmpClient::ListGroups(const std::string& parent,
                                                         const ListOptions& options) {
  auto answer = Unary<v1::ListGroupsResponse>(
      {stub_, deadline_}, "/netstackd.v1.IpmpService/ListGroups",
      ListRequest<v1::ListGroupsRequest>(parent, options), options.deadline);
  if (!answer.ok()) return answer.status();
  return sdk::ListedOf<v1::Group>(answer->groups(), answer->page());
}

absl::StatusOr<Written<v1::Group>> IpmpClient::UpdateGroup(const v1::Group& group,
                                                           const std::vector<std::string>& mask,
                                                           const CallOptions& options) {
  v1::UpdateGroupRequest request;
  *request.mutable_group() = group;
  SetMask(mask, &request);
  return WrittenOf<v1::Group>(Mutate<v1::UpdateGroupResponse>(
      {stub_, deadline_}, "/netstackd.v1.IpmpService/UpdateGroup", std::move(request), options));
}

absl::StatusOr<v1::WriteResult> IpmpClient::DeleteGroup(const std::string& name,
                                                        const DeleteOptions& options) {
  auto request = Named<v1::DeleteGroupRequest>(name);
  request.set_allow_missing(options.allow_missing);
  return ResultOf<v1::DeleteGroupResponse>({stub_, deadline_},
                                           "/netstackd.v1.IpmpService/DeleteGroup",
                                           std::move(request), options.call);
}

absl::StatusOr<Written<v1::Group>> IpmpClient::RenameGroup(const std::string& name,
                                                           const std::string& new_group_id,
                                                           const CallOptions& options) {
  auto request = Named<v1::RenameGroupRequest>(name);
  request.set_new_group_id(new_group_id);
  return WrittenOf<v1::Group>(Mutate<v1::RenameGroupResponse>(
      {stub_, deadline_}, "/netstackd.v1.IpmpService/RenameGroup", std::move(request), options));
}

absl::StatusOr<Written<v1::Interface>> IpmpClient::CreateInterface(
    const v1::Interface& ip_interface, const CallOptions& options) {
  auto [parent, id] = sdk::SplitName(ip_interface.name());
  v1::CreateInterfaceRequest request;
  request.set_parent(parent);
  request.set_interface_id(id);
  *request.mutable_ip_interface() = ip_interface;
  request.mutable_ip_interface()->clear_name();  // said already, in two parts
  return WrittenOf<v1::Interface>(Mutate<v1::CreateInterfaceResponse>(
      {stub_, deadline_}, "/netstackd.v1.IpmpService/CreateInterface", std::move(request),
      options));
}

absl::StatusOr<Read<v1::Interface>> IpmpClient::GetInterface(const std::string& name,
                                                             const ReadOptions& options) {
  return ReadOf<v1::Interface>(Unary<v1::GetInterfaceResponse>(
      {stub_, deadline_}, "/netstackd.v1.IpmpService/GetInterface",
      NamedRead<v1::GetInterfaceRequest>(name, options), options.deadline));
}

absl::StatusOr<Listed<v1::Interface>> IpmpClient::ListInterfaces(const std::string& parent,
                                                                 const ListOptions& options) {
  auto answer = Unary<v1::ListInterfacesResponse>(
      {stub_, deadline_}, "/netstackd.v1.IpmpService/ListInterfaces",
      ListRequest<v1::ListInterfacesRequest>(parent, options), options.deadline);
  if (!answer.ok()) return answer.status();
  return sdk::ListedOf<v1::Interface>(answer->ip_interfaces(), answer->page());
}

absl::StatusOr<Written<v1::Interface>> IpmpClient::UpdateInterface(
    const v1::Interface& ip_interface, const std::vector<std::string>& mask,
    const CallOptions& options) {
  v1::UpdateInterfaceRequest request;
  *request.mutable_ip_interface() = ip_interface;
  SetMask(mask, &request);
  return WrittenOf<v1::Interface>(Mutate<v1::UpdateInterfaceResponse>(
      {stub_, deadline_}, "/netstackd.v1.IpmpService/UpdateInterface", std::move(request),
      options));
}

absl::StatusOr<v1::WriteResult> IpmpClient::DeleteInterface(const std::string& name,
                                                            const DeleteOptions& options) {
  auto request = Named<v1::DeleteInterfaceRequest>(name);
  request.set_allow_missing(options.allow_missing);
  return ResultOf<v1::DeleteInterfaceResponse>({stub_, deadline_},
                                               "/netstackd.v1.IpmpService/DeleteInterface",
                                               std::move(request), options.call);
}

absl::StatusOr<Written<v1::Interface>> IpmpClient::JoinGroup(const std::string& name,
                                                             const std::string& group,
                                                             const CallOptions& options) {
  auto request = Named<v1::JoinGroupRequest>(name);
  request.set_group(group);
  return WrittenOf<v1::Interface>(Mutate<v1::JoinGroupResponse>(
      {stub_, deadline_}, "/netstackd.v1.IpmpService/JoinGroup", std::move(request), options));
}

absl::StatusOr<Written<v1::Interface>> IpmpClient::LeaveGroup(const std::string& name,
                                                              const CallOptions& options) {
  auto request = Named<v1::LeaveGroupRequest>(name);
  return WrittenOf<v1::Interface>(Mutate<v1::LeaveGroupResponse>(
      {stub_, deadline_}, "/netstackd.v1.IpmpService/LeaveGroup", std::move(request), options));
}

absl::StatusOr<Written<v1::Interface>> IpmpClient::OfflineInterface(
    const std::string& name, std::optional<std::uint32_t> min_redundancy,
    const CallOptions& options) {
  auto request = Named<v1::OfflineInterfaceRequest>(name);
  if (min_redundancy) request.set_min_redundancy(*min_redundancy);
  return WrittenOf<v1::Interface>(Mutate<v1::OfflineInterfaceResponse>(
      {stub_, deadline_}, "/netstackd.v1.IpmpService/OfflineInterface", std::move(request),
      options));
}

absl::StatusOr<Written<v1::Interface>> IpmpClient::OnlineInterface(const std::string& name,
                                                                   const CallOptions& options) {
  auto request = Named<v1::OnlineInterfaceRequest>(name);
  return WrittenOf<v1::Interface>(Mutate<v1::OnlineInterfaceResponse>(
      {stub_, deadline_}, "/netstackd.v1.IpmpService/OnlineInterface", std::move(request),
      options));
}

absl::StatusOr<Written<v1::Interface>> IpmpClient::ReportInterface(
    const std::string& name, const v1::InterfaceReport& report, const CallOptions& options) {
  auto request = Named<v1::ReportInterfaceRequest>(name);
  *request.mutable_report() = report;
  return WrittenOf<v1::Interface>(Mutate<v1::ReportInterfaceResponse>(
      {stub_, deadline_}, "/netstackd.v1.IpmpService/ReportInterface", std::move(request),
      options));
}

absl::StatusOr<Written<v1::Address>> IpmpClient::CreateAddress(const std::string& parent,
                                                               const v1::Address& address,
                                                               const CallOptions& options) {
  v1::CreateAddressRequest request;
  request.set_parent(parent);
  *request.mutable_address() = address;
  request.mutable_address()->clear_name();  // follows from parent and CIDR
  return WrittenOf<v1::Address>(Mutate<v1::CreateAddressResponse>(
      {stub_, deadline_}, "/netstackd.v1.IpmpService/CreateAddress", std::move(request), options));
}

absl::StatusOr<Read<v1::Address>> IpmpClient::GetAddress(const std::string& name,
                                                         const ReadOptions& options) {
  return ReadOf<v1::Address>(Unary<v1::GetAddressResponse>(
      {stub_, deadline_}, "/netstackd.v1.IpmpService/GetAddress",
      NamedRead<v1::GetAddressRequest>(name, options), options.deadline));
}

absl::StatusOr<Listed<v1::Address>> IpmpClient::ListAddresses(const std::string& parent,
                                                              const ListOptions& options) {
  auto answer = Unary<v1::ListAddressesResponse>(
      {stub_, deadline_}, "/netstackd.v1.IpmpService/ListAddresses",
      ListRequest<v1::ListAddressesRequest>(parent, options), options.deadline);
  if (!answer.ok()) return answer.status();
  return sdk::ListedOf<v1::Address>(answer->addresses(), answer->page());
}

absl::StatusOr<Written<v1::Address>> IpmpClient::UpdateAddress(const v1::Address& address,
                                                               const std::vector<std::string>& mask,
                                                               const CallOptions& options) {
  v1::UpdateAddressRequest request;
  *request.mutable_address() = address;
  SetMask(mask, &request);
  return WrittenOf<v1::Address>(Mutate<v1::UpdateAddressResponse>(
      {stub_, deadline_}, "/netstackd.v1.IpmpService/UpdateAddress", std::move(request), options));
}

absl::StatusOr<v1::WriteResult> IpmpClient::DeleteAddress(const std::string& name,
                                                          const DeleteOptions& options) {
  auto request = Named<v1::DeleteAddressRequest>(name);
  request.set_allow_missing(options.allow_missing);
  return ResultOf<v1::DeleteAddressResponse>({stub_, deadline_},
                                             "/netstackd.v1.IpmpService/DeleteAddress",
                                             std::move(request), options.call);
}

absl::StatusOr<v1::BringUpResponse> IpmpClient::BringUp(const std::string& name, v1::Family family,
                                                        const CallOptions& options) {
  auto request = Named<v1::BringUpRequest>(name);
  request.set_family(family);
  return Mutate<v1::BringUpResponse>({stub_, deadline_}, "/netstackd.v1.IpmpService/BringUp",
                                     std::move(request), options);
}

absl::StatusOr<v1::BringDownResponse> IpmpClient::BringDown(const std::string& name,
                                                            v1::Family family,
                                                            const CallOptions& options) {
  auto request = Named<v1::BringDownRequest>(name);
  request.set_family(family);
  return Mutate<v1::BringDownResponse>({stub_, deadline_}, "/netstackd.v1.IpmpService/BringDown",
                                       std::move(request), options);
}

absl::StatusOr<v1::SetForwardingResponse> IpmpClient::SetForwarding(const std::string& name,
                                                                    v1::Family family, bool enabled,
                                                                    const CallOptions& options) {
  auto request = Named<v1::SetForwardingRequest>(name);
  request.set_family(family);
  request.set_enabled(enabled);
  return Mutate<v1::SetForwardingResponse>(
      {stub_, deadline_}, "/netstackd.v1.IpmpService/SetForwarding", std::move(request), options);
}

absl::StatusOr<v1::SetArpEntryResponse> IpmpClient::SetArpEntry(const std::string& group,
                                                                const ArpEntrySpec& entry,
                                                                const CallOptions& options) {
  v1::SetArpEntryRequest request;
  request.set_parent(group);
  request.set_ip_address(entry.ip_address);
  request.set_hardware_address(entry.hardware_address);
  if (entry.permanent) request.set_permanent(*entry.permanent);
  return Mutate<v1::SetArpEntryResponse>(
      {stub_, deadline_}, "/netstackd.v1.IpmpService/SetArpEntry", std::move(request), options);
}

absl::StatusOr<v1::WriteResult> IpmpClient::DeleteArpEntry(const std::string& group,
                                                           const std::string& ip_address,
                                                           const DeleteOptions& options) {
  v1::DeleteArpEntryRequest request;
  request.set_parent(group);
  request.set_ip_address(ip_address);
  request.set_allow_missing(options.allow_missing);
  return ResultOf<v1::DeleteArpEntryResponse>({stub_, deadline_},
                                              "/netstackd.v1.IpmpService/DeleteArpEntry",
                                              std::move(request), options.call);
}

absl::StatusOr<v1::NextInterfaceResponse> IpmpClient::NextInterface(const std::string& group,
                                                                    v1::Family family,
                                                                    const CallOptions& options) {
  auto request = Named<v1::NextInterfaceRequest>(group);
  request.set_family(family);
  return Mutate<v1::NextInterfaceResponse>(
      {stub_, deadline_}, "/netstackd.v1.IpmpService/NextInterface", std::move(request), options);
}

absl::StatusOr<v1::CastInterfaceResponse> IpmpClient::CastInterface(const std::string& group,
                                                                    v1::Family family,
                                                                    const ReadOptions& options) {
  auto request = NamedRead<v1::CastInterfaceRequest>(group, options);
  request.set_family(family);
  return Unary<v1::CastInterfaceResponse>(
      {stub_, deadline_}, "/netstackd.v1.IpmpService/CastInterface", request, options.deadline);
}

absl::StatusOr<v1::FindInterfaceResponse> IpmpClient::FindInterface(
    const std::string& group, v1::Family family, const std::string& hardware_address,
    const ReadOptions& options) {
  auto request = NamedRead<v1::FindInterfaceRequest>(group, options);
  request.set_family(family);
  request.set_hardware_address(hardware_address);
  return Unary<v1::FindInterfaceResponse>(
      {stub_, deadline_}, "/netstackd.v1.IpmpService/FindInterface", request, options.deadline);
}

absl::StatusOr<v1::GetGroupStatsResponse> IpmpClient::GetGroupStats(const std::string& group,
                                                                    const ReadOptions& options) {
  return Unary<v1::GetGroupStatsResponse>(
      {stub_, deadline_}, "/netstackd.v1.IpmpService/GetGroupStats",
      NamedRead<v1::GetGroupStatsRequest>(group, options), options.deadline);
}

absl::StatusOr<Listed<v1::Move>> IpmpClient::ListMoves(const std::string& parent,
                                                       const ListOptions& options) {
  auto answer = Unary<v1::ListMovesResponse>(
      {stub_, deadline_}, "/netstackd.v1.IpmpService/ListMoves",
      ListRequest<v1::ListMovesRequest>(parent, options), options.deadline);
  if (!answer.ok()) return answer.status();
  return sdk::ListedOf<v1::Move>(answer->moves(), answer->page());
}

absl::StatusOr<v1::ExplainAddressResponse> IpmpClient::ExplainAddress(const std::string& address,
                                                                      const ReadOptions& options) {
  return Unary<v1::ExplainAddressResponse>(
      {stub_, deadline_}, "/netstackd.v1.IpmpService/ExplainAddress",
      NamedRead<v1::ExplainAddressRequest>(address, options), options.deadline);
}

absl::Status IpmpClient::StreamProbes(
    const std::string& zone, const std::vector<std::string>& interfaces,
    const std::function<absl::Status(const v1::StreamProbesResponse& probes)>& visit,
    const ReadOptions& options) {
  v1::StreamProbesRequest request;
  request.set_parent(zone);
  request.mutable_interfaces()->Assign(interfaces.begin(), interfaces.end());
  v1::StreamProbesResponse message;
  return stub_->Stream("/netstackd.v1.IpmpService/StreamProbes", request,
                       options.deadline.value_or(absl::InfiniteDuration()), &message,
                       [&] { return visit(message); });
}

}  // namespace netstackd
