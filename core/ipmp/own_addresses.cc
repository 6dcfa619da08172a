#include "core/ipmp/own_addresses.h"

#include "core/ipmp/placement.h"

namespace netstackd::core::ipmp {
namespace {

void EmitMembership(const Edit& edit, EventKind kind, InterfaceUid uid, Family family,
                    OwnAddress address) {
  if (family == Family::kIpv4 && !address) return;  // 0.0.0.0 has no memberships
  if (!edit[uid].observed[IndexOf(family)].capabilities.multicast) return;
  const bool member = edit[uid].sides[IndexOf(family)]->joined != 0;
  const Event event{.kind = kind,
                    .interface = &edit[uid].name,
                    .family = family,
                    .address = address ? &edit[address].ip : nullptr,
                    .all_hosts = !member,
                    .solicited_node = family == Family::kIpv6};
  if (event.all_hosts || event.solicited_node) edit.Emit(event);
}

void SetUp(Edit& edit, InterfaceUid uid, Family family, OwnAddress address, bool up) {
  if (address) {
    edit.Update(address, [&](Address& changed) {
      changed.up = up;
      if (up) changed.duplicate = false;
    });
  } else {
    edit.UpdateSide(uid, family, [&](InterfaceSide& side) { side.auto_address_up = up; });
  }
}

}  // namespace

std::vector<OwnAddress> UpOwnAddresses(const Edit& edit, InterfaceUid uid, Family family) {
  std::vector<OwnAddress> up;
  if (edit[uid].sides[IndexOf(family)]->auto_address_up) up.push_back(OwnAddress());
  for (const auto& [slot, address] : edit.side(uid, family).up_by_slot) up.push_back(address);
  return up;
}

void LeaveOwnMemberships(Edit& edit, InterfaceUid uid, Family family) {
  for (const OwnAddress address : UpOwnAddresses(edit, uid, family)) {
    EmitMembership(edit, EventKind::kInterfaceMulticastLeave, uid, family, address);
  }
}

void JoinOwnMemberships(Edit& edit, InterfaceUid uid, Family family) {
  for (const OwnAddress address : UpOwnAddresses(edit, uid, family)) {
    EmitMembership(edit, EventKind::kInterfaceMulticastJoin, uid, family, address);
  }
}

void ShowOwnAddresses(Edit& edit, InterfaceUid uid, Family family) {
  if (!edit[uid].sides[IndexOf(family)]) return;
  const std::vector<OwnAddress> up = UpOwnAddresses(edit, uid, family);
  if (up.empty()) return;
  edit.Emit({.kind = EventKind::kInterfaceShown, .interface = &edit[uid].name, .family = family});
  for (const OwnAddress address : up) {
    edit.Emit({.kind = EventKind::kAddressShown,
               .interface = &edit[uid].name,
               .family = family,
               .address = address ? &edit[address].ip : nullptr});
  }
}

void RaiseOwn(Edit& edit, InterfaceUid uid, Family family, OwnAddress address) {
  const Because because(edit, Cause::kNoAddress, uid);
  SetUp(edit, uid, family, address, true);
  RefreshActivity(edit, uid, family);
  EmitMembership(edit, EventKind::kInterfaceMulticastJoin, uid, family, address);
}

void DropOwn(Edit& edit, InterfaceUid uid, Family family, OwnAddress address) {
  EmitMembership(edit, EventKind::kInterfaceMulticastLeave, uid, family, address);
  const Because because(edit, Cause::kNoAddress, uid);
  SetUp(edit, uid, family, address, false);
  RefreshActivity(edit, uid, family);
}

}  // namespace netstackd::core::ipmp
