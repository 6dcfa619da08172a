#include "core/ipmp/membership.h"
#include "core/ipmp/refuse.h"
#include "core/queries.h"

namespace netstackd::core::ipmp {
namespace {

struct Violation {
  ErrorReason reason;
  const char* errno_name;
  const char* message;
  Family family;
};

// The seven checks of one side, in the order of the original.
void VetSide(const Edit& edit, const Interface& interface, const Group& group, Family family,
             std::vector<Violation>* found) {
  const InterfaceSide& side = *interface.sides[IndexOf(family)];
  const auto refuse = [&](bool condition, ErrorReason reason, const char* errno_name,
                          const char* message) {
    if (condition) found->push_back({reason, errno_name, message, family});
  };
  bool managed = false;
  bool point_to_point = false;
  for (const auto& [slot, uid] : edit.side(interface.uid, family).by_slot) {
    const Address& address = edit[uid];
    managed |= address.managed_by != ManagedBy::kNobody && !address.test;
    point_to_point |= address.point_to_point;
  }
  const Capabilities& can = interface.observed[IndexOf(family)].capabilities;
  refuse(UpAddresses(edit.state(), interface, family) > 0 ||
             DuplicateAddresses(edit.state(), interface.uid.value(), family) > 0,
         ErrorReason::kInterfaceHasUpAddresses, "EADDRINUSE",
         "addresses of the interface are up or duplicate; bring them down first");
  refuse(managed, ErrorReason::kInterfaceAddressesAppManaged, "EADDRNOTAVAIL",
         "a data address of the interface is managed by an application");
  refuse(point_to_point, ErrorReason::kInterfacePointToPoint, "EINVAL",
         "the interface has a point-to-point address");
  refuse(!can.multicast, ErrorReason::kInterfaceNotMulticast, "ENOTSUP",
         "the interface cannot do multicast");
  refuse(can.no_arp || can.no_nud || can.external_resolver,
         ErrorReason::kInterfaceNoAddressResolution, "ENOTSUP",
         "address resolution is switched off on the interface");
  refuse(side.usesrc != UsesrcRole::kNone, ErrorReason::kInterfaceUsesUsesrc, "ENOTSUP",
         "the interface lends or borrows source addresses");
  refuse(group.mac_type && *group.mac_type != interface.mac_type, ErrorReason::kMacTypeMismatch,
         "EINVAL", "the MAC type differs from that of the members");
}

}  // namespace

absl::Status VetJoin(const Edit& edit, const Interface& interface, const Group& group) {
  std::vector<Violation> found;
  for (const Family family : kFamilies) {
    if (interface.sides[IndexOf(family)] && !group.sides[IndexOf(family)]) {
      found.push_back({ErrorReason::kGroupFamilyMissing, "EAFNOSUPPORT",
                       "the group lacks an address family of the interface", family});
    }
  }
  for (const Family family : kFamilies) {
    if (interface.sides[IndexOf(family)]) VetSide(edit, interface, group, family, &found);
  }
  if (found.empty()) return absl::OkStatus();
  const std::string subject = ToString(NameOf(edit.state(), interface));
  ErrorDetails details;
  details.reason = found.front().reason;
  details.metadata = {{"resource", subject},
                      {"group", ToString(NameOf(edit.state(), group))},
                      {"errno", found.front().errno_name},
                      {"family", NameOf(found.front().family)}};
  for (const Violation& violation : found) {
    details.blockers.push_back({violation.reason, subject,
                                std::string(NameOf(violation.family)) + ": " + violation.message});
  }
  return MakeError(interface.name + " cannot join " + group.name + ": " + found.front().message,
                   details);
}

}  // namespace netstackd::core::ipmp
