#include "base/status_macros.h"
#include "core/health/link.h"
#include "core/health/probe_report.h"
#include "core/ipmp/addresses.h"
#include "core/ipmp/attributes.h"
#include "core/ipmp/interface.h"
#include "core/ipmp/placement.h"
#include "core/ipmp/requests.h"
#include "core/ipmp/side.h"
#include "core/ipmp/statistics.h"

namespace netstackd::core::ipmp {
namespace {

absl::Status ReportLinkKind(Edit& edit, const Name& target, InterfaceUid uid,
                            const ReportInterface& op) {
  const MacType type = op.mac_type.value_or(edit[uid].mac_type);
  const HardwareAddress address = op.hardware_address.value_or(edit[uid].hardware_address);
  if (!address.empty() && address.size() != HardwareAddressLength(type)) {
    return Refuse(ErrorReason::kHardwareAddressLength, "EINVAL", target,
                  "the hardware address has not the length of the MAC type",
                  {{"lengthBytes", std::to_string(HardwareAddressLength(type))}});
  }
  if (type != edit[uid].mac_type) {
    const GroupUid group = edit[uid].group;
    if (group && edit.index().interfaces_of(group).size() > 1) {
      return Refuse(ErrorReason::kMacTypeMismatch, "EINVAL", target,
                    "a member of a group cannot change its MAC type; take it out first");
    }
    edit.Update(uid, [&](Interface& changed) { changed.mac_type = type; });
    if (group) edit.Update(group, [&](Group& changed) { changed.mac_type = type; });
  }
  if (op.is_virtual && *op.is_virtual != edit[uid].is_virtual) {
    if (*op.is_virtual && edit[uid].group) {
      return Refuse(ErrorReason::kInterfaceIsVirtual, "EINVAL", target,
                    "a virtual interface cannot be in a group; take it out first");
    }
    edit.Update(uid, [&](Interface& changed) { changed.is_virtual = *op.is_virtual; });
  }
  if (address == edit[uid].hardware_address) return absl::OkStatus();
  if (address.empty()) {
    return FieldError({{"report.hardware_address", "a known hardware address cannot be unknown"}});
  }
  return Apply(edit, target, SetHardwareAddress{address});
}

absl::Status ReportSide(Edit& edit, const Name& target, InterfaceUid uid, Family family,
                        const SideReport& report) {
  edit.Update(uid, [&](Interface& changed) {
    ObservedSide& observed = changed.observed[IndexOf(family)];
    if (report.mtu) observed.mtu = *report.mtu;
    if (report.capabilities) observed.capabilities = *report.capabilities;
  });
  RefreshMtu(edit, uid, family);
  const auto& side = edit[uid].sides[IndexOf(family)];
  if (side && side->joined != 0 && report.capabilities) {
    RefreshClassOfService(edit, edit[uid].group, family);
  }
  if (report.usesrc && (!side || *report.usesrc != side->usesrc)) {
    NSD_RETURN_IF_ERROR(Apply(edit, target, SetUsesrc{family, *report.usesrc}));
  }
  return absl::OkStatus();
}

absl::Status ReportCounters(Edit& edit, const Name& target, const ReportInterface& op) {
  if (op.counters_gone) {  // a report may come twice
    NSD_ASSIGN_OR_RETURN(const Interface* interface, GetInterface(edit.state(), target));
    return interface->counters ? Apply(edit, target, RemoveCounters{}) : absl::OkStatus();
  }
  if (op.counters.empty() && op.wide.empty()) return absl::OkStatus();
  return Apply(edit, target, SetCounters{op.counters, op.wide});
}

}  // namespace

absl::Status Apply(Edit& edit, const Name& target, const ReportInterface& op, Result& result) {
  NSD_ASSIGN_OR_RETURN(const Interface* interface, GetInterface(edit.state(), target));
  const InterfaceUid uid = interface->uid;
  NSD_RETURN_IF_ERROR(ReportLinkKind(edit, target, uid, op));
  if (op.link_mtu) NSD_RETURN_IF_ERROR(Apply(edit, target, SetLinkMtu{*op.link_mtu}));
  for (const Family family : kFamilies) {
    if (!op.sides[IndexOf(family)]) continue;
    NSD_RETURN_IF_ERROR(ReportSide(edit, target, uid, family, *op.sides[IndexOf(family)]));
  }
  NSD_RETURN_IF_ERROR(ReportCounters(edit, target, op));
  if (op.link) health::ObserveLink(edit, uid, *op.link, op.seen, result);
  for (const Family family : kFamilies) {
    const auto& side = op.sides[IndexOf(family)];
    if (!side || !side->probing) continue;
    health::ObserveProbes(edit, uid, family, *side->probing, op.seen, result);
  }
  for (const Name& duplicate : op.duplicates) {
    NSD_ASSIGN_OR_RETURN(const Address* address, GetAddress(edit.state(), duplicate));
    if (address->duplicate) continue;
    NSD_RETURN_IF_ERROR(Apply(edit, duplicate, ReportConflict{}));
  }
  return Apply(edit, target, SetFlags{op.detector_set, op.detector_clear});
}

}  // namespace netstackd::core::ipmp
