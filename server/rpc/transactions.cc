#include "server/rpc/transactions.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/status_macros.h"
#include "server/codec/api_plan.h"
#include "server/codec/journal_codec.h"
#include "server/rpc/name_history.h"
#include "server/watch/transaction_view.h"

namespace netstackd::rpc {
namespace {

// Images looked at in one hold of the lock.
constexpr std::size_t kLookMax = 1000;

// What is named by a plan, but not by its deltas.
std::vector<std::uint64_t> UidsBeside(const std::vector<core::Delta>& deltas) {
  codec::Names own;
  own.Add(deltas);
  std::vector<std::uint64_t> uids = codec::UidsIn(deltas);
  uids.erase(
      std::remove_if(uids.begin(), uids.end(), [&own](std::uint64_t uid) { return own.Has(uid); }),
      uids.end());
  return uids;
}

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

void FindPlanOf(const storage::Record& record, const Backend& backend, v1::Plan* to,
                std::function<void(absl::Status)> done) {
  auto decoded = codec::DecodeDeltas(record.deltas);
  if (!decoded.ok()) return done(decoded.status());
  const std::vector<std::uint64_t> uids = UidsBeside(*decoded);
  if (uids.empty()) {
    codec::RenderPlan(*decoded, {}, to);
    return done(absl::OkStatus());
  }
  // First what is there now: what ends after this look is found by the search.
  const codec::Names now = NamesNow(uids, *backend.executor);
  const auto deltas = std::make_shared<const std::vector<core::Delta>>(std::move(*decoded));
  const NameHistory* const history = backend.names;
  backend.names->Reach(record.revision, [=, revision = record.revision, done = std::move(done)] {
    codec::Names names = now;
    for (const std::uint64_t uid : uids) {
      if (const auto then = history->At(uid, revision)) names.Add(uid, *then);
    }
    codec::RenderPlan(*deltas, std::move(names), to);
    done(absl::OkStatus());
  });
}

}  // namespace netstackd::rpc
