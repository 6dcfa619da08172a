// Taking an interface out of service, and back.
#ifndef NETSTACKD_CORE_HEALTH_SERVICE_H_
#define NETSTACKD_CORE_HEALTH_SERVICE_H_

#include "absl/status/status.h"
#include "core/edit.h"

namespace netstackd::core::health {

// Takes an interface out of service. Errors, in order: INTERFACE_NOT_IN_GROUP,
// MIN_REDUNDANCY_NOT_MET. One that is out because of its hardware address stays out from now on;
// one that was taken out before is fine.
absl::Status Apply(Edit& edit, const Name& target, const OfflineInterface& op);
// Takes it back. Errors: INTERFACE_NOT_IN_GROUP, HARDWARE_ADDRESS_DUPLICATE while another member
// has the same hardware address. One that is in service is fine.
absl::Status Apply(Edit& edit, const Name& target, const OnlineInterface& op);

// What taking back does, whoever decides it.
void BackInService(Edit& edit, InterfaceUid interface);

}  // namespace netstackd::core::health

#endif  // NETSTACKD_CORE_HEALTH_SERVICE_H_
