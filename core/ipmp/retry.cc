#include "core/ipmp/retry.h"

namespace netstackd::core::ipmp {

void ScheduleRetry(Edit& edit, InterfaceUid interface, Family family, absl::Time from) {
  if (edit[interface].sides[IndexOf(family)]->retry_at) return;
  const Order order = edit.NextOrder();
  edit.UpdateSide(interface, family, [&](InterfaceSide& side) {
    side.retry_at = from + kRetryAfter;
    side.retry_order = order;
  });
  edit.Emit({.kind = EventKind::kRetryScheduled,
             .interface = &edit[interface].name,
             .family = family,
             .number = static_cast<std::uint32_t>(absl::ToInt64Seconds(kRetryAfter))});
}

void ClearRetry(Edit& edit, InterfaceUid interface, Family family, EventKind kind) {
  if (!edit[interface].sides[IndexOf(family)]->retry_at) return;
  edit.UpdateSide(interface, family, [](InterfaceSide& side) {
    side.retry_at.reset();
    side.retry_order = 0;
  });
  edit.Emit({.kind = kind, .interface = &edit[interface].name, .family = family});
}

}  // namespace netstackd::core::ipmp
