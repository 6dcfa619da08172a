// Laws of the rules: whatever is asked in whatever order, addresses are where they belong.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

#include "core/apply.h"
#include "core/queries.h"
#include "server/executor/testing/requests.h"
#include "tests/property/generators/commands.h"
#include "tests/property/laws.h"

namespace netstackd {
namespace {

using executor::testing_support::BytesOf;
using generators::Step;

using Strings = std::vector<std::string>;

// The rules on a state of their own.
class World {
 public:
  absl::StatusOr<core::Transition> Do(const Step& step) {
    core::Transaction transaction;
    transaction.commands.push_back(step.command);
    core::Context context;
    context.revision = ++revision_;
    context.now = absl::FromUnixSeconds(1'700'000'000 + revision_);
    return core::Apply(state_, transaction, context);
  }
  void Build() {
    for (const Step& step : generators::SmallWorld()) {
      const absl::Status status = Do(step).status();
      RC_ASSERT(status.ok());
    }
  }
  const core::State& state() const { return state_; }

 private:
  core::State state_;
  std::int64_t revision_ = 0;
};

RC_GTEST_PROP(PlacementTest, NoOrderOfOperationsBreaksALaw, ()) {
  const auto steps = *rc::gen::container<std::vector<Step>>(generators::AnyStep());
  World world;
  if (*rc::gen::arbitrary<bool>()) world.Build();
  for (const Step& step : steps) {
    const std::string before = BytesOf(world.state());
    const absl::StatusOr<core::Transition> done = world.Do(step);
    RC_LOG() << step.text << ": " << done.status().ToString() << "\n";
    if (!done.ok()) RC_ASSERT(BytesOf(world.state()) == before);
    RC_ASSERT(laws::BrokenPlacement(world.state()) == Strings());
    RC_ASSERT(core::CheckInvariants(world.state()) == Strings());
  }
}

RC_GTEST_PROP(PlacementTest, ATransitionCanBeTakenBack, ()) {
  const auto steps = *rc::gen::container<std::vector<Step>>(generators::AnyStep());
  World world;
  world.Build();
  for (const Step& step : steps) {
    core::State copy = world.state();
    const std::string before = BytesOf(copy);
    const absl::StatusOr<core::Transition> done = world.Do(step);
    if (!done.ok()) continue;
    for (const core::Delta& delta : done->deltas) core::Fold(copy, delta);
    RC_ASSERT(BytesOf(copy) == BytesOf(world.state()));
    core::Unfold(copy, done->deltas);
    RC_ASSERT(BytesOf(copy) == before);
    RC_ASSERT(core::CheckInvariants(copy) == Strings());
  }
}

RC_GTEST_PROP(PlacementTest, AFailureOrRepairMovesOnlyWhatItMust, ()) {
  const auto steps = *rc::gen::container<std::vector<Step>>(
      rc::gen::weightedOneOf<Step>({{1, generators::AnyStep()}, {3, generators::LinkStep()}}));
  World world;
  world.Build();
  for (const Step& step : steps) {
    const core::State before = world.state();
    const absl::StatusOr<core::Transition> done = world.Do(step);
    RC_LOG() << step.text << ": " << done.status().ToString() << "\n";
    const auto* report = std::get_if<core::ReportInterface>(&step.command.op);
    // A new hardware address takes the interface down for a moment: that is no repair.
    if (!done.ok() || report == nullptr || !report->link || report->hardware_address) continue;
    RC_ASSERT(laws::BrokenMoves(before, world.state(), done->deltas) == Strings());
  }
}

}  // namespace
}  // namespace netstackd
