#include "server/codec/api_views.h"

#include <algorithm>
#include <utility>

#include "core/health/probing.h"
#include "server/codec/api_images.h"
#include "server/codec/api_values.h"

namespace netstackd::codec {
namespace {

constexpr core::Order kNever = ~core::Order{0};

// The smallest number that a side has in a list; kNever if no side is in it.
core::Order First(const core::Interface& interface, core::Order core::InterfaceSide::*number) {
  core::Order first = kNever;
  for (const auto& side : interface.sides) {
    if (side && (*side).*number != 0) first = std::min(first, (*side).*number);
  }
  return first;
}

std::vector<GroupView::Interface> SortedBy(std::vector<GroupView::Interface> interfaces,
                                           core::Order core::InterfaceSide::*number) {
  std::sort(interfaces.begin(), interfaces.end(), [&](const auto& a, const auto& b) {
    return std::pair(First(*a.image, number), a.image->uid) <
           std::pair(First(*b.image, number), b.image->uid);
  });
  return interfaces;
}

v1::Group::State ToProto(core::GroupState state) {
  switch (state) {
    case core::GroupState::kOk:
      return v1::Group::STATE_OK;
    case core::GroupState::kDegraded:
      return v1::Group::STATE_DEGRADED;
    case core::GroupState::kFailed:
      break;
  }
  return v1::Group::STATE_FAILED;
}

void RenderSide(const GroupView::Side& from, const Names& names, v1::GroupSide* to) {
  to->set_up_addresses(from.up);
  to->set_duplicate_addresses(from.duplicates);
  for (const core::InterfaceUid uid : from.members) to->add_members(names.Of(uid));
  for (const core::InterfaceUid uid : from.active) to->add_active(names.Of(uid));
  for (const auto& entry : from.arp_entries) RenderImage(*entry, to->add_arp_entries());
}

void RenderSide(const InterfaceView& view, core::Family family, v1::InterfaceSide* to) {
  const InterfaceView::Side& side = view.sides[core::IndexOf(family)];
  to->set_up_addresses(side.up);
  to->set_duplicate_addresses(side.duplicates);
  to->set_bound_addresses(side.bound);
  if (side.test_address && core::health::IsEnabled(*view.image, family)) {
    to->mutable_probing()->set_test_address(core::ToString(*side.test_address));
  }
  if (!view.group) return;
  const auto& group_side = view.group->sides[core::IndexOf(family)];
  to->set_cast(group_side && group_side->cast == view.image->uid);
}

}  // namespace

GroupView Collect(const core::State& state, const core::Group& group) {
  GroupView view;
  view.image = state.image<core::Group>(group.uid);
  view.state = core::StateOf(state, group);
  for (const core::InterfaceUid uid : state.index().interfaces_of(group.uid)) {
    auto image = state.image<core::Interface>(uid);
    const bool usable = core::IsUsable(state, *image);
    view.interfaces.push_back({std::move(image), usable});
  }
  for (const core::Family family : core::kFamilies) {
    if (!group.sides[core::IndexOf(family)]) continue;
    const core::SideIndex& index = state.index().side(group.uid, family);
    GroupView::Side& side = view.sides[core::IndexOf(family)];
    side.up = core::UpAddresses(state, group, family);
    side.duplicates = index.duplicates;
    for (const auto& [order, uid] : index.members) side.members.push_back(uid);
    for (const auto& [order, uid] : index.active) side.active.push_back(uid);
    for (auto entry = index.arp.rbegin(); entry != index.arp.rend(); ++entry) {
      // One that is not permanent was announced once, and is not kept for the group.
      auto image = state.image<core::ArpEntry>(entry->second);
      if (image->permanent) side.arp_entries.push_back(std::move(image));
    }
  }
  return view;
}

InterfaceView Collect(const core::State& state, const core::Interface& interface) {
  InterfaceView view;
  view.image = state.image<core::Interface>(interface.uid);
  if (interface.group) view.group = state.image<core::Group>(interface.group);
  for (const core::Family family : core::kFamilies) {
    if (!interface.sides[core::IndexOf(family)]) continue;
    const core::SideIndex& index = state.index().side(interface.uid, family);
    view.sides[core::IndexOf(family)] = {.up = core::UpAddresses(state, interface, family),
                                         .duplicates = index.duplicates,
                                         .bound = static_cast<std::uint32_t>(index.bound.size())};
    const core::Address* test = core::health::TestAddress(state, interface, family);
    if (test != nullptr) view.sides[core::IndexOf(family)].test_address = test->ip;
  }
  return view;
}

AddressView Collect(const core::State& state, const core::Address& address) {
  AddressView view;
  view.image = state.image<core::Address>(address.uid);
  if (address.group) view.group = state.image<core::Group>(address.group);
  if (address.interface) view.interface = state.image<core::Interface>(address.interface);
  if (address.bound) view.bound = state.image<core::Interface>(address.bound);
  return view;
}

std::size_t CostOf(const GroupView& view) {
  return 1 + view.interfaces.size() + view.sides[0].arp_entries.size();
}
std::size_t CostOf(const InterfaceView&) { return 1; }
std::size_t CostOf(const AddressView&) { return 1; }

void Render(const GroupView& view, v1::Group* to) {
  Names names;
  for (const auto& interface : view.interfaces) names.Add(*interface.image);
  RenderImage(*view.image, names, to);

  v1::Group::Status* status = to->mutable_status();
  status->set_state(ToProto(view.state));
  for (const auto& one : SortedBy(view.interfaces, &core::InterfaceSide::activated)) {
    if (core::IsActive(*one.image)) status->add_active(one.image->name);
  }
  for (const auto& one : SortedBy(view.interfaces, &core::InterfaceSide::joined)) {
    if (core::IsActive(*one.image)) continue;
    (one.usable ? status->add_inactive() : status->add_unusable())->assign(one.image->name);
  }
  status->set_interface_count(static_cast<std::uint32_t>(view.interfaces.size()));
  status->set_active_count(
      static_cast<std::uint32_t>(view.sides[0].active.size() + view.sides[1].active.size()));
  status->set_link_up(status->active_count() > 0);
  const bool probes =
      std::any_of(view.interfaces.begin(), view.interfaces.end(),
                  [](const auto& one) { return core::health::AnyEnabled(*one.image); });
  if (probes) {
    *status->mutable_effective_detection_time() =
        codec::ToProto(core::health::EffectiveDetectionTime(*view.image));
  }
  if (status->has_ipv4()) RenderSide(view.sides[0], names, status->mutable_ipv4());
  if (status->has_ipv6()) RenderSide(view.sides[1], names, status->mutable_ipv6());
}

void Render(const InterfaceView& view, v1::Interface* to) {
  Names names;
  if (view.group) names.Add(*view.group);
  RenderImage(*view.image, names, to);
  v1::Interface::Status* status = to->mutable_status();
  if (status->has_ipv4()) RenderSide(view, core::Family::kIpv4, status->mutable_ipv4());
  if (status->has_ipv6()) RenderSide(view, core::Family::kIpv6, status->mutable_ipv6());
}

void Render(const AddressView& view, v1::Address* to) {
  Names names;
  if (view.group) names.Add(*view.group);
  if (view.interface) names.Add(*view.interface);
  if (view.bound) names.Add(*view.bound);
  RenderImage(*view.image, names, to);
}

}  // namespace netstackd::codec
