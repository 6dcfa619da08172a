#include "server/rpc/transactions.h"

#include <algorithm>
#include <vector>

#include "base/status_macros.h"
#include "server/codec/api_images.h"
#include "server/codec/api_plan.h"
#include "server/codec/api_values.h"
#include "server/codec/journal_codec.h"

namespace netstackd::rpc {
namespace {

// Images looked at in one hold of the lock.
constexpr std::size_t kLookMax = 1000;

codec::Names NamesOf(const std::vector<std::uint64_t>& uids, const executor::Executor& executor) {
  codec::Names names;
  for (std::size_t begin = 0; begin < uids.size(); begin += kLookMax) {
    const std::size_t end = std::min(uids.size(), begin + kLookMax);
    executor.Read([&](const core::State& state, executor::Revision) {
      for (std::size_t i = begin; i < end; ++i) {
        if (const auto* group = state.group(core::GroupUid(uids[i]))) names.Add(*group);
        if (const auto* one = state.interface(core::InterfaceUid(uids[i]))) names.Add(*one);
      }
    });
  }
  return names;
}

}  // namespace

absl::Status RenderTransaction(const storage::Record& record, v1::Transaction* to) {
  NSD_ASSIGN_OR_RETURN(const auto deltas, codec::DecodeDeltas(record.deltas));
  to->set_revision(record.revision);
  *to->mutable_commit_time() = codec::ToProto(record.time);
  to->set_principal(record.principal);
  to->set_peer(record.peer);
  to->set_user_agent(record.user_agent);
  to->set_method(record.method);
  to->set_request_id(record.request_id);
  to->set_comment(record.comment);
  to->set_changed_objects(static_cast<std::int32_t>(deltas.size()));
  return absl::OkStatus();
}

absl::Status RenderPlanOf(const storage::Record& record, const executor::Executor& executor,
                          v1::Plan* to) {
  NSD_ASSIGN_OR_RETURN(const auto deltas, codec::DecodeDeltas(record.deltas));
  codec::RenderPlan(deltas, NamesOf(codec::UidsIn(deltas), executor), to);
  return absl::OkStatus();
}

}  // namespace netstackd::rpc
