// Who is failed, inactive or in use: the policy of the failure detector. One file for each rule;
// here is what the rest of the rules calls.
//
// Source  reference: illumos in.mpathd.
// Every function is part of one decision: a failure and the take-over by a standby are one
// transaction, in the order that keeps the link of the group up and moves an address at most once.
#ifndef NETSTACKD_CORE_HEALTH_POLICY_H_
#define NETSTACKD_CORE_HEALTH_POLICY_H_

#include <array>
#include <cstdint>
#include <utility>

#include "core/edit.h"

namespace netstackd::core::health {

// False if the group has all detection switched off (links off, and probes not on): then nothing
// here changes a flag, and an outside detector reports its own.
bool Decides(const Group& group);

// An interface has become a member, with its flags as they are.
void Appeared(Edit& edit, InterfaceUid interface);
// True if it will not be used when it appears: better judged before it can carry anything.
bool WillRest(const Edit& edit, InterfaceUid interface);
// An interface is about to leave its group: if it was the last in use, another takes over first.
void Leaving(Edit& edit, InterfaceUid interface);
// An interface has left: what the detector decided about it is void.
void Left(Edit& edit, InterfaceUid interface, GroupUid from);
// The spec of a group was `before`.
void SpecChanged(Edit& edit, GroupUid group, const GroupSpec& before);

// What of an interface the policy has to hear about when a command changed it. The commands do not
// know; whoever carries them out looks before, and lets settle after.
struct Glance {
  InterfaceUid interface {};
  GroupUid group{};
  bool has_address = false;
  HardwareAddress hardware_address{};
  // Test addresses, and the lengths of their prefixes.
  std::array<std::pair<AddressUid, std::uint8_t>, 2> tests{};

  bool operator==(const Glance&) const = default;
};
Glance Look(const Edit& edit, const Name& target);
void Settle(Edit& edit, const Name& target, const Glance& before);

}  // namespace netstackd::core::health

#endif  // NETSTACKD_CORE_HEALTH_POLICY_H_
