#include "server/codec/api_answers.h"

#include <string>

#include "core/queries.h"
#include "server/codec/api_images.h"
#include "server/codec/api_names.h"
#include "server/codec/api_plan.h"
#include "server/codec/api_views.h"

namespace netstackd::codec {
namespace {

constexpr int kWarningsMax = 100;

// A call that changed nothing answers with the revision of the last change of its object.
template <typename Answer>
void PutRevision(std::int64_t update_revision, bool changed, Answer* answer) {
  if (changed || answer->result().revision() == 0) return;  // 0: only validated
  answer->mutable_result()->set_revision(update_revision);
}

template <typename Answer, typename Resource>
void FillGroup(const core::State& state, const core::Name& name, const core::Transition& transition,
               Answer* answer, Resource* resource) {
  const auto group = core::GetGroup(state, name);
  if (!group.ok()) return;
  Render(Collect(state, **group), resource);
  PutRevision((*group)->meta.update_revision, !transition.deltas.empty(), answer);
}

template <typename Answer, typename Resource>
void FillInterface(const core::State& state, const core::Name& name,
                   const core::Transition& transition, Answer* answer, Resource* resource) {
  const auto interface = core::GetInterface(state, name);
  if (!interface.ok()) return;
  Render(Collect(state, **interface), resource);
  PutRevision((*interface)->meta.update_revision, !transition.deltas.empty(), answer);
}

// An address of a member may have moved to the group.
const core::Address* FindAddress(const core::State& state, const core::Name& name) {
  if (const auto address = core::GetAddress(state, name); address.ok()) return *address;
  if (name.interface.empty()) return nullptr;
  const auto interface = core::GetInterface(state, name);
  if (!interface.ok() || !(*interface)->group) return nullptr;
  return state.FindAddress((*interface)->group, *name.address);
}

template <typename Answer, typename Resource>
void FillAddress(const core::State& state, const core::Name& name,
                 const core::Transition& transition, Answer* answer, Resource* resource) {
  const core::Address* address = FindAddress(state, name);
  if (address == nullptr) return;
  Render(Collect(state, *address), resource);
  PutRevision(address->meta.update_revision, !transition.deltas.empty(), answer);
}

// BringUp and BringDown.
template <typename Request, typename Answer>
void FillTarget(const Request& request, const core::State& state,
                const core::Transition& transition, Answer* answer) {
  const core::Name name = NameOf(request.name());
  if (name.address) {
    FillAddress(state, name, transition, answer, answer->mutable_address());
  } else if (!name.group.empty()) {
    FillGroup(state, name, transition, answer, answer->mutable_group());
  } else {
    FillInterface(state, name, transition, answer, answer->mutable_ip_interface());
  }
}

}  // namespace

void FillResult(const core::State& state, const core::Transition& transition,
                const Written& written, v1::WriteResult* result) {
  result->set_revision(written.revision);
  result->set_changed(written.changed);
  RenderPlan(transition.deltas, Names(&state), result->mutable_plan());
  AddWarnings(transition, result);
}

void AddWarnings(const core::Transition& transition, v1::WriteResult* result) {
  for (const core::Result& one : transition.results) {
    for (const std::string& warning : one.warnings) {
      if (result->warnings_size() < kWarningsMax) result->add_warnings(warning);
    }
  }
}

void FillAnswer(const v1::CreateGroupRequest& request, const core::State& state,
                const core::Transition& transition, v1::CreateGroupResponse* answer) {
  core::Name name = NameOf(request.parent());
  name.group = request.group_id();
  FillGroup(state, name, transition, answer, answer->mutable_group());
}

void FillAnswer(const v1::UpdateGroupRequest& request, const core::State& state,
                const core::Transition& transition, v1::UpdateGroupResponse* answer) {
  FillGroup(state, NameOf(request.group().name()), transition, answer, answer->mutable_group());
}

void FillAnswer(const v1::RenameGroupRequest& request, const core::State& state,
                const core::Transition& transition, v1::RenameGroupResponse* answer) {
  core::Name name = NameOf(request.name());
  name.group = request.new_group_id();
  FillGroup(state, name, transition, answer, answer->mutable_group());
}

void FillAnswer(const v1::CreateInterfaceRequest& request, const core::State& state,
                const core::Transition& transition, v1::CreateInterfaceResponse* answer) {
  core::Name name = NameOf(request.parent());
  name.interface = request.interface_id();
  FillInterface(state, name, transition, answer, answer->mutable_ip_interface());
}

void FillAnswer(const v1::UpdateInterfaceRequest& request, const core::State& state,
                const core::Transition& transition, v1::UpdateInterfaceResponse* answer) {
  FillInterface(state, NameOf(request.ip_interface().name()), transition, answer,
                answer->mutable_ip_interface());
}

void FillAnswer(const v1::JoinGroupRequest& request, const core::State& state,
                const core::Transition& transition, v1::JoinGroupResponse* answer) {
  FillInterface(state, NameOf(request.name()), transition, answer, answer->mutable_ip_interface());
}

void FillAnswer(const v1::LeaveGroupRequest& request, const core::State& state,
                const core::Transition& transition, v1::LeaveGroupResponse* answer) {
  FillInterface(state, NameOf(request.name()), transition, answer, answer->mutable_ip_interface());
}

void FillAnswer(const v1::OfflineInterfaceRequest& request, const core::State& state,
                const core::Transition& transition, v1::OfflineInterfaceResponse* answer) {
  FillInterface(state, NameOf(request.name()), transition, answer, answer->mutable_ip_interface());
}

void FillAnswer(const v1::OnlineInterfaceRequest& request, const core::State& state,
                const core::Transition& transition, v1::OnlineInterfaceResponse* answer) {
  FillInterface(state, NameOf(request.name()), transition, answer, answer->mutable_ip_interface());
}

void FillAnswer(const v1::ReportInterfaceRequest& request, const core::State& state,
                const core::Transition& transition, v1::ReportInterfaceResponse* answer) {
  FillInterface(state, NameOf(request.name()), transition, answer, answer->mutable_ip_interface());
}

void FillAnswer(const v1::CreateAddressRequest& request, const core::State& state,
                const core::Transition& transition, v1::CreateAddressResponse* answer) {
  const core::IpAddress ip = ParseCidr(request.address().spec().cidr())->address;
  FillAddress(state, AddressOf(request.parent(), ip), transition, answer,
              answer->mutable_address());
}

void FillAnswer(const v1::UpdateAddressRequest& request, const core::State& state,
                const core::Transition& transition, v1::UpdateAddressResponse* answer) {
  FillAddress(state, NameOf(request.address().name()), transition, answer,
              answer->mutable_address());
}

void FillAnswer(const v1::BringUpRequest& request, const core::State& state,
                const core::Transition& transition, v1::BringUpResponse* answer) {
  FillTarget(request, state, transition, answer);
}

void FillAnswer(const v1::BringDownRequest& request, const core::State& state,
                const core::Transition& transition, v1::BringDownResponse* answer) {
  FillTarget(request, state, transition, answer);
}

void FillAnswer(const v1::SetForwardingRequest& request, const core::State& state,
                const core::Transition& transition, v1::SetForwardingResponse* answer) {
  const core::Name name = NameOf(request.name());
  if (!name.group.empty()) {
    FillGroup(state, name, transition, answer, answer->mutable_group());
  } else {
    FillInterface(state, name, transition, answer, answer->mutable_ip_interface());
  }
}

void FillAnswer(const v1::SetArpEntryRequest& request, const core::State& state,
                const core::Transition& transition, v1::SetArpEntryResponse* answer) {
  const auto group = core::GetGroup(state, NameOf(request.parent()));
  const auto ip = core::ParseIpAddress(request.ip_address());
  if (!group.ok() || !ip) return;
  const auto& by_ip = state.index().side((*group)->uid, core::Family::kIpv4).arp_by_ip;
  const auto entry = by_ip.find(*ip);
  if (entry == by_ip.end()) return;
  const core::ArpEntry* image = state.arp_entry(entry->second);
  RenderImage(*image, answer->mutable_arp_entry());
  PutRevision(image->meta.update_revision, !transition.deltas.empty(), answer);
}

void FillAnswer(const v1::NextInterfaceRequest& request, const core::State& state,
                const core::Transition& transition, v1::NextInterfaceResponse* answer) {
  if (!transition.results.empty() && transition.results.front().chosen) {
    answer->set_ip_interface(Names(&state).Of(*transition.results.front().chosen));
  }
  const auto group = core::GetGroup(state, NameOf(request.name()));
  if (group.ok()) {
    PutRevision((*group)->meta.update_revision, !transition.deltas.empty(), answer);
  }
}

}  // namespace netstackd::codec
