#include "core/health/instances.h"

#include <algorithm>
#include <utility>

#include "core/health/policy.h"
#include "core/health/probing.h"
#include "core/health/repair.h"
#include "core/health/targets.h"
#include "core/queries.h"

namespace netstackd::core::health {
namespace {

bool IsUnique(const Edit& edit, const Address& test) {
  const GroupUid group = edit[test.interface].group;
  for (const AddressUid uid : edit.index().up(test.ip)) {
    const Address& other = edit[uid];
    if (uid != test.uid && other.test && other.interface && edit[other.interface].group == group) {
      return false;
    }
  }
  return true;
}

// The address this side probes from; nullptr: it does not probe.
const Address* WantedTest(const Edit& edit, const Interface& interface, Family family) {
  const auto& side = interface.sides[IndexOf(family)];
  if (!interface.group || !side || side->joined == 0) return nullptr;
  const Group& group = edit[interface.group];
  if (!Decides(group) || !group.spec.Detection().probe.value_or(true)) return nullptr;
  const Address* test = TestAddress(edit.state(), interface, family);
  return test != nullptr && IsUnique(edit, *test) ? test : nullptr;
}

std::vector<IpAddress> NamedTargets(const Group& group, Family family) {
  std::vector<IpAddress> ips;
  for (const std::string& text : group.spec.Detection().targets) {
    const auto ip = ParseIpAddress(text);
    if (ip && ip->family == family) ips.push_back(*ip);
  }
  return ips;
}

// Those that can be probed from `test`, and are not addresses of this system.
std::vector<IpAddress> Reachable(const Edit& edit, const Address& test,
                                 const std::vector<IpAddress>& ips) {
  std::vector<IpAddress> reachable;
  for (const IpAddress& ip : ips) {
    if (ip.IsZero() || !IsInPrefix(ip, test.ip, test.prefix_length)) continue;
    if (edit.index().up(ip).empty()) reachable.push_back(ip);
  }
  return reachable;
}

// Changes what is known of one side; no change, no image.
template <typename F>
void Change(Edit& edit, InterfaceUid uid, Family family, F&& change) {
  Probing probing = *edit[uid].detection.probing[IndexOf(family)];
  change(probing);
  if (probing == *edit[uid].detection.probing[IndexOf(family)]) return;
  edit.Update(uid, [&](Interface& changed) {
    changed.detection.probing[IndexOf(family)] = std::move(probing);
  });
}

// A side that begins takes over what the others of its group probe.
void Share(Edit& edit, InterfaceUid uid, Family family, const Address& test) {
  const absl::Time now = edit.context().now;
  const Group& group = edit[edit[uid].group];
  const std::vector<IpAddress> named = NamedTargets(group, family);
  std::vector<IpAddress> routers = named;
  std::vector<IpAddress> hosts;
  if (named.empty()) {
    for (const InterfaceUid other : edit.index().interfaces_of(group.uid)) {
      const auto& probing = edit[other].detection.probing[IndexOf(family)];
      if (other == uid || !probing) continue;
      auto& found = probing->mode == TargetMode::kRoutes ? routers : hosts;
      for (const ProbeTarget& target : probing->targets) {
        if (std::find(found.begin(), found.end(), target.ip) == found.end()) {
          found.push_back(target.ip);
        }
      }
    }
  }
  routers = Reachable(edit, test, routers);
  hosts = Reachable(edit, test, hosts);
  Change(edit, uid, family, [&](Probing& probing) {
    SetRouters(probing, routers, /*keep=*/false, now);
    for (auto host = hosts.rbegin(); host != hosts.rend(); ++host) AddHost(probing, *host, now);
  });
}

// True if probing ended.
bool RefreshInstance(Edit& edit, InterfaceUid uid, Family family) {
  const Address* test = WantedTest(edit, edit[uid], family);
  const auto& known = edit[uid].detection.probing[IndexOf(family)];
  if (known && test != nullptr && known->test == test->uid) {
    Change(edit, uid, family, [&](Probing& probing) {
      KeepInPrefix(probing, test->ip, test->prefix_length, edit.context().now);
    });
    return false;
  }
  if (!known && test == nullptr) return false;
  const bool ended = known && test == nullptr;
  edit.Update(uid, [&](Interface& changed) {
    auto& probing = changed.detection.probing[IndexOf(family)];
    probing.reset();
    if (test != nullptr) probing = Probing{.test = test->uid, .appeared = edit.context().now};
  });
  if (test != nullptr) Share(edit, uid, family, *test);
  return ended;
}

}  // namespace

void RefreshInstances(Edit& edit, GroupUid group) {
  const auto members = edit.index().interfaces_of(group);
  std::vector<InterfaceUid> ended;
  for (const InterfaceUid uid : members) {
    for (const Family family : kFamilies) {
      if (RefreshInstance(edit, uid, family)) ended.push_back(uid);
    }
  }
  if (!Decides(edit[group])) return;
  // One that failed by probes and has none any more is as good as its link.
  for (const InterfaceUid uid : ended) CheckRepair(edit, uid, edit.context().now, false);
}

void RefreshNamedTargets(Edit& edit, GroupUid group, bool named_before) {
  const absl::Time now = edit.context().now;
  const auto members = edit.index().interfaces_of(group);
  for (const InterfaceUid uid : members) {
    for (const Family family : kFamilies) {
      const auto& known = edit[uid].detection.probing[IndexOf(family)];
      if (!known) continue;
      const std::vector<IpAddress> named = NamedTargets(edit[group], family);
      if (named.empty() && !named_before) continue;
      const std::vector<IpAddress> ips = Reachable(edit, edit[known->test], named);
      Change(edit, uid, family, [&](Probing& probing) {
        if (!named.empty()) FlushHosts(probing);
        SetRouters(probing, ips, /*keep=*/false, now);
      });
    }
  }
}

void ObserveTargets(Edit& edit, InterfaceUid uid, Family family, const TargetReport& report,
                    absl::Time at, Result& result) {
  const GroupUid group = edit[uid].group;
  if (!NamedTargets(edit[group], family).empty()) {
    result.warnings.push_back("the group names its targets: those found do not count");
    return;
  }
  const bool group_failed = StateOf(edit.state(), edit[group]) == GroupState::kFailed;
  const auto members = edit.index().interfaces_of(group);
  for (const InterfaceUid member : members) {
    const auto& known = edit[member].detection.probing[IndexOf(family)];
    if (!known) continue;
    const std::vector<IpAddress> ips = Reachable(edit, edit[known->test], report.ips);
    if (member == uid && ips.size() < report.ips.size()) {
      result.warnings.push_back(std::to_string(report.ips.size() - ips.size()) +
                                " of the targets are addresses of this system, or outside of the "
                                "prefix of the test address");
    }
    Change(edit, member, family, [&](Probing& probing) {
      if (report.mode == TargetMode::kRoutes) {
        SetRouters(probing, ips, group_failed, at);
      } else {
        for (auto ip = ips.rbegin(); ip != ips.rend(); ++ip) AddHost(probing, *ip, at);
      }
    });
    CheckRepair(edit, member, at, false);
  }
}

}  // namespace netstackd::core::health
