// Taking one interface out of use and another one in, in the order that moves least.
#ifndef NETSTACKD_CORE_HEALTH_EXCHANGE_H_
#define NETSTACKD_CORE_HEALTH_EXCHANGE_H_

#include "core/edit.h"

namespace netstackd::core::health {

inline InterfaceFlags With(InterfaceFlags flags, bool InterfaceFlags::*flag, bool value) {
  flags.*flag = value;
  return flags;
}

// Takes `out` out of use with the flags given, and puts `in` (if any) to use: what goes first
// leaves its addresses as the last bound ones, so that exactly they move on; but the group is never
// left without an active interface in between.
void Exchange(Edit& edit, InterfaceUid out, const InterfaceFlags& out_flags, InterfaceUid in,
              const InterfaceFlags& in_flags);

// Out of use with the flags given, for a reason other than policy; if it was in use, and the group
// has a policy, somebody takes over.
void TakeOut(Edit& edit, InterfaceUid interface, InterfaceFlags flags);
// Somebody takes over for an interface that cannot carry any more. Nobody: nothing changes.
void Replace(Edit& edit, InterfaceUid interface);

}  // namespace netstackd::core::health

#endif  // NETSTACKD_CORE_HEALTH_EXCHANGE_H_
