// Questions about a state. Nothing here changes anything; cost is that of the answer.
#ifndef NETSTACKD_CORE_QUERIES_H_
#define NETSTACKD_CORE_QUERIES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/command.h"
#include "core/state.h"

namespace netstackd::core {

class Hooks;

// The object a name means. Errors: NOT_FOUND with ZONE_, GROUP_, INTERFACE_ or ADDRESS_NOT_FOUND.
absl::StatusOr<ZoneUid> FindZone(const std::string& zone);
absl::StatusOr<const Group*> GetGroup(const State& state, const Name& name);
absl::StatusOr<const Interface*> GetInterface(const State& state, const Name& name);
absl::StatusOr<const Address*> GetAddress(const State& state, const Name& name);
// The name of an object as it is now. The object is of `state`.
Name NameOf(const State& state, const Group& group);
Name NameOf(const State& state, const Interface& interface);
Name NameOf(const State& state, const Address& address);
ZoneUid ZoneOf(const State& state, const Address& address);

// Interfaces with a side that carries data of the group, over both families.
std::uint32_t ActiveSides(const State& state, const Group& group);
inline bool LinkUp(const State& state, const Group& group) { return ActiveSides(state, group) > 0; }
// Addresses of a side that are up or duplicate; the zero or auto address counts as one.
std::uint32_t UpAddresses(const State& state, const Group& group, Family family);
std::uint32_t UpAddresses(const State& state, const Interface& interface, Family family);
std::uint32_t DuplicateAddresses(const State& state, std::uint64_t owner, Family family);

// The nominated interface, the first member with a hardware address. A zero uid: none.
// Errors: GROUP_NOT_FOUND, FAMILY_MISSING.
absl::StatusOr<InterfaceUid> CastInterface(const State& state, const Name& group, Family family);
absl::StatusOr<InterfaceUid> FindInterface(const State& state, const Name& group, Family family,
                                           const HardwareAddress& hardware_address);

// What the interfaces of the group counted while they were in it. All counters 64 bits wide.
Counters GroupStats(const State& state, const Group& group);

// Why the group and its interfaces are as they are, in the words of the failure detector.
enum class GroupState : std::uint8_t { kOk, kDegraded, kFailed };
// Unknown: it would be probed, but there is no target.
enum class InterfaceState : std::uint8_t { kOk, kFailed, kOffline, kUnknown };
GroupState StateOf(const State& state, const Group& group);
InterfaceState StateOf(const Interface& interface);
// Works (whether or not it is used): neither failed nor offline, and has an up address.
bool IsFunctioning(const Interface& interface);
bool IsUsable(const State& state, const Interface& interface);
// Carries or may carry data: active on a side.
bool IsActive(const Interface& interface);

// The addresses that move: bound before and after, to different interfaces; from a transition.
struct Move {
  AddressUid address;
  InterfaceUid from;
  InterfaceUid to;
};
std::vector<Move> MovesOf(const std::vector<Delta>& deltas);

}  // namespace netstackd::core

#endif  // NETSTACKD_CORE_QUERIES_H_
