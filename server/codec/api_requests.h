// Mutating requests -> transactions of the rules. Only for requests that passed Validate.
#ifndef NETSTACKD_SERVER_CODEC_API_REQUESTS_H_
#define NETSTACKD_SERVER_CODEC_API_REQUESTS_H_

#include "core/command.h"
#include "netstackd/v1/config.pb.h"
#include "netstackd/v1/ipmp_service.pb.h"

namespace netstackd::codec {

core::Transaction ToTransaction(const v1::CreateGroupRequest& request);
core::Transaction ToTransaction(const v1::UpdateGroupRequest& request);
core::Transaction ToTransaction(const v1::DeleteGroupRequest& request);
core::Transaction ToTransaction(const v1::RenameGroupRequest& request);
core::Transaction ToTransaction(const v1::CreateInterfaceRequest& request);
core::Transaction ToTransaction(const v1::UpdateInterfaceRequest& request);
core::Transaction ToTransaction(const v1::DeleteInterfaceRequest& request);
core::Transaction ToTransaction(const v1::JoinGroupRequest& request);
core::Transaction ToTransaction(const v1::LeaveGroupRequest& request);
core::Transaction ToTransaction(const v1::OfflineInterfaceRequest& request);
core::Transaction ToTransaction(const v1::OnlineInterfaceRequest& request);
core::Transaction ToTransaction(const v1::ReportInterfaceRequest& request);
core::Transaction ToTransaction(const v1::CreateAddressRequest& request);
core::Transaction ToTransaction(const v1::UpdateAddressRequest& request);
core::Transaction ToTransaction(const v1::DeleteAddressRequest& request);
core::Transaction ToTransaction(const v1::BringUpRequest& request);
core::Transaction ToTransaction(const v1::BringDownRequest& request);
core::Transaction ToTransaction(const v1::SetForwardingRequest& request);
core::Transaction ToTransaction(const v1::SetArpEntryRequest& request);
core::Transaction ToTransaction(const v1::DeleteArpEntryRequest& request);
core::Transaction ToTransaction(const v1::NextInterfaceRequest& request);
core::Transaction ToTransaction(const v1::TransactRequest& request);

}  // namespace netstackd::codec

#endif  // NETSTACKD_SERVER_CODEC_API_REQUESTS_H_
