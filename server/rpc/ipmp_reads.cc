#include <string>
#include <utility>

#include "core/queries.h"
#include "server/codec/api_images.h"
#include "server/codec/api_names.h"
#include "server/codec/api_values.h"
#include "server/codec/api_views.h"
#include "server/rpc/ipmp_service.h"
#include "server/rpc/read_call.h"

namespace netstackd::rpc {
namespace {

template <typename T>
struct At {
  T value{};
  executor::Revision revision = 0;
};

// Runs `look(state)`, which returns a StatusOr<T>, on a state at least as new as `wanted`.
template <typename T, typename F>
absl::StatusOr<At<T>> Look(const Backend& backend, std::int64_t wanted, const F& look) {
  auto found = backend.executor->Read(
      [&](const core::State& state,
          executor::Revision revision) -> std::pair<executor::Revision, absl::StatusOr<T>> {
        if (wanted > revision) return {revision, absl::StatusOr<T>(T{})};
        return {revision, look(state)};
      });
  NSD_RETURN_IF_ERROR(CheckRevision(backend, wanted, found.first));
  NSD_RETURN_IF_ERROR(found.second.status());
  return At<T>{std::move(*found.second), found.first};
}

absl::StatusOr<std::string> NameOfFound(const core::State& state,
                                        const absl::StatusOr<core::InterfaceUid>& found) {
  NSD_RETURN_IF_ERROR(found.status());
  return codec::Names(&state).Of(*found);
}

}  // namespace

void IpmpService::GetGroup(transport::UnaryCall* call, const v1::GetGroupRequest* request,
                           v1::GetGroupResponse* response) {
  Read(backend_, call, request, response,
       [this](const v1::GetGroupRequest& wanted, v1::GetGroupResponse* out) -> absl::Status {
         const core::Name name = codec::NameOf(wanted.name());
         const auto look = [&](const core::State& state) -> absl::StatusOr<codec::GroupView> {
           NSD_ASSIGN_OR_RETURN(const core::Group* group, core::GetGroup(state, name));
           return codec::Collect(state, *group);
         };
         NSD_ASSIGN_OR_RETURN(const auto found,
                              Look<codec::GroupView>(backend_, wanted.min_revision(), look));
         codec::Render(found.value, out->mutable_group());
         out->set_revision(found.revision);
         return absl::OkStatus();
       });
}

void IpmpService::GetInterface(transport::UnaryCall* call, const v1::GetInterfaceRequest* request,
                               v1::GetInterfaceResponse* response) {
  Read(
      backend_, call, request, response,
      [this](const v1::GetInterfaceRequest& wanted, v1::GetInterfaceResponse* out) -> absl::Status {
        const core::Name name = codec::NameOf(wanted.name());
        const auto look = [&](const core::State& state) -> absl::StatusOr<codec::InterfaceView> {
          NSD_ASSIGN_OR_RETURN(const core::Interface* interface, core::GetInterface(state, name));
          return codec::Collect(state, *interface);
        };
        NSD_ASSIGN_OR_RETURN(const auto found,
                             Look<codec::InterfaceView>(backend_, wanted.min_revision(), look));
        codec::Render(found.value, out->mutable_ip_interface());
        out->set_revision(found.revision);
        return absl::OkStatus();
      });
}

void IpmpService::GetAddress(transport::UnaryCall* call, const v1::GetAddressRequest* request,
                             v1::GetAddressResponse* response) {
  Read(backend_, call, request, response,
       [this](const v1::GetAddressRequest& wanted, v1::GetAddressResponse* out) -> absl::Status {
         const core::Name name = codec::NameOf(wanted.name());
         const auto look = [&](const core::State& state) -> absl::StatusOr<codec::AddressView> {
           NSD_ASSIGN_OR_RETURN(const core::Address* address, core::GetAddress(state, name));
           return codec::Collect(state, *address);
         };
         NSD_ASSIGN_OR_RETURN(const auto found,
                              Look<codec::AddressView>(backend_, wanted.min_revision(), look));
         codec::Render(found.value, out->mutable_address());
         out->set_revision(found.revision);
         return absl::OkStatus();
       });
}

void IpmpService::CastInterface(transport::UnaryCall* call, const v1::CastInterfaceRequest* request,
                                v1::CastInterfaceResponse* response) {
  Read(backend_, call, request, response,
       [this](const v1::CastInterfaceRequest& wanted,
              v1::CastInterfaceResponse* out) -> absl::Status {
         const core::Name name = codec::NameOf(wanted.name());
         const core::Family family = codec::FromProto(wanted.family());
         const auto look = [&](const core::State& state) {
           return NameOfFound(state, core::CastInterface(state, name, family));
         };
         NSD_ASSIGN_OR_RETURN(const auto found,
                              Look<std::string>(backend_, wanted.min_revision(), look));
         out->set_ip_interface(found.value);
         out->set_revision(found.revision);
         return absl::OkStatus();
       });
}

void IpmpService::FindInterface(transport::UnaryCall* call, const v1::FindInterfaceRequest* request,
                                v1::FindInterfaceResponse* response) {
  Read(backend_, call, request, response,
       [this](const v1::FindInterfaceRequest& wanted,
              v1::FindInterfaceResponse* out) -> absl::Status {
         const core::Name name = codec::NameOf(wanted.name());
         const core::Family family = codec::FromProto(wanted.family());
         const auto address = core::ParseHardwareAddress(wanted.hardware_address());
         const auto look = [&](const core::State& state) {
           return NameOfFound(state, core::FindInterface(state, name, family, *address));
         };
         NSD_ASSIGN_OR_RETURN(const auto found,
                              Look<std::string>(backend_, wanted.min_revision(), look));
         out->set_ip_interface(found.value);
         out->set_revision(found.revision);
         return absl::OkStatus();
       });
}

void IpmpService::GetGroupStats(transport::UnaryCall* call, const v1::GetGroupStatsRequest* request,
                                v1::GetGroupStatsResponse* response) {
  using Stats = std::pair<core::Counters, bool>;
  Read(backend_, call, request, response,
       [this](const v1::GetGroupStatsRequest& wanted,
              v1::GetGroupStatsResponse* out) -> absl::Status {
         const core::Name name = codec::NameOf(wanted.name());
         const auto look = [&](const core::State& state) -> absl::StatusOr<Stats> {
           NSD_ASSIGN_OR_RETURN(const core::Group* group, core::GetGroup(state, name));
           return Stats(core::GroupStats(state, *group), core::LinkUp(state, *group));
         };
         NSD_ASSIGN_OR_RETURN(const auto found, Look<Stats>(backend_, wanted.min_revision(), look));
         *out->mutable_counters() = codec::ToProto(found.value.first);
         out->set_link_up(found.value.second);
         out->set_revision(found.revision);
         return absl::OkStatus();
       });
}

}  // namespace netstackd::rpc
