// What a mutation answers, from the state after it.
#ifndef NETSTACKD_SERVER_CODEC_API_ANSWERS_H_
#define NETSTACKD_SERVER_CODEC_API_ANSWERS_H_

#include <cstdint>

#include "core/apply.h"
#include "netstackd/v1/config.pb.h"
#include "netstackd/v1/ipmp_service.pb.h"

namespace netstackd::codec {

struct Written {
  std::int64_t revision = 0;
  bool changed = false;
};

// Fills everything but the resource. With nothing changed `result->revision` is what `written`
// says; the answers below replace it by that of the last change of their object.
void FillResult(const core::State& state, const core::Transition& transition,
                const Written& written, v1::WriteResult* result);

void AddWarnings(const core::Transition& transition, v1::WriteResult* result);

// The request passed Validate, and `transition` is that of its ToTransaction. `answer` is empty.
// Answers without an object are covered by FillResult.
void FillAnswer(const v1::CreateGroupRequest& request, const core::State& state,
                const core::Transition& transition, v1::CreateGroupResponse* answer);
void FillAnswer(const v1::UpdateGroupRequest& request, const core::State& state,
                const core::Transition& transition, v1::UpdateGroupResponse* answer);
void FillAnswer(const v1::RenameGroupRequest& request, const core::State& state,
                const core::Transition& transition, v1::RenameGroupResponse* answer);
void FillAnswer(const v1::CreateInterfaceRequest& request, const core::State& state,
                const core::Transition& transition, v1::CreateInterfaceResponse* answer);
void FillAnswer(const v1::UpdateInterfaceRequest& request, const core::State& state,
                const core::Transition& transition, v1::UpdateInterfaceResponse* answer);
void FillAnswer(const v1::JoinGroupRequest& request, const core::State& state,
                const core::Transition& transition, v1::JoinGroupResponse* answer);
void FillAnswer(const v1::LeaveGroupRequest& request, const core::State& state,
                const core::Transition& transition, v1::LeaveGroupResponse* answer);
void FillAnswer(const v1::OfflineInterfaceRequest& request, const core::State& state,
                const core::Transition& transition, v1::OfflineInterfaceResponse* answer);
void FillAnswer(const v1::OnlineInterfaceRequest& request, const core::State& state,
                const core::Transition& transition, v1::OnlineInterfaceResponse* answer);
void FillAnswer(const v1::ReportInterfaceRequest& request, const core::State& state,
                const core::Transition& transition, v1::ReportInterfaceResponse* answer);
void FillAnswer(const v1::CreateAddressRequest& request, const core::State& state,
                const core::Transition& transition, v1::CreateAddressResponse* answer);
void FillAnswer(const v1::UpdateAddressRequest& request, const core::State& state,
                const core::Transition& transition, v1::UpdateAddressResponse* answer);
void FillAnswer(const v1::BringUpRequest& request, const core::State& state,
                const core::Transition& transition, v1::BringUpResponse* answer);
void FillAnswer(const v1::BringDownRequest& request, const core::State& state,
                const core::Transition& transition, v1::BringDownResponse* answer);
void FillAnswer(const v1::SetForwardingRequest& request, const core::State& state,
                const core::Transition& transition, v1::SetForwardingResponse* answer);
void FillAnswer(const v1::SetArpEntryRequest& request, const core::State& state,
                const core::Transition& transition, v1::SetArpEntryResponse* answer);
void FillAnswer(const v1::NextInterfaceRequest& request, const core::State& state,
                const core::Transition& transition, v1::NextInterfaceResponse* answer);
template <typename Request, typename Answer>
void FillAnswer(const Request&, const core::State&, const core::Transition&, Answer*) {}

}  // namespace netstackd::codec

#endif  // NETSTACKD_SERVER_CODEC_API_ANSWERS_H_
