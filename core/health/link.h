// What is seen of a link.
//
// Source  reference: illumos in.mpathd, "Link-based detection".
#ifndef NETSTACKD_CORE_HEALTH_LINK_H_
#define NETSTACKD_CORE_HEALTH_LINK_H_

#include <optional>

#include "core/edit.h"

namespace netstackd::core::health {

// The link was seen, now or at the time given (never later than now). What is older than what is
// known changes nothing but gives a warning. The third time it comes up within a minute, a repair
// that nothing but the link speaks for waits until a minute has passed since the second.
void ObserveLink(Edit& edit, InterfaceUid interface, LinkState link,
                 const std::optional<absl::Time>& seen, Result& result);
// Judges the link as it is known: what a group does that begins to look at links.
void JudgeLink(Edit& edit, InterfaceUid interface);

}  // namespace netstackd::core::health

#endif  // NETSTACKD_CORE_HEALTH_LINK_H_
