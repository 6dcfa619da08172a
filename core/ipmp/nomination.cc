#include "core/ipmp/nomination.h"

namespace netstackd::core::ipmp {
namespace {

void EmitMembership(const Edit& edit, EventKind kind, GroupUid group, Family family,
                    InterfaceUid interface) {
  edit.Emit({.kind = kind,
             .group = &edit[group].name,
             .interface = &edit[interface].name,
             .family = family});
}

void EmitDatalink(const Edit& edit, GroupUid group, Family family, bool up) {
  edit.Emit(
      {.kind = EventKind::kGroupDatalink, .group = &edit[group].name, .family = family, .on = up});
}

}  // namespace

void Nominate(Edit& edit, GroupUid group, Family family, InterfaceUid to) {
  const GroupSide& side = *edit[group].sides[IndexOf(family)];
  const InterfaceUid from = side.cast;
  const bool datalink_up = side.datalink_up;
  if (from == to) return;
  if (from && datalink_up) EmitMembership(edit, EventKind::kMulticastLeave, group, family, from);
  edit.UpdateSide(group, family, [&](GroupSide& changed) { changed.cast = to; });
  if (from) {
    edit.Emit(
        {.kind = EventKind::kRouteCacheFlush, .interface = &edit[from].name, .family = family});
  }
  if (to && datalink_up) EmitMembership(edit, EventKind::kMulticastJoin, group, family, to);
  if (family == Family::kIpv4) {
    edit.Emit({.kind = EventKind::kBroadcastRefresh, .group = &edit[group].name});
  }
}

void JoinMemberships(Edit& edit, GroupUid group, Family family) {
  const InterfaceUid cast = edit[group].sides[IndexOf(family)]->cast;
  if (cast) EmitMembership(edit, EventKind::kMulticastJoin, group, family, cast);
}

void DatalinkUp(Edit& edit, GroupUid group, Family family) {
  edit.UpdateSide(group, family, [](GroupSide& side) { side.datalink_up = true; });
  EmitDatalink(edit, group, family, true);
}

void DatalinkDown(Edit& edit, GroupUid group, Family family) {
  const InterfaceUid cast = edit[group].sides[IndexOf(family)]->cast;
  if (cast) EmitMembership(edit, EventKind::kMulticastLeave, group, family, cast);
  edit.UpdateSide(group, family, [](GroupSide& side) { side.datalink_up = false; });
  EmitDatalink(edit, group, family, false);
}

}  // namespace netstackd::core::ipmp
