#include "core/health/policy.h"

#include "core/health/duplicates.h"
#include "core/health/exchange.h"
#include "core/health/instances.h"
#include "core/health/link.h"
#include "core/health/members.h"
#include "core/health/probing.h"
#include "core/health/running.h"
#include "core/health/standby.h"
#include "core/health/timers.h"
#include "core/ipmp/interface.h"
#include "core/queries.h"

namespace netstackd::core::health {
namespace {

// A member got its first address that is up, or lost its last one: it can carry, or cannot any
// more.
void AddressCame(Edit& edit, InterfaceUid uid) {
  if (!IsFunctioning(edit[uid])) return;
  const Because because(edit, Cause::kNoAddress, uid);
  ToRunning(edit, uid, edit[uid].flags, Entry::kAddress, edit.context().now);
}
void AddressWent(Edit& edit, InterfaceUid uid) {
  if (!IsFunctioning(edit[uid]) || edit[uid].flags.inactive) return;
  const Because because(edit, Cause::kNoAddress, uid);
  Replace(edit, uid);
}

// Nothing decides any more: nothing waits for a decision.
void ForgetDeadlines(Edit& edit, GroupUid group) {
  const auto members = edit.index().interfaces_of(group);
  for (const InterfaceUid uid : members) {
    edit.Update(uid, [](Interface& changed) {
      changed.detection.repair_at.reset();
      changed.detection.failback_at.reset();
    });
  }
}

}  // namespace

bool Decides(const Group& group) {
  const FailureDetection& detection = group.spec.Detection();
  return detection.link.value_or(true) || detection.probe.value_or(false);
}

bool WillRest(const Edit& edit, InterfaceUid uid) {
  const Interface& interface = edit[uid];
  return interface.flags.standby || !interface.flags.Usable() ||
         interface.link == LinkState::kDown || TwinOf(edit.state(), interface);
}

void Appeared(Edit& edit, InterfaceUid uid) {
  const GroupUid group = edit[uid].group;
  if (!group || !Decides(edit[group])) return;
  const bool twin = CheckTwin(edit, uid);
  if (!twin && IsFunctioning(edit[uid])) {
    ToRunning(edit, uid, edit[uid].flags, Entry::kAppeared, edit.context().now);
  }
  JudgeLink(edit, uid);
  if (!IsFunctioning(edit[uid])) {
    const Because because(edit, Cause::kMembership, uid);
    MeetTheAim(edit, group);
  }
}

void Leaving(Edit& edit, InterfaceUid uid) {
  const GroupUid group = edit[uid].group;
  if (!group || !Decides(edit[group]) || !InUse(edit.state(), edit[uid])) return;
  const Census others = CountWithout(edit.state(), group, uid);
  if (!edit[uid].flags.standby && others.in_use > 0) return;
  const InterfaceUid in = Substitute(edit.state(), group, uid);
  if (!in) return;
  Exchange(edit, uid, With(edit[uid].flags, &InterfaceFlags::inactive, true), in,
           With(edit[in].flags, &InterfaceFlags::inactive, false));
}

void Left(Edit& edit, InterfaceUid uid, GroupUid from) {
  edit.Update(uid, [](Interface& changed) {
    changed.detection.probing = {};
    changed.detection.failback_at.reset();
    changed.detection.repair_at.reset();
  });
  if (!Decides(edit[from])) return;
  InterfaceFlags flags = edit[uid].flags;
  flags.failed = flags.offline = flags.inactive = false;
  ipmp::PutFlags(edit, uid, flags);
}

void SpecChanged(Edit& edit, GroupUid group, const GroupSpec& before) {
  const GroupSpec& spec = edit[group].spec;
  const FailureDetection& was = before.Detection();
  const bool named_before = !was.targets.empty();
  const bool targets = spec.Detection().targets != was.targets;
  const bool holds = spec.failback != before.failback || spec.failback_hold != before.failback_hold;
  const bool detects = spec.Detection().link != was.link || spec.Detection().probe != was.probe;
  if (spec.Detection().detection_time != was.detection_time) {
    edit.Update(group, [](Group& changed) { changed.detection = {}; });
  }
  if (detects) RefreshInstances(edit, group);
  if (targets) RefreshNamedTargets(edit, group, named_before);
  if (!Decides(edit[group])) {
    if (detects) ForgetDeadlines(edit, group);
    return;
  }
  const auto members = edit.index().interfaces_of(group);
  if (detects) {
    for (const InterfaceUid uid : members) CheckTwin(edit, uid);
    for (const InterfaceUid uid : members) JudgeLink(edit, uid);
    for (const InterfaceUid uid : members) {
      const Because because(edit, Cause::kStandby, uid);
      StandbySeen(edit, uid);
    }
  }
  if (holds || detects) RefreshHolds(edit, group);
}

Glance Look(const Edit& edit, const Name& target) {
  Glance glance;
  if (target.interface.empty()) return glance;
  const auto found = GetInterface(edit.state(), target);
  if (!found.ok()) return glance;
  const Interface& interface = **found;
  glance.interface = interface.uid;
  glance.group = interface.group;
  if (!interface.group) return glance;
  glance.has_address = HasAddress(edit.state(), interface);
  glance.hardware_address = interface.hardware_address;
  for (const Family family : kFamilies) {
    const auto& side = interface.sides[IndexOf(family)];
    const Address* test = TestAddress(edit.state(), interface, family);
    if (!side || side->joined == 0 || test == nullptr) continue;
    glance.tests[IndexOf(family)] = {test->uid, test->prefix_length};
  }
  return glance;
}

void Settle(Edit& edit, const Name& target, const Glance& before) {
  const Glance after = Look(edit, target);
  if (after == before) return;
  const bool same_group = after.group == before.group;
  if (before.group && (!same_group || after.hardware_address != before.hardware_address)) {
    RecheckTwins(edit, before.group);
  }
  if (after.group && same_group && after.hardware_address != before.hardware_address) {
    CheckTwin(edit, after.interface);
  }
  if (before.group && !same_group) RefreshInstances(edit, before.group);
  if (after.group && (!same_group || after.tests != before.tests)) {
    RefreshInstances(edit, after.group);
  }
  if (!after.group || !same_group || !Decides(edit[after.group])) return;
  if (after.has_address && !before.has_address) AddressCame(edit, after.interface);
  if (!after.has_address && before.has_address) AddressWent(edit, after.interface);
}

}  // namespace netstackd::core::health
