// Validated v1 resources -> operations of the rules.
#ifndef NETSTACKD_SERVER_CODEC_API_OPERATIONS_H_
#define NETSTACKD_SERVER_CODEC_API_OPERATIONS_H_

#include "core/command.h"
#include "netstackd/v1/address.pb.h"
#include "netstackd/v1/group.pb.h"
#include "netstackd/v1/interface.pb.h"
#include "server/codec/api_masks.h"

namespace netstackd::codec {

core::CreateGroup ToCreate(const v1::Group& group);
core::CreateInterface ToCreate(const v1::Interface& interface);
core::CreateAddress ToCreate(const v1::Address& address);

// What the mask does not name stays unset.
core::UpdateGroup ToUpdate(const v1::Group& group, const Mask& mask);
core::UpdateInterface ToUpdate(const v1::Interface& interface, const Mask& mask);
core::UpdateAddress ToUpdate(const v1::Address& address, const Mask& mask);

core::ReportInterface ToReport(const v1::InterfaceReport& report);

}  // namespace netstackd::codec

#endif  // NETSTACKD_SERVER_CODEC_API_OPERATIONS_H_
