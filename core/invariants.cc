#include <set>
#include <string>

#include "core/apply.h"
#include "core/health/constants.h"
#include "core/health/probing.h"
#include "core/queries.h"

namespace netstackd::core {
namespace {

using Broken = std::vector<std::string>;

void CheckAddress(const State& state, const Address& address, Broken* broken) {
  const auto report = [&](const char* what) {
    broken->push_back(what + (" (" + ToString(NameOf(state, address)) + ")"));
  };
  if (static_cast<bool>(address.group) == static_cast<bool>(address.interface)) {
    report("I1: an address has exactly one owner");
    return;
  }
  const Group* group = state.group(address.group);
  const Interface* owner = state.interface(address.interface);
  const Family family = address.ip.family;
  if (address.group ? group == nullptr || !group->sides[IndexOf(family)]
                    : owner == nullptr || !owner->sides[IndexOf(family)]) {
    report("I2: the owner of an address exists and has its family");
    return;
  }
  if (address.up && address.duplicate) report("I3: a duplicate address is down");
  if (address.bound && (!address.group || !address.up)) {
    report("I4: only data addresses that are up are bound");
  }
  if (group != nullptr) {
    const bool active = !state.index().side(group->uid, family).active.empty();
    if (static_cast<bool>(address.bound) != (address.up && active)) {
      report("I5: an up data address is bound if and only if the side has an active interface");
    }
  }
  if (address.interface && address.placement != Placement{}) {
    report("I25: an address of an interface never was bound");
  }
  if (address.bound) {
    const Interface* bound = state.interface(address.bound);
    const bool active = bound != nullptr && bound->group == address.group &&
                        bound->sides[IndexOf(family)] &&
                        bound->sides[IndexOf(family)]->activated != 0;
    if (!active) report("I6: an address is bound to an active interface of its group");
  }
}

void CheckProbing(const State& state, const Interface& interface, Family family, Broken* broken) {
  const auto& probing = interface.detection.probing[IndexOf(family)];
  if (!probing) return;
  const auto report = [&](const char* what) {
    broken->push_back(what + (" (" + interface.name + ")"));
  };
  const auto& side = interface.sides[IndexOf(family)];
  const Address* test = state.address(probing->test);
  if (!side || side->joined == 0 || test == nullptr || test->interface != interface.uid ||
      !test->test || !test->up) {
    report("I17: a side probes only as a member, from a test address of its own that is up");
  }
  std::set<std::uint8_t> tags;
  for (const ProbeTarget& target : probing->targets) tags.insert(target.tag);
  const std::size_t known = probing->targets.size();
  if (tags.size() != known || known > health::kTargetsKnownMax ||
      health::ActiveTargets(*probing) > health::kTargetsMax ||
      (known > 0) != (probing->mode != TargetMode::kNone)) {
    report("I18: at most 5 targets are probed, of at most 64, each known by its own tag");
  }
  if (probing->recent.size() > health::kRecentMax) {
    report("I19: at most 52 finished probes are remembered");
  }
}

void CheckDetection(const Interface& interface, Broken* broken) {
  const auto report = [&](const char* what) {
    broken->push_back(what + (" (" + interface.name + ")"));
  };
  const Detection& detection = interface.detection;
  const InterfaceFlags& flags = interface.flags;
  if (detection.repair_at &&
      (!flags.failed || !interface.group || interface.link == LinkState::kDown)) {
    report("I20: only a failed member whose link is not down waits for a repair");
  }
  if (detection.failback_at &&
      (!flags.inactive || flags.failed || flags.offline || flags.standby || !interface.group)) {
    report("I21: only a member that works, rests and is no standby waits to be used again");
  }
  if (detection.duplicate_hardware && (!flags.offline || !interface.group)) {
    report("I22: whoever has the hardware address of another member is out of service");
  }
  if (detection.failure != Cause::kNone && !flags.failed) {
    report("I23: only what is failed has a reason for it");
  }
  if (detection.link_known < detection.link_seen || detection.link_ups[0] < detection.link_ups[1]) {
    report("I24: what was seen of a link is in the order of time");
  }
}

void CheckInterface(const State& state, const Interface& interface, Broken* broken) {
  const auto report = [&](const char* what) {
    broken->push_back(what + (" (" + interface.name + ")"));
  };
  if (interface.group && state.group(interface.group) == nullptr) {
    report("I7: the group of an interface exists");
    return;
  }
  for (const Family family : kFamilies) {
    const auto& side = interface.sides[IndexOf(family)];
    if (!side) continue;
    if ((side->joined != 0 || side->pending) && !interface.group) {
      report("I8: a member side belongs to a group");
    }
    const bool may =
        side->joined != 0 && interface.flags.Usable() && UpAddresses(state, interface, family) > 0;
    if (side->activated != 0 && !may) {
      report("I9: an active side is a member, has an up address and no flag against it");
    }
    if (may && side->activated == 0 && !side->retry_at) {
      report("I10: a side that should be active is, or a retry is due");
    }
  }
  if (interface.flags.failed && interface.flags.inactive) {
    report("I11: failed and inactive exclude each other");
  }
  for (const Family family : kFamilies) CheckProbing(state, interface, family, broken);
  CheckDetection(interface, broken);
}

void CheckGroup(const State& state, const Group& group, Broken* broken) {
  const auto report = [&](const char* what) {
    broken->push_back(what + (" (" + group.name + ")"));
  };
  for (const Family family : kFamilies) {
    const auto& side = group.sides[IndexOf(family)];
    const SideIndex& index = state.index().side(group.uid, family);
    if (!side) {
      if (!index.members.empty()) report("I12: members are of a family the group has");
      continue;
    }
    if (!index.loads.empty() && index.loads.rbegin()->count > index.loads.begin()->count + 1) {
      report("I13: bound counts of active interfaces differ by at most one");
    }
    const auto is_active = [&](InterfaceUid uid) {
      const Interface* interface = state.interface(uid);
      return interface != nullptr && interface->group == group.uid &&
             interface->sides[IndexOf(family)] && interface->sides[IndexOf(family)]->activated != 0;
    };
    const bool any = !index.active.empty();
    if (any ? !is_active(side->cast) || !is_active(side->next) : side->cast || side->next) {
      report("I14: nominee and rotation name active interfaces, or none if there is none");
    }
    const bool live = UpAddresses(state, group, family) > 0 || index.duplicates > 0;
    if (side->datalink_up != live) {
      report("I15: the group interface is up while an address is up or duplicate");
    }
  }
}

// Starts from the kinds that are few: O(others * log addresses).
void CheckUids(const State& state, Broken* broken) {
  const auto check = [&](std::uint64_t uid, bool taken) {
    if (taken) broken->push_back("I26: a uid is that of one object (" + std::to_string(uid) + ")");
  };
  const auto is_address = [&](std::uint64_t uid) {
    return state.address(AddressUid(uid)) != nullptr;
  };
  for (const auto& [key, group] : state.table<Group>()) {
    const std::uint64_t uid = group->uid.value();
    check(uid, state.interface(InterfaceUid(uid)) != nullptr || is_address(uid));
  }
  for (const auto& [key, interface] : state.table<Interface>()) {
    check(interface->uid.value(), is_address(interface->uid.value()));
  }
  for (const auto& [key, entry] : state.table<ArpEntry>()) {
    const std::uint64_t uid = entry->uid.value();
    check(uid, state.group(GroupUid(uid)) != nullptr ||
                   state.interface(InterfaceUid(uid)) != nullptr || is_address(uid));
  }
}

}  // namespace

std::vector<std::string> CheckInvariants(const State& state) {
  Broken broken;
  CheckUids(state, &broken);
  for (const auto& [uid, address] : state.table<Address>()) {
    CheckAddress(state, *address, &broken);
  }
  for (const auto& [uid, interface] : state.table<Interface>()) {
    CheckInterface(state, *interface, &broken);
  }
  for (const auto& [uid, group] : state.table<Group>()) CheckGroup(state, *group, &broken);
  for (const auto& [uid, entry] : state.table<ArpEntry>()) {
    if (state.group(entry->group) == nullptr)
      broken.push_back("I16: the group of an ARP entry exists");
  }
  return broken;
}

}  // namespace netstackd::core
