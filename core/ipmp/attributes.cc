#include "core/ipmp/attributes.h"

#include <algorithm>
#include <vector>

#include "base/status_macros.h"
#include "core/ipmp/refuse.h"
#include "core/ipmp/side.h"
#include "core/queries.h"

namespace netstackd::core::ipmp {
namespace {

void SetGroupMtu(Edit& edit, GroupUid group, Family family, std::uint32_t mtu) {
  edit.UpdateSide(group, family, [&](GroupSide& side) { side.mtu = mtu; });
  edit.Emit(
      {.kind = EventKind::kGroupMtu, .group = &edit[group].name, .family = family, .number = mtu});
}

bool Marks(const Edit& edit, InterfaceUid uid, Family family) {
  return edit[uid].observed[IndexOf(family)].capabilities.class_of_service;
}

template <typename Uid>
void SetForwardingOf(Edit& edit, Uid uid, Family family, bool enabled) {
  edit.UpdateSide(uid, family, [&](auto& side) { side.forwarding = enabled; });
  Event event{.kind = EventKind::kRouterChanged, .family = family, .on = enabled};
  if constexpr (std::is_same_v<Uid, GroupUid>) {
    event.group = &edit[uid].name;
  } else {
    event.interface = &edit[uid].name;
  }
  edit.Emit(event);
}

}  // namespace

void MemberJoined(Edit& edit, GroupUid group, InterfaceUid member, Family family) {
  const bool first = edit.side(group, family).members.size() == 1;
  const std::uint32_t mtu = std::max(MinMtu(family), edit[member].sides[IndexOf(family)]->mtu);
  if (first || mtu < edit[group].sides[IndexOf(family)]->mtu) SetGroupMtu(edit, group, family, mtu);
  RefreshClassOfService(edit, group, family);
}

void MemberLeft(Edit& edit, GroupUid group, Family family) {
  RefreshGroupMtu(edit, group, family);
  RefreshClassOfService(edit, group, family);
}

void RefreshClassOfService(Edit& edit, GroupUid group, Family family) {
  bool all = !edit.side(group, family).members.empty();
  for (const auto& [order, uid] : edit.side(group, family).members) {
    all = all && Marks(edit, uid, family);
  }
  edit.UpdateSide(group, family, [&](GroupSide& side) { side.class_of_service = all; });
}

void RefreshGroupMtu(Edit& edit, GroupUid group, Family family) {
  std::uint32_t mtu = 0;
  for (const auto& [order, uid] : edit.side(group, family).members) {
    const std::uint32_t own = edit[uid].sides[IndexOf(family)]->mtu;
    mtu = mtu == 0 ? own : std::min(mtu, own);
  }
  mtu = std::max(mtu, MinMtu(family));
  if (mtu != edit[group].sides[IndexOf(family)]->mtu) SetGroupMtu(edit, group, family, mtu);
}

std::uint32_t EffectiveMtu(const Interface& interface, Family family) {
  const std::uint32_t link = std::max(interface.observed[IndexOf(family)].mtu, MinMtu(family));
  const std::uint32_t asked = interface.spec.side_mtu[IndexOf(family)];
  return asked == 0 ? link : std::min(asked, link);
}

void RefreshMtu(Edit& edit, InterfaceUid uid, Family family) {
  const auto& side = edit[uid].sides[IndexOf(family)];
  if (!side) return;
  const std::uint32_t mtu = EffectiveMtu(edit[uid], family);
  if (mtu == side->mtu) return;
  edit.UpdateSide(uid, family, [&](InterfaceSide& changed) { changed.mtu = mtu; });
  if (edit[uid].sides[IndexOf(family)]->joined != 0) {
    RefreshGroupMtu(edit, edit[uid].group, family);
  }
}

absl::Status Apply(Edit& edit, const Name& target, const SetMtu& op) {
  NSD_ASSIGN_OR_RETURN(const InterfaceUid uid, FindSide<Interface>(edit, target, op.family));
  if (op.mtu == 0) return absl::OkStatus();
  const std::uint32_t link =
      std::max(edit[uid].observed[IndexOf(op.family)].mtu, MinMtu(op.family));
  if (op.mtu > link || op.mtu < MinMtu(op.family)) {
    return Refuse(
        ErrorReason::kMtuOutOfRange, "EINVAL", target,
        "the MTU is above that of the link or below the minimum of the family",
        {{"minBytes", std::to_string(MinMtu(op.family))}, {"maxBytes", std::to_string(link)}});
  }
  edit.Update(uid,
              [&](Interface& interface) { interface.spec.side_mtu[IndexOf(op.family)] = op.mtu; });
  RefreshMtu(edit, uid, op.family);
  return absl::OkStatus();
}

absl::Status Apply(Edit& edit, const Name& target, const SetLinkMtu& op) {
  NSD_ASSIGN_OR_RETURN(const Interface* interface, GetInterface(edit.state(), target));
  const InterfaceUid uid = interface->uid;
  edit.Update(uid, [&](Interface& changed) {
    for (auto& observed : changed.observed) observed.mtu = op.mtu;
  });
  for (const Family family : kFamilies) RefreshMtu(edit, uid, family);
  return absl::OkStatus();
}

absl::Status Apply(Edit& edit, const Name& target, const SetForwarding& op) {
  const std::size_t f = IndexOf(op.family);
  GroupUid group;
  if (!target.interface.empty()) {
    NSD_ASSIGN_OR_RETURN(const InterfaceUid uid, FindSide<Interface>(edit, target, op.family));
    if (edit[uid].sides[f]->joined == 0) {
      if (edit[uid].sides[f]->forwarding != op.enabled) {
        SetForwardingOf(edit, uid, op.family, op.enabled);
      }
      return absl::OkStatus();
    }
    group = edit[uid].group;
  } else {
    NSD_ASSIGN_OR_RETURN(group, FindSide<Group>(edit, target, op.family));
  }
  if (edit[group].sides[f]->forwarding == op.enabled) return absl::OkStatus();
  std::vector<InterfaceUid> members;
  for (const auto& [order, uid] : edit.side(group, op.family).members) members.push_back(uid);
  for (const InterfaceUid uid : members) SetForwardingOf(edit, uid, op.family, op.enabled);
  SetForwardingOf(edit, group, op.family, op.enabled);
  return absl::OkStatus();
}

absl::Status Apply(Edit& edit, const Name& target, const SetUsesrc& op) {
  NSD_ASSIGN_OR_RETURN(const InterfaceUid uid, FindSide<Interface>(edit, target, op.family));
  if (edit[uid].group) {
    return Refuse(ErrorReason::kNotAllowedOnMember, "ENOTSUP", target,
                  "a member of a group cannot lend or borrow source addresses");
  }
  edit.UpdateSide(uid, op.family, [&](InterfaceSide& side) { side.usesrc = op.role; });
  return absl::OkStatus();
}

}  // namespace netstackd::core::ipmp
