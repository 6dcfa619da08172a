#include "server/rpc/transactions.h"

#include <algorithm>

#include "base/status_macros.h"
#include "server/codec/api_plan.h"
#include "server/codec/journal_codec.h"
#include "server/watch/transaction_view.h"

namespace netstackd::rpc {
namespace {

// Images looked at in one hold of the lock.
constexpr std::size_t kLookMax = 1000;

}  // namespace

codec::Names NamesNow(const std::vector<std::uint64_t>& uids, const executor::Executor& executor) {
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

absl::Status RenderTransaction(const storage::Record& record, v1::Transaction* to) {
  NSD_ASSIGN_OR_RETURN(const auto deltas, codec::DecodeDeltas(record.deltas));
  watch::RenderTransaction(record, deltas.size(), to);
  return absl::OkStatus();
}

absl::Status RenderPlanOf(const storage::Record& record, const executor::Executor& executor,
                          v1::Plan* to) {
  NSD_ASSIGN_OR_RETURN(const auto deltas, codec::DecodeDeltas(record.deltas));
  codec::RenderPlan(deltas, NamesNow(codec::UidsIn(deltas), executor), to);
  return absl::OkStatus();
}

}  // namespace netstackd::rpc
