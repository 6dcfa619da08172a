#include "core/health/standby.h"

#include <algorithm>

#include "base/status_macros.h"
#include "core/health/exchange.h"
#include "core/health/members.h"
#include "core/health/policy.h"
#include "core/ipmp/interface.h"
#include "core/ipmp/refuse.h"
#include "core/queries.h"

namespace netstackd::core::health {
namespace {

using ipmp::PutFlags;

absl::Status CheckAllowed(const Interface& interface, const Name& target) {
  for (const auto& side : interface.sides) {
    if (side && side->usesrc != UsesrcRole::kNone) {
      return ipmp::Refuse(ErrorReason::kStandbyNotAllowed, "EINVAL", target,
                          "an interface that lends or borrows source addresses is no standby");
    }
  }
  return absl::OkStatus();
}

// It is an ordinary member from now on: used, and a standby that was in use for it rests.
void NoLonger(Edit& edit, InterfaceUid uid, InterfaceFlags flags) {
  const GroupUid group = edit[uid].group;
  flags.inactive = false;
  Census others = CountWithout(edit.state(), group, uid);
  ++others.nonstandby;
  const InterfaceUid standby =
      others.in_use >= others.nonstandby && IsUsable(edit.state(), edit[uid])
          ? StandbyInUse(edit.state(), group, uid)
          : InterfaceUid();
  if (!standby) {
    PutFlags(edit, uid, flags);
    return;
  }
  Exchange(edit, standby, With(edit[standby].flags, &InterfaceFlags::inactive, true), uid, flags);
}

}  // namespace

void MeetTheAim(Edit& edit, GroupUid group) {
  const Census all = CountWithout(edit.state(), group, InterfaceUid());
  const int aim = std::max(1, all.nonstandby);
  if (all.in_use < aim) {
    const InterfaceUid in = Substitute(edit.state(), group, InterfaceUid());
    if (in) PutFlags(edit, in, With(edit[in].flags, &InterfaceFlags::inactive, false));
  } else if (all.in_use > aim) {
    const InterfaceUid out = StandbyInUse(edit.state(), group, InterfaceUid());
    if (out) PutFlags(edit, out, With(edit[out].flags, &InterfaceFlags::inactive, true));
  }
}

absl::Status SetStandby(Edit& edit, const Name& target, bool standby) {
  NSD_ASSIGN_OR_RETURN(const Interface* interface, GetInterface(edit.state(), target));
  if (interface->flags.standby == standby) return absl::OkStatus();
  const InterfaceUid uid = interface->uid;
  const GroupUid group = interface->group;
  if (standby) NSD_RETURN_IF_ERROR(CheckAllowed(*interface, target));
  const Because because(edit, Cause::kStandby, uid);
  if (!group || !Decides(edit[group])) {
    SetFlags op;
    (standby ? op.set : op.clear).standby = true;
    return ipmp::Apply(edit, target, op);
  }
  if (standby && interface->flags.inactive) {
    return ipmp::Refuse(ErrorReason::kStandbyNotAllowed, "EINVAL", target,
                        "standby cannot be set while the interface is inactive");
  }
  InterfaceFlags flags = interface->flags;
  flags.standby = standby;
  if (!IsFunctioning(edit[uid])) {
    PutFlags(edit, uid, flags);
  } else if (!standby) {
    NoLonger(edit, uid, flags);
  } else {
    Census others = CountWithout(edit.state(), group, uid);
    --others.nonstandby;
    flags.inactive = others.in_use >= std::max(1, others.nonstandby);
    PutFlags(edit, uid, flags);
  }
  MeetTheAim(edit, group);
  return absl::OkStatus();
}

void StandbySeen(Edit& edit, InterfaceUid uid) {
  const Interface& interface = edit[uid];
  if (!interface.flags.standby || !IsFunctioning(interface)) return;
  Census all = CountWithout(edit.state(), interface.group, uid);
  if (InUse(edit.state(), interface)) ++all.in_use;
  InterfaceFlags flags = interface.flags;
  if (all.in_use < std::max(1, all.nonstandby)) {
    flags.inactive = false;
  } else if (all.in_use > std::max(1, all.nonstandby)) {
    flags.inactive = true;
  }
  PutFlags(edit, uid, flags);
}

}  // namespace netstackd::core::health
