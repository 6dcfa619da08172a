#include "core/health/exchange.h"

#include "core/health/members.h"
#include "core/health/policy.h"
#include "core/ipmp/interface.h"

namespace netstackd::core::health {
namespace {

// True if, on some side, `uid` carries the group alone.
bool IsLastActive(const Edit& edit, InterfaceUid uid) {
  for (const Family family : kFamilies) {
    const auto& side = edit[uid].sides[IndexOf(family)];
    if (side && side->activated != 0 && edit.side(edit[uid].group, family).active.size() == 1) {
      return true;
    }
  }
  return false;
}

}  // namespace

void Exchange(Edit& edit, InterfaceUid out, const InterfaceFlags& out_flags, InterfaceUid in,
              const InterfaceFlags& in_flags) {
  const bool in_first = in && IsLastActive(edit, out);
  if (in_first) ipmp::PutFlags(edit, in, in_flags);
  ipmp::PutFlags(edit, out, out_flags);
  if (in && !in_first) ipmp::PutFlags(edit, in, in_flags);
}

void TakeOut(Edit& edit, InterfaceUid uid, InterfaceFlags flags) {
  const GroupUid group = edit[uid].group;
  flags.inactive = false;
  const bool replaced = InUse(edit.state(), edit[uid]) && Decides(edit[group]);
  const InterfaceUid in = replaced ? Substitute(edit.state(), group, uid) : InterfaceUid();
  const InterfaceFlags in_flags =
      in ? With(edit[in].flags, &InterfaceFlags::inactive, false) : InterfaceFlags{};
  Exchange(edit, uid, flags, in, in_flags);
}

void Replace(Edit& edit, InterfaceUid uid) {
  const InterfaceUid in = Substitute(edit.state(), edit[uid].group, uid);
  if (in) ipmp::PutFlags(edit, in, With(edit[in].flags, &InterfaceFlags::inactive, false));
}

}  // namespace netstackd::core::health
