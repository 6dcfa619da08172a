#include "core/ipmp/addresses.h"

#include "base/status_macros.h"
#include "core/ipmp/arp.h"
#include "core/ipmp/group_addresses.h"
#include "core/ipmp/own_addresses.h"
#include "core/ipmp/side.h"
#include "core/queries.h"
#include "core/slots.h"

namespace netstackd::core::ipmp {
namespace {

// The lowest free slot. Slot 0 is that of the auto or zero address: only in IPv4, and only while
// that is down.
template <typename Uid>
std::uint32_t FreeSlot(const Edit& edit, Uid owner, Family family) {
  const auto& side = *edit[owner].sides[IndexOf(family)];
  bool reserved = family == Family::kIpv6;
  if constexpr (std::is_same_v<Uid, GroupUid>) {
    reserved |= side.zero_address_up;
  } else {
    reserved |= side.auto_address_up;
  }
  const SideIndex& index = edit.side(owner, family);
  const std::uint32_t first = reserved ? 1 : 0;
  const auto free = index.free_slots.lower_bound(first);
  if (free != index.free_slots.end()) return *free;
  return std::max(index.next_slot, first);
}

absl::Status CheckNew(const Edit& edit, const Name& owner, const AddAddress& op, bool exists,
                      std::size_t count, std::uint32_t limit, const char* limit_name) {
  if (!op.ip || op.ip->family != op.family) {
    return Refuse(ErrorReason::kFieldInvalid, "EINVAL", owner, "not an address of this family");
  }
  if (op.ip->IsZero()) {
    return Refuse(ErrorReason::kFieldInvalid, "EADDRNOTAVAIL", owner,
                  "the all-zeros address is the auto address and cannot be added");
  }
  if (exists) {
    return Refuse(ErrorReason::kAddressExists, "EEXIST", owner, "the address is there already",
                  {{"address", ToString(*op.ip)}});
  }
  const std::uint32_t most = limit == 0 ? kSideAddressesMax : std::min(limit, kSideAddressesMax);
  if (count >= most) {
    return MakeError(ErrorReason::kQuotaExceeded, "too many addresses",
                     {{"limit", limit_name}, {"value", std::to_string(most)}});
  }
  (void)edit;
  return absl::OkStatus();
}

Address NewAddress(const AddAddress& op) {
  Address address{.ip = *op.ip, .prefix_length = op.prefix_length};
  address.test = op.test;
  address.managed_by = op.managed_by;
  address.point_to_point = op.point_to_point;
  return address;
}

bool IsMember(const Edit& edit, InterfaceUid uid, Family family) {
  const auto& side = edit[uid].sides[IndexOf(family)];
  return side && side->joined != 0;
}

// Up on another owner of the zone. IPv6 link-local addresses may be on several; point-to-point
// ones do not count. Source  illumos ip_if.c, ip_addr_availability_check().
const Address* UpElsewhere(const Edit& edit, const Address& address) {
  if (address.point_to_point || address.ip.IsLinkLocal()) return nullptr;
  const ZoneUid zone = ZoneOf(edit.state(), address);
  for (const AddressUid uid : edit.index().up(address.ip)) {
    const Address& other = edit[uid];
    if (uid != address.uid && !other.point_to_point && ZoneOf(edit.state(), other) == zone) {
      return &other;
    }
  }
  return nullptr;
}

// True for a data address of a member: it belongs to the group, but for link-local ones.
bool BelongsToGroup(const Edit& edit, const Address& address) {
  return address.interface && !address.test && !address.ip.IsLinkLocal() &&
         IsMember(edit, address.interface, address.ip.family);
}

// Moves a data address of a member to the group; what it leaves in slot 0 comes up instead.
void MoveToGroup(Edit& edit, AddressUid uid) {
  const InterfaceUid from = edit[uid].interface;
  const GroupUid group = edit[from].group;
  const Family family = edit[uid].ip.family;
  const std::uint32_t slot = FreeSlot(edit, group, family);
  const bool left_slot_0 = family == Family::kIpv4 && edit[uid].slot == 0;
  edit.Update(uid, [&](Address& address) {
    address.interface = InterfaceUid();
    address.group = group;
    address.slot = slot;
    address.duplicate = false;
  });
  edit.Emit({.kind = EventKind::kAddressMoved,
             .group = &edit[group].name,
             .interface = &edit[from].name,
             .family = family,
             .address = &edit[uid].ip,
             .number = slot});
  if (left_slot_0) RaiseOwn(edit, from, family, AddressUid());
}

}  // namespace

absl::StatusOr<AddressUid> Add(Edit& edit, const Name& owner, const AddAddress& op) {
  const Limits& limits = edit.context().limits;
  if (!owner.group.empty()) {
    NSD_ASSIGN_OR_RETURN(const GroupUid uid, FindSide<Group>(edit, owner, op.family));
    const SideIndex& side = edit.side(uid, op.family);
    NSD_RETURN_IF_ERROR(CheckNew(edit, owner, op, op.ip && side.by_ip.contains(*op.ip),
                                 side.by_slot.size(), limits.addresses_per_group,
                                 "addresses_per_group"));
    if (op.test) {
      return Refuse(ErrorReason::kFlagInvalidOnIpmpInterface, "EINVAL", owner,
                    "test addresses belong on the interfaces of a group");
    }
    Address address = NewAddress(op);
    address.group = uid;
    address.slot = FreeSlot(edit, uid, op.family);
    return edit.Insert(std::move(address));
  }
  NSD_ASSIGN_OR_RETURN(const InterfaceUid uid, FindSide<Interface>(edit, owner, op.family));
  const SideIndex& side = edit.side(uid, op.family);
  NSD_RETURN_IF_ERROR(CheckNew(edit, owner, op, op.ip && side.by_ip.contains(*op.ip),
                               side.by_slot.size(), limits.addresses_per_interface,
                               "addresses_per_interface"));
  if (op.managed_by != ManagedBy::kNobody && !op.test && IsMember(edit, uid, op.family)) {
    return Refuse(ErrorReason::kAppManagedDataAddress, "EINVAL", owner,
                  "a member cannot have a data address that an application manages");
  }
  Address address = NewAddress(op);
  address.interface = uid;
  address.slot = FreeSlot(edit, uid, op.family);
  return edit.Insert(std::move(address));
}

absl::Status Raise(Edit& edit, const Name& target) {
  NSD_ASSIGN_OR_RETURN(const Address* address, GetAddress(edit.state(), target));
  const AddressUid uid = address->uid;
  if (address->up) return absl::OkStatus();
  const bool moves = BelongsToGroup(edit, *address);
  if (moves && edit.state().FindAddress(edit[address->interface].group, address->ip) != nullptr) {
    return Refuse(ErrorReason::kAddressExists, "EEXIST", target,
                  "the group lists this address already");
  }
  if (const Address* other = UpElsewhere(edit, *address)) {
    return Refuse(ErrorReason::kAddressInUse, "EADDRNOTAVAIL", target,
                  "the address is up elsewhere; bring it down there first",
                  {{"owner", ToString(NameOf(edit.state(), *other))}});
  }
  const Family family = address->ip.family;
  if (moves) MoveToGroup(edit, uid);
  if (edit[uid].interface) {
    RaiseOwn(edit, edit[uid].interface, family, uid);
    return absl::OkStatus();
  }
  if (RaiseOfGroup(edit, uid)) return absl::OkStatus();
  return Refuse(ErrorReason::kResourceExhausted, family == Family::kIpv4 ? "ENOMEM" : "EEXIST",
                target, "the address cannot be announced");
}

absl::Status Drop(Edit& edit, const Name& target) {
  NSD_ASSIGN_OR_RETURN(const Address* address, GetAddress(edit.state(), target));
  if (!address->up) return absl::OkStatus();
  if (address->interface) {
    DropOwn(edit, address->interface, address->ip.family, address->uid);
  } else {
    DropOfGroup(edit, address->uid, /*duplicate=*/false);
  }
  return absl::OkStatus();
}

absl::Status Apply(Edit& edit, const Name& target, const RemoveAddress&) {
  NSD_RETURN_IF_ERROR(Drop(edit, target));
  NSD_ASSIGN_OR_RETURN(const Address* address, GetAddress(edit.state(), target));
  const GroupUid group = address->group;
  const Family family = address->ip.family;
  const AddressUid uid = address->uid;
  if (address->duplicate) {
    edit.Update(uid, [](Address& changed) { changed.duplicate = false; });
    if (group) DatalinkDownIfIdle(edit, group, family);
  }
  edit.Erase(uid);
  return absl::OkStatus();
}

absl::Status Apply(Edit& edit, const Name& target, const SetTestAddress& op) {
  NSD_ASSIGN_OR_RETURN(const Address* address, GetAddress(edit.state(), target));
  if (address->group) {
    return Refuse(ErrorReason::kFlagInvalidOnIpmpInterface, "EINVAL", target,
                  "test addresses belong on the interfaces of a group");
  }
  if (address->test == op.test) return absl::OkStatus();
  const AddressUid uid = address->uid;
  const InterfaceUid owner = address->interface;
  const Family family = address->ip.family;
  if (!op.test && IsMember(edit, owner, family) &&
      (address->up || address->duplicate || address->managed_by != ManagedBy::kNobody)) {
    return Refuse(ErrorReason::kAddressMustBeDown, "EINVAL", target,
                  "bring the test address down before it becomes a data address");
  }
  const bool up = address->up;
  if (up) DropOwn(edit, owner, family, uid);
  edit.Update(uid, [&](Address& changed) { changed.test = op.test; });
  if (up) RaiseOwn(edit, owner, family, uid);
  return absl::OkStatus();
}

absl::Status Apply(Edit& edit, const Name& target, const ReportConflict&) {
  NSD_ASSIGN_OR_RETURN(const Address* address, GetAddress(edit.state(), target));
  if (!address->up || address->point_to_point) {
    return Refuse(ErrorReason::kAddressIsDown, "EINVAL", target,
                  "only an address that is up, and not point-to-point, can be a duplicate");
  }
  const AddressUid uid = address->uid;
  if (address->group) {
    DropOfGroup(edit, uid, /*duplicate=*/true);
    return absl::OkStatus();
  }
  DropOwn(edit, address->interface, address->ip.family, uid);
  edit.Update(uid, [](Address& changed) { changed.duplicate = true; });
  return absl::OkStatus();
}

absl::Status SetZeroAddress(Edit& edit, const Name& target, std::optional<Family> family, bool up) {
  const Family side_family = family.value_or(Family::kIpv4);
  NSD_ASSIGN_OR_RETURN(const GroupUid uid, FindSide<Group>(edit, target, side_family));
  if (side_family == Family::kIpv6) {
    return Refuse(ErrorReason::kFieldInvalid, "EINVAL", target,
                  "only the IPv4 side of a group has a zero address");
  }
  if (edit.side(uid, side_family).by_slot.contains(0)) {
    return Refuse(ErrorReason::kAutoAddressReplaced, "EADDRNOTAVAIL", target,
                  "an address sits in slot 0 in place of the zero address");
  }
  if (edit[uid].sides[IndexOf(side_family)]->zero_address_up != up) PutZeroAddress(edit, uid, up);
  return absl::OkStatus();
}

}  // namespace netstackd::core::ipmp
