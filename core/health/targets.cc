#include "core/health/targets.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/health/constants.h"
#include "core/health/probing.h"

namespace netstackd::core::health {
namespace {

std::uint8_t FreeTag(const Probing& probing) {
  std::set<std::uint8_t> used;
  for (const ProbeTarget& target : probing.targets) used.insert(target.tag);
  std::uint8_t tag = 0;
  while (used.contains(tag)) ++tag;
  return tag;
}

// The probes sent to a target that is put aside or gone count for the side, not for the target.
void ForgetTag(Probing& probing, std::uint8_t tag) {
  for (RecentProbe& probe : probing.recent) {
    if (probe.tag == tag) probe.tag = kNoTag;
  }
}

void PutState(ProbeTarget& target, TargetState state, absl::Time since) {
  target.state = state;
  target.state_since = since;
}

void AddInFront(Probing& probing, const IpAddress& ip, absl::Time now) {
  ProbeTarget target{.ip = ip, .tag = FreeTag(probing), .state_since = now};
  if (ActiveTargets(probing) >= kTargetsMax) target.state = TargetState::kUnused;
  probing.targets.insert(probing.targets.begin(), target);
}

// With the last active target gone, the best of the others are probed: spare ones first, then slow
// ones, then dead ones.
void ActivateBest(Probing& probing, absl::Time now) {
  for (const TargetState state : {TargetState::kUnused, TargetState::kSlow, TargetState::kDead}) {
    for (ProbeTarget& target : probing.targets) {
      if (ActiveTargets(probing) >= kTargetsMin) return;
      if (target.state == state) PutState(target, TargetState::kActive, now);
    }
  }
}

// After any removal.
void Settle(Probing& probing, absl::Time now) {
  if (probing.targets.empty()) {
    probing.mode = TargetMode::kNone;
    probing.recent.clear();
    return;
  }
  if (ActiveTargets(probing) == 0) ActivateBest(probing, now);
  Recover(probing, now);
}

template <typename F>
void Remove(Probing& probing, F&& goes) {
  auto& targets = probing.targets;
  for (std::size_t i = 0; i < targets.size();) {
    if (!goes(targets[i])) {
      ++i;
      continue;
    }
    ForgetTag(probing, targets[i].tag);
    targets.erase(targets.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

}  // namespace

ProbeTarget* FindTarget(Probing& probing, const IpAddress& ip) {
  for (ProbeTarget& target : probing.targets) {
    if (target.ip == ip) return &target;
  }
  return nullptr;
}

void SetRouters(Probing& probing, const std::vector<IpAddress>& routers, bool keep,
                absl::Time now) {
  if (probing.mode != TargetMode::kRoutes) {
    if (routers.empty()) return;
    Remove(probing, [](const ProbeTarget&) { return true; });
    probing.mode = TargetMode::kRoutes;
  }
  if (!keep) {
    Remove(probing, [&](const ProbeTarget& target) {
      return std::find(routers.begin(), routers.end(), target.ip) == routers.end();
    });
  }
  for (auto router = routers.rbegin(); router != routers.rend(); ++router) {
    if (FindTarget(probing, *router) != nullptr) continue;
    if (probing.targets.size() < kTargetsKnownMax) AddInFront(probing, *router, now);
  }
  Settle(probing, now);
}

bool AddHost(Probing& probing, const IpAddress& host, absl::Time now) {
  if (probing.mode == TargetMode::kRoutes) return false;
  if (FindTarget(probing, host) != nullptr) return true;
  if (probing.targets.size() >= kTargetsMax) return false;
  probing.mode = TargetMode::kMulticast;
  AddInFront(probing, host, now);
  return true;
}

bool IsInPrefix(const IpAddress& ip, const IpAddress& network, std::uint8_t prefix_length) {
  if (ip.family != network.family) return false;
  for (unsigned bit = 0; bit < prefix_length; ++bit) {
    const unsigned mask = 0x80u >> (bit % 8);
    if (((ip.bytes[bit / 8] ^ network.bytes[bit / 8]) & mask) != 0) return false;
  }
  return true;
}

void KeepInPrefix(Probing& probing, const IpAddress& network, std::uint8_t prefix_length,
                  absl::Time now) {
  const std::size_t before = probing.targets.size();
  Remove(probing,
         [&](const ProbeTarget& target) { return !IsInPrefix(target.ip, network, prefix_length); });
  if (probing.targets.size() != before) Settle(probing, now);
}

void PutAside(Probing& probing, std::uint8_t tag, TargetState why, absl::Time now) {
  if (probing.mode != TargetMode::kRoutes) {
    Remove(probing, [tag](const ProbeTarget& target) { return target.tag == tag; });
    Settle(probing, now);
    return;
  }
  for (ProbeTarget& target : probing.targets) {
    if (target.tag != tag) continue;
    PutState(target, why, now);
    target.scaled_average_ns = target.scaled_deviation_ns = 0;
    target.held_rtt_ns.reset();
    ForgetTag(probing, tag);
  }
  Settle(probing, now);
}

void Recover(Probing& probing, absl::Time now) {
  for (ProbeTarget& target : probing.targets) {
    if (target.state == TargetState::kDead && now - target.state_since >= RecoveryTime()) {
      PutState(target, TargetState::kSlow, target.state_since + RecoveryTime());
    }
    if (target.state == TargetState::kSlow && now - target.state_since >= RecoveryTime()) {
      PutState(target, TargetState::kUnused, target.state_since + RecoveryTime());
    }
  }
  for (ProbeTarget& target : probing.targets) {
    if (target.state != TargetState::kUnused) continue;
    if (ActiveTargets(probing) >= kTargetsMax) return;
    PutState(target, TargetState::kActive, now);
  }
}

void FlushHosts(Probing& probing) {
  if (probing.mode != TargetMode::kMulticast) return;
  probing.targets.clear();
  probing.recent.clear();
  probing.mode = TargetMode::kNone;
}

}  // namespace netstackd::core::health
