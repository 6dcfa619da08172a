// What the world does to the rules: things that fail, and things that are busy.
#ifndef NETSTACKD_CORE_HOOKS_H_
#define NETSTACKD_CORE_HOOKS_H_

#include <cstdint>

#include "core/types.h"

namespace netstackd::core {

// Where the original can fail for want of memory or because of its surroundings.
enum class FaultPoint : std::uint8_t {
  kFamilyMemory,
  kGroupMemory,
  kGroupStatistics,
  kGroupIndex,
  kJoinMessage,
  kLinkMessage,
  kActivationMessage,
  kMtuMessage,
  kAnnounceIpv4,
  kAnnounceIpv6,
  kArpEntryMemory,
  kArpEntryCopy,
  kArpRefreshCopy,
  kRetryBusy,
};

class Hooks {
 public:
  virtual ~Hooks() = default;
  // Asked once each time the rules pass the point; true: it fails this time.
  virtual bool Fails(FaultPoint point) = 0;
  // Somebody else is changing this side at the moment.
  virtual bool Busy(GroupUid group, Family family) const = 0;
  virtual bool Busy(InterfaceUid interface, Family family) const = 0;
};

}  // namespace netstackd::core

#endif  // NETSTACKD_CORE_HOOKS_H_
