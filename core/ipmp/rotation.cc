#include "core/ipmp/rotation.h"

#include "core/ipmp/refuse.h"
#include "core/queries.h"

namespace netstackd::core::ipmp {

InterfaceUid TakeNext(Edit& edit, GroupUid group, Family family) {
  const InterfaceUid taken = edit[group].sides[IndexOf(family)]->next;
  if (!taken) return taken;
  const auto& active = edit.side(group, family).active;
  auto following = active.upper_bound(edit[taken].sides[IndexOf(family)]->activated);
  if (following == active.end()) following = active.begin();
  const InterfaceUid next = following->second;
  edit.UpdateSide(group, family, [&](GroupSide& side) { side.next = next; });
  return taken;
}

absl::StatusOr<InterfaceUid> Apply(Edit& edit, const Name& target, const NextInterface& op) {
  NSD_ASSIGN_OR_RETURN(const Group* group, GetGroup(edit.state(), target));
  const GroupUid uid = group->uid;
  if (!group->sides[IndexOf(op.family)])
    return Refuse(ErrorReason::kFamilyMissing, "EAFNOSUPPORT", target,
                  "the group lacks this address family");
  const std::size_t round = op.skip_busy ? edit.side(uid, op.family).active.size() : 1;
  for (std::size_t i = 0; i < round; ++i) {
    const InterfaceUid taken = TakeNext(edit, uid, op.family);
    const Hooks* hooks = edit.context().hooks;
    if (!op.skip_busy || hooks == nullptr || !hooks->Busy(taken, op.family)) return taken;
  }
  return InterfaceUid();
}

}  // namespace netstackd::core::ipmp
