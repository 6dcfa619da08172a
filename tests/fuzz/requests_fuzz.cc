// Sequences of mutating requests, from their bytes to what is stored and answered, without gRPC and
// threads: validate, translate, decide, render, encode, recover.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/apply.h"
#include "server/codec/api_plan.h"
#include "server/codec/api_validate.h"
#include "server/codec/api_views.h"
#include "server/codec/journal_codec.h"
#include "server/executor/recovery.h"
#include "server/executor/testing/requests.h"
#include "server/rpc/methods.h"
#include "storage/memory/memory_journal.h"
#include "tests/fuzz/generator/request_generator.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/mutations.h"
#include "tests/fuzz/world.h"
#include "tests/property/laws.h"

namespace netstackd::fuzz {
namespace {

using executor::testing_support::BytesOf;
using google::protobuf::Message;

constexpr int kStepsMax = 32;

template <typename T, typename Rendered>
void RenderTable(const core::State& state) {
  for (const auto& row : state.table<T>()) {
    Rendered rendered;
    codec::Render(codec::Collect(state, *row.second), &rendered);
    Require(!rendered.name().empty(), "every object has a name");
    Require(rendered.IsInitialized() && !rendered.SerializeAsString().empty(),
            "every object can be shown");
  }
}

// One store from its beginning, and beside it what its journal says.
class Store {
 public:
  Store() {
    for (const WorldRequest& world : WorldRequests()) {
      const MutationKind& kind = MutationOf(world.method);
      const auto request = kind.make();
      ParseText(world.request, request.get());
      Do(kind, *request);
    }
    Require(records_.size() == WorldRequests().size(), "every request makes a part of the world");
  }

  // Null if the request is refused.
  std::unique_ptr<Message> Do(const MutationKind& kind, const Message& request) {
    const std::string call = CallOf(rpc::MethodOf(*request.GetDescriptor()));
    const absl::Status valid = codec::Validate(request);
    if (!valid.ok()) {
      RequireDocumented(call, valid);
      return nullptr;
    }
    const core::Transaction transaction = kind.translate(request);
    const std::string before = BytesOf(state_);
    const auto transition = Decide(transaction);
    if (!transition.ok()) {
      RequireDocumented(call, transition.status());
      Require(BytesOf(state_) == before, "a refused request leaves the state as it was");
      return nullptr;
    }
    const bool changed = !transition->deltas.empty();
    Require(changed == (BytesOf(state_) != before), "what differs has a delta");
    auto answer =
        kind.answer(request, state_, *transition, {.revision = revision_ + 1, .changed = changed});
    Require(answer->ByteSizeLong() < (std::size_t{4} << 20), "an answer has a bound");
    if (kind.validate_only(request)) {
      core::Unfold(state_, transition->deltas);
      Require(BytesOf(state_) == before, "a request that is only validated changes nothing");
    } else {
      Commit(*transition);
    }
    return answer;
  }

  void FireTimers() {
    const auto transition = Decide({.guards = {}, .commands = {{.op = core::FireTimers{}}}});
    Require(transition.ok(), "timers can always fire");
    Commit(*transition);
  }

  void Advance(absl::Duration by) { now_ += by; }

  void RequireRecoverable() {
    storage::MemoryJournal journal;
    if (!records_.empty()) Require(journal.Append(0, records_).ok(), "records can be appended");
    const auto found = executor::Recover(journal);
    if (!found.ok()) Fail("a journal cannot be recovered: " + found.status().ToString());
    Require(BytesOf(found->state) == BytesOf(state_), "what is recovered is what was there");
  }

 private:
  // The same on a state that was only ever folded: it decides the same.
  absl::StatusOr<core::Transition> Decide(const core::Transaction& transaction) {
    core::Context context;
    context.revision = revision_ + 1;
    context.now = now_;
    core::State again = folded_;
    auto transition = core::Apply(state_, transaction, context);
    const auto second = core::Apply(again, transaction, context);
    Require(transition.status() == second.status(), "a folded state refuses the same");
    if (transition.ok()) {
      Require(codec::EncodeDeltas(transition->deltas) == codec::EncodeDeltas(second->deltas),
              "a folded state decides the same");
    }
    RequireSound();
    return transition;
  }

  void RequireSound() {
    for (const std::string& broken : core::CheckInvariants(state_)) Fail(broken);
    for (const std::string& broken : laws::BrokenPlacement(state_)) Fail(broken);
  }

  void Commit(const core::Transition& transition) {
    if (transition.deltas.empty()) return;
    storage::Record record;
    record.revision = ++revision_;
    record.time = now_;
    record.principal = "uid:7";
    record.deltas = codec::EncodeDeltas(transition.deltas);
    const auto decoded = codec::DecodeDeltas(record.deltas);
    Require(decoded.ok(), "what was encoded can be decoded");
    for (const core::Delta& delta : *decoded) core::Fold(folded_, delta);
    Require(BytesOf(folded_) == BytesOf(state_), "deltas lead to the state");
    records_.push_back(std::move(record));
    v1::Plan plan;
    codec::RenderPlan(*decoded, codec::Names(&state_), &plan);
    RenderTable<core::Group, v1::Group>(state_);
    RenderTable<core::Interface, v1::Interface>(state_);
    RenderTable<core::Address, v1::Address>(state_);
  }

  core::State state_;
  core::State folded_;
  std::int64_t revision_ = 0;
  absl::Time now_ = absl::FromUnixSeconds(1'700'000'000);
  std::vector<storage::Record> records_;
};

void Play(Input* input) {
  static const Store* const kWorld = new Store;
  Store store = *kWorld;
  const auto kinds = Mutations();
  RequestGenerator generator(input);
  for (int step = 0; step < kStepsMax && !input->empty(); ++step) {
    const MutationKind& kind = input->Pick(kinds);
    const auto request = kind.make();
    const unsigned how = input->Byte();
    if (how >= 252) {
      const std::string bytes = input->Bytes(input->Byte());
      if (!request->ParseFromString(bytes)) continue;
    } else {
      generator.Fill(request.get());
    }
    if (how >= 200 && how < 252) store.Advance(absl::Milliseconds(1 << (how - 200) / 2));
    if (how >= 192 && how < 200) store.FireTimers();
    const auto answer = store.Do(kind, *request);
    if (answer != nullptr) generator.Learn(*answer);
  }
  store.RequireRecoverable();
}

}  // namespace
}  // namespace netstackd::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  netstackd::fuzz::Input input(data, size);
  netstackd::fuzz::Play(&input);
  return 0;
}
