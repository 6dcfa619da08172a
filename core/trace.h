// The effects of a decision, one by one and in order, for whoever wants to hear them.
#ifndef NETSTACKD_CORE_TRACE_H_
#define NETSTACKD_CORE_TRACE_H_

#include <cstdint>
#include <string>

#include "core/types.h"

namespace netstackd::core {

enum class EventKind : std::uint8_t {
  // What a user of the group, or the network, gets to see.
  kAddressAnnounce,
  kAddressAnnounceFailed,
  kAddressWithdraw,
  kAddressMoved,
  kResolverActivate,
  kResolverDeactivate,
  kArpAnnounce,
  kArpWithdraw,
  kMulticastJoin,
  kMulticastLeave,
  kGroupLink,
  kGroupMtu,
  kGroupDatalink,
  kRetryScheduled,
  kRetryCancelled,
  kRetryFired,
  // What the host does about it.
  kRouteCacheFlush,
  kRoutesHide,
  kRoutesUnhide,
  kBroadcastRefresh,
  kMembershipsReset,
  kInterfaceShown,
  kAddressShown,
  kInterfaceMulticastJoin,
  kInterfaceMulticastLeave,
  kRouterChanged,
};

// Fields that do not belong to the kind are empty. Pointers live as long as the call.
struct Event {
  EventKind kind = EventKind::kAddressAnnounce;
  const std::string* group = nullptr;      // name
  const std::string* interface = nullptr;  // name
  Family family = Family::kIpv4;
  const IpAddress* address = nullptr;  // null in an event about an address: the auto address
  const HardwareAddress* hardware_address = nullptr;
  bool on = false;         // up, enabled, proxy; for an announcement: initial
  bool all_hosts = false;  // interface_multicast_*
  bool solicited_node = false;
  std::uint32_t number = 0;  // mtu in bytes, slot, or seconds
};

class Trace {
 public:
  virtual ~Trace() = default;
  // Called while the decision is being made; if it is refused in the end, Discard follows.
  virtual void On(const Event& event) = 0;
  virtual void Discard() = 0;
};

}  // namespace netstackd::core

#endif  // NETSTACKD_CORE_TRACE_H_
