#include "core/ipmp/arp.h"

#include <optional>
#include <vector>

#include "core/ipmp/refuse.h"
#include "core/ipmp/rotation.h"
#include "core/ipmp/side.h"
#include "core/queries.h"

namespace netstackd::core::ipmp {
namespace {

constexpr Family kArp = Family::kIpv4;

void EmitAnnounce(const Edit& edit, const ArpEntry& entry) {
  edit.Emit({.kind = EventKind::kArpAnnounce,
             .group = &edit[entry.group].name,
             .address = &entry.ip,
             .hardware_address = &entry.hardware_address,
             .on = entry.proxy});
}

// The first member, active or not, that has the hardware address; a zero uid if none has.
InterfaceUid MemberWith(const Edit& edit, GroupUid group, const HardwareAddress& address) {
  for (const auto& [joined, uid] : edit.side(group, kArp).members) {
    if (edit[uid].hardware_address == address) return uid;
  }
  return InterfaceUid();
}

absl::Status CheckAddress(const Name& target, const std::optional<IpAddress>& ip) {
  if (ip && ip->family == kArp) return absl::OkStatus();
  return Refuse(ErrorReason::kFieldInvalid, "EINVAL", target, "not an IPv4 address");
}

absl::Status CheckLength(const Name& target, const HardwareAddress& address, std::size_t length) {
  if (address.size() == length) return absl::OkStatus();
  return Refuse(ErrorReason::kHardwareAddressLength, "EINVAL", target,
                "the hardware address has not the length of those of the members",
                {{"lengthBytes", std::to_string(length)}});
}

// The group that keeps the entries; the checks that come first, in the order of the original.
// `hardware_address` is null when an entry is deleted.
absl::StatusOr<GroupUid> FindKeeper(const Edit& edit, const Name& target,
                                    const std::optional<IpAddress>& ip,
                                    const HardwareAddress* hardware_address) {
  if (!target.interface.empty()) {
    NSD_ASSIGN_OR_RETURN(const InterfaceUid uid, FindSide<Interface>(edit, target, kArp));
    NSD_RETURN_IF_ERROR(CheckAddress(target, ip));
    if (hardware_address != nullptr) {
      const std::size_t length = HardwareAddressLength(edit[uid].mac_type);
      NSD_RETURN_IF_ERROR(CheckLength(target, *hardware_address, length));
    }
    return Refuse(ErrorReason::kArpOnMember, "EPERM", target,
                  "ARP entries are kept by the group; set them there");
  }
  NSD_ASSIGN_OR_RETURN(const GroupUid group, FindSide<Group>(edit, target, kArp));
  NSD_RETURN_IF_ERROR(CheckAddress(target, ip));
  if (hardware_address != nullptr) {
    const auto& members = edit.side(group, kArp).members;
    const std::size_t length =
        members.empty() ? 0 : HardwareAddressLength(edit[members.begin()->second].mac_type);
    NSD_RETURN_IF_ERROR(CheckLength(target, *hardware_address, length));
  }
  for (const AddressUid uid : edit.index().up(*ip)) {
    if (ZoneOf(edit.state(), edit[uid]) != edit[group].zone) continue;
    return Refuse(ErrorReason::kArpLocalAddress, "EPERM", target,
                  "the address is up on this system");
  }
  return group;
}

// An entry that is kept takes memory; one that is only announced does not.
bool OutOfMemory(const Edit& edit, bool permanent) {
  return permanent &&
         (edit.Fails(FaultPoint::kArpEntryMemory) || edit.Fails(FaultPoint::kArpEntryCopy));
}

}  // namespace

void RefreshArpEntries(Edit& edit, GroupUid group) {
  const SideIndex& side = edit.side(group, kArp);
  std::vector<ArpEntryUid> entries;  // newest first
  for (auto at = side.arp.rbegin(); at != side.arp.rend(); ++at) {
    if (edit[at->second].permanent) entries.push_back(at->second);
  }
  if (entries.empty()) return;
  std::vector<InterfaceUid> active;
  if (UpAddresses(edit.state(), edit[group], kArp) > 0) {
    for (const auto& [order, uid] : side.active) active.push_back(uid);
  }
  std::size_t turn = 0;
  for (const ArpEntryUid uid : entries) {
    if (active.empty()) {
      if (edit[uid].notified) edit.Update(uid, [](ArpEntry& entry) { entry.notified = false; });
      continue;
    }
    const HardwareAddress& own = edit[active[turn]].hardware_address;
    if (edit[uid].proxy && edit[uid].notified && edit[uid].hardware_address == own) continue;
    const bool fails = edit.Fails(FaultPoint::kArpRefreshCopy);
    edit.Update(uid, [&](ArpEntry& entry) {
      if (entry.proxy) entry.hardware_address = own;
      entry.notified = !fails;
    });
    if (fails) continue;
    EmitAnnounce(edit, edit[uid]);
    turn = (turn + 1) % active.size();
  }
}

void DropArpEntry(Edit& edit, GroupUid group, const IpAddress& ip) {
  const auto& by_ip = edit.side(group, kArp).arp_by_ip;
  const auto found = by_ip.find(ip);
  if (found != by_ip.end()) edit.Erase(ArpEntryUid(found->second));
}

void DropArpEntries(Edit& edit, GroupUid group) {
  while (!edit.side(group, kArp).arp.empty()) {
    edit.Erase(ArpEntryUid(edit.side(group, kArp).arp.begin()->second));
  }
}

absl::Status Apply(Edit& edit, const Name& target, const SetArpEntry& op) {
  NSD_ASSIGN_OR_RETURN(const GroupUid group, FindKeeper(edit, target, op.ip, &op.hardware_address));
  InterfaceUid owner = MemberWith(edit, group, op.hardware_address);
  const bool proxy = static_cast<bool>(owner);
  if (owner && edit[owner].sides[IndexOf(kArp)]->activated == 0) {
    owner = TakeNext(edit, group, kArp);
  }
  if (OutOfMemory(edit, op.permanent)) {
    return Refuse(ErrorReason::kResourceExhausted, "ENOMEM", target, "out of memory");
  }
  const bool deferred = proxy && !owner && op.permanent;
  if (!deferred && edit.side(group, kArp).active.empty()) {
    return Refuse(ErrorReason::kArpNotPossible, "EINVAL", target,
                  "no interface of the group is active to announce the entry");
  }
  DropArpEntry(edit, group, *op.ip);
  const std::uint32_t limit = edit.context().limits.arp_entries_per_group;
  if (limit != 0 && edit.side(group, kArp).arp.size() >= limit) {
    return MakeError(ErrorReason::kQuotaExceeded, "too many ARP entries in the group",
                     {{"limit", "arp_entries_per_group"}, {"value", std::to_string(limit)}});
  }
  ArpEntry entry;
  entry.group = group;
  entry.ip = *op.ip;
  entry.hardware_address = owner ? edit[owner].hardware_address : op.hardware_address;
  entry.proxy = proxy;
  entry.notified = !deferred;
  entry.permanent = op.permanent;
  entry.order = edit.NextOrder();
  const ArpEntryUid uid = edit.Insert(std::move(entry));
  if (!deferred) EmitAnnounce(edit, edit[uid]);
  return absl::OkStatus();
}

absl::Status Apply(Edit& edit, const Name& target, const DeleteArpEntry& op) {
  NSD_ASSIGN_OR_RETURN(const GroupUid group, FindKeeper(edit, target, op.ip, nullptr));
  const auto& by_ip = edit.side(group, kArp).arp_by_ip;
  const auto found = by_ip.find(*op.ip);
  if (found == by_ip.end() || !edit[found->second].notified) {
    return Refuse(ErrorReason::kArpEntryNotFound, "ENXIO", target,
                  "the group announces no such entry at present");
  }
  edit.Emit({.kind = EventKind::kArpWithdraw, .group = &edit[group].name, .address = &*op.ip});
  edit.Erase(ArpEntryUid(found->second));
  return absl::OkStatus();
}

}  // namespace netstackd::core::ipmp
