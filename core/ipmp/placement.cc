#include "core/ipmp/placement.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "core/ipmp/arp.h"
#include "core/ipmp/nomination.h"
#include "core/ipmp/retry.h"
#include "core/queries.h"

namespace netstackd::core::ipmp {
namespace {

// The active interface with the fewest addresses, the earliest active on a tie.
std::optional<InterfaceUid> LeastLoaded(const SideIndex& side) {
  if (side.loads.empty()) return std::nullopt;
  return side.loads.begin()->interface;
}

// The active interface with the most addresses, the earliest active on a tie.
std::optional<Load> MostLoaded(const SideIndex& side) {
  if (side.loads.empty()) return std::nullopt;
  return *side.loads.lower_bound(Load{side.loads.rbegin()->count, 0, InterfaceUid()});
}

std::uint32_t BoundTo(const Edit& edit, InterfaceUid interface, Family family) {
  return static_cast<std::uint32_t>(edit.side(interface, family).bound.size());
}

// Binds and announces. `initial`: with duplicate detection; an address that was never announced
// since it came up is announced so in IPv6 in any case. Returns false if announcing failed; then
// the interface tries again later.
bool Bind(Edit& edit, AddressUid uid, InterfaceUid to, bool initial) {
  const Family family = edit[uid].ip.family;
  const bool fails =
      edit.Fails(family == Family::kIpv4 ? FaultPoint::kAnnounceIpv4 : FaultPoint::kAnnounceIpv6);
  const bool as_initial = initial || (family == Family::kIpv6 && edit[uid].announce_initial);
  const Order binding = edit.NextOrder();
  edit.Update(uid, [&](Address& address) {
    address.bound = to;
    address.binding = binding;
    address.announced = !fails;
    if (!fails) address.announce_initial = false;
  });
  const Address& address = edit[uid];
  const Interface& interface = edit[to];
  edit.Emit({.kind = fails ? EventKind::kAddressAnnounceFailed : EventKind::kAddressAnnounce,
             .group = &edit[address.group].name,
             .interface = &interface.name,
             .family = family,
             .address = &address.ip,
             .hardware_address = &interface.hardware_address,
             .on = as_initial});
  if (fails) ScheduleRetry(edit, to, family, edit.context().now);
  return !fails;
}

void Unbind(Edit& edit, AddressUid uid) {
  const bool announced = edit[uid].announced;
  edit.Update(uid, [](Address& address) {
    address.bound = InterfaceUid();
    address.binding = 0;
    address.announced = false;
  });
  if (!announced) return;
  const Address& address = edit[uid];
  edit.Emit({.kind = EventKind::kAddressWithdraw,
             .group = &edit[address.group].name,
             .family = address.ip.family,
             .address = &address.ip});
}

// Moves the most recently bound address of `from` to `to`.
void MoveNewest(Edit& edit, InterfaceUid from, InterfaceUid to, Family family) {
  const AddressUid address = edit.side(from, family).bound.rbegin()->second;
  Unbind(edit, address);
  Bind(edit, address, to, /*initial=*/false);
}

void EmitGroup(const Edit& edit, EventKind kind, GroupUid group, bool on) {
  edit.Emit({.kind = kind, .group = &edit[group].name, .on = on});
}

void EmitResolver(const Edit& edit, EventKind kind, GroupUid group, InterfaceUid interface) {
  edit.Emit({.kind = kind, .group = &edit[group].name, .interface = &edit[interface].name});
}

// Two messages are prepared, for the way there and the way back; both before either is looked at.
bool EitherFails(const Edit& edit, FaultPoint point) {
  const bool first = edit.Fails(point);
  const bool second = edit.Fails(point);
  return first || second;
}

// Puts a side on the active list. Returns false if that cannot be carried out; then nothing is
// changed. Source ipmp.c, ipmp_ill_activate().
bool Activate(Edit& edit, InterfaceUid interface, Family family) {
  const GroupUid group = edit[interface].group;
  const bool first_of_group = ActiveSides(edit.state(), edit[group]) == 0;
  const bool first_of_side = edit.side(group, family).active.empty();
  if (first_of_group && EitherFails(edit, FaultPoint::kLinkMessage)) return false;
  if (family == Family::kIpv4) {
    if (EitherFails(edit, FaultPoint::kActivationMessage)) return false;
    EmitResolver(edit, EventKind::kResolverActivate, group, interface);
  }
  const auto enlist = [&] {
    const Order order = edit.NextOrder();
    edit.UpdateSide(interface, family, [&](InterfaceSide& side) { side.activated = order; });
  };
  if (first_of_side) {
    Nominate(edit, group, family, interface);
    enlist();
    std::vector<AddressUid> up;
    for (const auto& [slot, address] : edit.side(group, family).up_by_slot) up.push_back(address);
    for (const AddressUid address : up) Bind(edit, address, interface, /*initial=*/true);
  } else {
    for (;;) {
      const Load fullest = *MostLoaded(edit.side(group, family));
      if (BoundTo(edit, interface, family) + 1 >= fullest.count) break;
      MoveNewest(edit, fullest.interface, interface, family);
    }
    enlist();
  }
  edit.UpdateSide(group, family, [&](GroupSide& side) { side.next = interface; });
  if (family == Family::kIpv4) RefreshArpEntries(edit, group);
  if (first_of_group) EmitGroup(edit, EventKind::kGroupLink, group, true);
  return true;
}

}  // namespace

bool ShouldBeActive(const Edit& edit, InterfaceUid uid, Family family) {
  const Interface& interface = edit[uid];
  const auto& side = interface.sides[IndexOf(family)];
  return side && side->joined != 0 && interface.flags.Usable() &&
         UpAddresses(edit.state(), interface, family) > 0;
}

void RefreshActivity(Edit& edit, InterfaceUid uid, Family family) {
  const auto& side = edit[uid].sides[IndexOf(family)];
  if (!side) return;
  const bool active = side->activated != 0;
  if (ShouldBeActive(edit, uid, family) == active) return;
  if (active) {
    Deactivate(edit, uid, family);
  } else if (!Activate(edit, uid, family)) {
    ScheduleRetry(edit, uid, family, edit.context().now);
  }
}

void Deactivate(Edit& edit, InterfaceUid uid, Family family) {
  const GroupUid group = edit[uid].group;
  edit.Emit({.kind = EventKind::kRouteCacheFlush, .group = &edit[group].name, .family = family});
  edit.UpdateSide(uid, family, [](InterfaceSide& side) { side.activated = 0; });
  const auto& active = edit.side(group, family).active;
  const InterfaceUid head = active.empty() ? InterfaceUid() : active.begin()->second;
  edit.UpdateSide(group, family, [&](GroupSide& side) { side.next = head; });
  if (edit[group].sides[IndexOf(family)]->cast == uid) Nominate(edit, group, family, head);

  std::vector<AddressUid> withdrawn;  // most recently bound first
  const auto& bound = edit.side(uid, family).bound;
  for (auto at = bound.rbegin(); at != bound.rend(); ++at) withdrawn.push_back(at->second);
  for (const AddressUid address : withdrawn) Unbind(edit, address);
  if (family == Family::kIpv4) {
    EmitResolver(edit, EventKind::kResolverDeactivate, group, uid);
    RefreshArpEntries(edit, group);
  }
  if (head) {
    std::reverse(withdrawn.begin(), withdrawn.end());
    for (const AddressUid address : withdrawn) {
      Bind(edit, address, *LeastLoaded(edit.side(group, family)), /*initial=*/false);
    }
  }
  if (ActiveSides(edit.state(), edit[group]) == 0) {
    EmitGroup(edit, EventKind::kGroupLink, group, false);
  }
}

bool PlaceNew(Edit& edit, AddressUid uid) {
  const Address& address = edit[uid];
  const auto to = LeastLoaded(edit.side(address.group, address.ip.family));
  return !to || Bind(edit, uid, *to, /*initial=*/true);
}

void Withdraw(Edit& edit, AddressUid uid) {
  const InterfaceUid from = edit[uid].bound;
  if (!from) return;
  const GroupUid group = edit[uid].group;
  const Family family = edit[uid].ip.family;
  Unbind(edit, uid);
  const Load fullest = *MostLoaded(edit.side(group, family));
  if (fullest.count > BoundTo(edit, from, family) + 1) {
    const Because because(edit, Cause::kRebalance, InterfaceUid());
    MoveNewest(edit, fullest.interface, from, family);
  }
}

void AnnounceMissing(Edit& edit, InterfaceUid interface, Family family) {
  std::vector<AddressUid> silent;
  for (const auto& [binding, address] : edit.side(interface, family).bound) {
    if (!edit[address].announced) silent.push_back(address);
  }
  for (const AddressUid address : silent) {
    Bind(edit, address, interface, edit[address].announce_initial);
  }
}

void FireTimers(Edit& edit) {
  for (;;) {
    const auto& timers = edit.index().timers();
    if (timers.empty() || std::get<absl::Time>(*timers.begin()) > edit.context().now) return;
    const auto [due, order, uid, family] = *timers.begin();
    const Detection& last = edit[uid].detection;
    const Cause cause = last.cause == Cause::kNone ? Cause::kMembership : last.cause;
    const Because because(edit, {cause, uid, last.cause_seen});
    ClearRetry(edit, uid, family, EventKind::kRetryFired);
    if (edit.Fails(FaultPoint::kRetryBusy)) {
      ScheduleRetry(edit, uid, family, due);
      continue;
    }
    const bool active = edit[uid].sides[IndexOf(family)]->activated != 0;
    if (ShouldBeActive(edit, uid, family) != active) {
      if (active) {
        Deactivate(edit, uid, family);
      } else if (!Activate(edit, uid, family)) {
        ScheduleRetry(edit, uid, family, due);
      }
    } else if (active) {
      AnnounceMissing(edit, uid, family);
    }
  }
}

}  // namespace netstackd::core::ipmp
