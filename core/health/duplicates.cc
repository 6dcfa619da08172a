#include "core/health/duplicates.h"

#include <vector>

#include "core/health/exchange.h"
#include "core/health/members.h"
#include "core/health/policy.h"

#include "core/health/service.h"

namespace netstackd::core::health {

InterfaceUid TwinOf(const State& state, const Interface& interface) {
  if (!interface.group || interface.hardware_address.empty()) return InterfaceUid();
  for (const InterfaceUid uid : state.index().interfaces_of(interface.group)) {
    const Interface& other = *state.interface(uid);
    if (uid != interface.uid && !other.flags.offline &&
        other.hardware_address == interface.hardware_address) {
      return uid;
    }
  }
  return InterfaceUid();
}

bool CheckTwin(Edit& edit, InterfaceUid uid) {
  const GroupUid group = edit[uid].group;
  if (!group || !Decides(edit[group])) return false;
  if (edit[uid].flags.offline) return edit[uid].detection.duplicate_hardware;
  const InterfaceUid twin = TwinOf(edit.state(), edit[uid]);
  if (!twin) return false;
  const Because because(edit, Cause::kDuplicateHardware, uid);
  TakeOut(edit, uid, With(edit[uid].flags, &InterfaceFlags::offline, true));
  edit.Update(uid, [](Interface& changed) { changed.detection.duplicate_hardware = true; });
  return true;
}

void RecheckTwins(Edit& edit, GroupUid group) {
  if (!Decides(edit[group])) return;
  std::vector<InterfaceUid> members = NewestFirst(edit.state(), group);
  for (auto at = members.rbegin(); at != members.rend(); ++at) {
    const InterfaceUid uid = *at;
    if (!edit[uid].detection.duplicate_hardware || TwinOf(edit.state(), edit[uid])) continue;
    const Because because(edit, Cause::kDuplicateHardware, uid);
    BackInService(edit, uid);
  }
}

}  // namespace netstackd::core::health
