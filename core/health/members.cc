#include "core/health/members.h"

#include <algorithm>
#include <utility>

#include "core/queries.h"

namespace netstackd::core::health {

bool HasAddress(const State& state, const Interface& interface) {
  return UpAddresses(state, interface, Family::kIpv4) > 0 ||
         UpAddresses(state, interface, Family::kIpv6) > 0;
}

bool InUse(const State& state, const Interface& interface) {
  return IsUsable(state, interface) && !interface.flags.inactive;
}

Census CountWithout(const State& state, GroupUid group, InterfaceUid left_out) {
  Census census;
  for (const InterfaceUid uid : state.index().interfaces_of(group)) {
    const Interface& interface = *state.interface(uid);
    if (!interface.flags.standby) ++census.nonstandby;
    if (uid != left_out && InUse(state, interface)) ++census.in_use;
  }
  return census;
}

std::vector<InterfaceUid> NewestFirst(const State& state, GroupUid group) {
  std::vector<std::pair<Order, InterfaceUid>> order;
  for (const InterfaceUid uid : state.index().interfaces_of(group)) {
    Order joined = 0;
    for (const auto& side : state.interface(uid)->sides) {
      if (side) joined = std::max(joined, side->joined);
    }
    order.emplace_back(joined, uid);
  }
  std::sort(order.rbegin(), order.rend());
  std::vector<InterfaceUid> result;
  for (const auto& [joined, uid] : order) result.push_back(uid);
  return result;
}

InterfaceUid Substitute(const State& state, GroupUid group, InterfaceUid for_whom) {
  InterfaceUid last_other;
  for (const InterfaceUid uid : NewestFirst(state, group)) {
    const Interface& interface = *state.interface(uid);
    if (uid == for_whom || !IsUsable(state, interface) || !interface.flags.inactive) continue;
    if (interface.flags.standby) return uid;
    last_other = uid;
  }
  return last_other;
}

InterfaceUid StandbyInUse(const State& state, GroupUid group, InterfaceUid left_out) {
  for (const InterfaceUid uid : NewestFirst(state, group)) {
    const Interface& interface = *state.interface(uid);
    if (uid != left_out && interface.flags.standby && InUse(state, interface)) return uid;
  }
  return InterfaceUid();
}

bool LinkIsDown(const Group& group, const Interface& interface) {
  return group.spec.Detection().link.value_or(true) && interface.link == LinkState::kDown;
}

}  // namespace netstackd::core::health
