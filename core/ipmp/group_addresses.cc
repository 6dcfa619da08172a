#include "core/ipmp/group_addresses.h"

#include "core/ipmp/arp.h"
#include "core/ipmp/nomination.h"
#include "core/ipmp/placement.h"
#include "core/queries.h"

namespace netstackd::core::ipmp {
namespace {

// Returns true if the group interface came up just now.
bool DatalinkUpIfDown(Edit& edit, GroupUid group, Family family) {
  if (edit[group].sides[IndexOf(family)]->datalink_up) return false;
  DatalinkUp(edit, group, family);
  return true;
}

bool FirstUp(const Edit& edit, GroupUid group, Family family) {
  return UpAddresses(edit.state(), edit[group], family) == 1;
}

// What follows when an address has come up and is placed.
void AfterUp(Edit& edit, GroupUid group, Family family, bool datalink_came_up) {
  if (datalink_came_up) JoinMemberships(edit, group, family);
  if (family == Family::kIpv4 && FirstUp(edit, group, family)) RefreshArpEntries(edit, group);
}

void RefreshArpIfLast(Edit& edit, GroupUid group, Family family) {
  if (family == Family::kIpv4 && UpAddresses(edit.state(), edit[group], family) == 0) {
    RefreshArpEntries(edit, group);
  }
}

}  // namespace

void DatalinkDownIfIdle(Edit& edit, GroupUid group, Family family) {
  if (!edit[group].sides[IndexOf(family)]->datalink_up) return;
  if (UpAddresses(edit.state(), edit[group], family) > 0) return;
  if (DuplicateAddresses(edit.state(), group.value(), family) > 0) return;
  DatalinkDown(edit, group, family);
}

bool RaiseOfGroup(Edit& edit, AddressUid uid) {
  const GroupUid group = edit[uid].group;
  const Family family = edit[uid].ip.family;
  edit.Update(uid, [](Address& address) {
    address.up = true;
    address.duplicate = false;
    address.announce_initial = true;
  });
  const bool datalink_came_up = DatalinkUpIfDown(edit, group, family);
  if (family == Family::kIpv4) DropArpEntry(edit, group, edit[uid].ip);
  if (!PlaceNew(edit, uid)) return false;
  AfterUp(edit, group, family, datalink_came_up);
  return true;
}

void DropOfGroup(Edit& edit, AddressUid uid, bool duplicate) {
  const GroupUid group = edit[uid].group;
  const Family family = edit[uid].ip.family;
  const auto mark_down = [&] {
    edit.Update(uid, [&](Address& address) {
      address.up = false;
      address.duplicate = duplicate;
      address.announce_initial = false;
    });
  };
  if (family == Family::kIpv4) {
    mark_down();
    DatalinkDownIfIdle(edit, group, family);
    Withdraw(edit, uid);
  } else {
    Withdraw(edit, uid);
    mark_down();
    DatalinkDownIfIdle(edit, group, family);
  }
  RefreshArpIfLast(edit, group, family);
}

void PutZeroAddress(Edit& edit, GroupUid group, bool up) {
  constexpr Family kFamily = Family::kIpv4;
  edit.UpdateSide(group, kFamily, [&](GroupSide& side) { side.zero_address_up = up; });
  if (up) {
    AfterUp(edit, group, kFamily, DatalinkUpIfDown(edit, group, kFamily));
  } else {
    DatalinkDownIfIdle(edit, group, kFamily);
    RefreshArpIfLast(edit, group, kFamily);
  }
}

}  // namespace netstackd::core::ipmp
