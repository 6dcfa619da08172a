// mpathd.md 10: every state of an interface meets every input. The state is what flags and probing
// make it; the table says what it is afterwards.
#include <functional>
#include <string>

#include "core/testing/probes.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace netstackd::core {
namespace {

// In no group; probing without targets; working; failed by its link; taken out of service.
enum class State { kInit, kNoTargets, kRunning, kFailed, kOffline };
constexpr State kStates[] = {State::kInit, State::kNoTargets, State::kRunning, State::kFailed,
                             State::kOffline};
const char* const kNames[] = {"INIT", "NOTARGETS", "RUNNING", "FAILED", "OFFLINE"};

State StateOfA(const ProbeLab& lab) {
  const Interface& a = lab.interface("a");
  if (!a.group) return State::kInit;
  if (a.flags.offline) return State::kOffline;
  if (a.flags.failed) return State::kFailed;
  return core::StateOf(a) == InterfaceState::kUnknown ? State::kNoTargets : State::kRunning;
}

// "a" in the state, beside a healthy "b" without probes.
void Reach(ProbeLab& lab, State state) {
  ASSERT_TRUE(lab.AddGroup("g").ok());
  ASSERT_TRUE(lab.AddInterface("b", "g").ok());
  ASSERT_TRUE(lab.AddProber("a", state == State::kInit ? "" : "g").ok());
  if (state == State::kInit || state == State::kNoTargets) return;
  ASSERT_TRUE(lab.Targets("a", TargetMode::kRoutes, {"192.0.2.1"}).ok());
  ASSERT_TRUE(lab.Probe("a", "+").ok());
  if (state == State::kFailed) {
    ASSERT_TRUE(lab.Link("a", LinkState::kDown).ok());
    ASSERT_TRUE(lab.Link("a", LinkState::kUp).ok());
  }
  if (state == State::kOffline) {
    ASSERT_TRUE(lab.Do(InterfaceName("a"), OfflineInterface{}).ok());
  }
  ASSERT_EQ(StateOfA(lab), state);
}

struct Input {
  const char* what;
  std::function<absl::Status(ProbeLab&)> happen;
  // After INIT, NOTARGETS, RUNNING, FAILED, OFFLINE.
  const char* after[5];
};

UpdateInterface Group(const std::string& group) {
  UpdateInterface op;
  op.group = group;
  return op;
}

TEST(StatesTest, EveryStateMeetsEveryInput) {
  const Input inputs[] = {
      {"link down",
       [](ProbeLab& lab) { return lab.Link("a", LinkState::kDown); },
       {"INIT", "FAILED", "FAILED", "FAILED", "OFFLINE"}},
      {"link up",
       [](ProbeLab& lab) { return lab.Link("a", LinkState::kUp); },
       {"INIT", "NOTARGETS", "RUNNING", "FAILED", "OFFLINE"}},
      {"5 losses",
       [](ProbeLab& lab) { return lab.Probe("a", "-----"); },
       {"INIT", "NOTARGETS", "FAILED", "FAILED", "OFFLINE"}},
      {"10 answers",
       [](ProbeLab& lab) { return lab.Probe("a", "++++++++++"); },
       {"INIT", "NOTARGETS", "RUNNING", "RUNNING", "OFFLINE"}},
      {"targets are found",
       [](ProbeLab& lab) { return lab.Targets("a", TargetMode::kRoutes, {"192.0.2.2"}); },
       {"INIT", "RUNNING", "RUNNING", "FAILED", "OFFLINE"}},
      {"targets are gone",
       [](ProbeLab& lab) { return lab.Targets("a", TargetMode::kRoutes, {}); },
       {"INIT", "NOTARGETS", "NOTARGETS", "NOTARGETS", "OFFLINE"}},
      {"the test address goes",
       [](ProbeLab& lab) { return lab.Do(At(InterfaceName("a"), "192.0.2.101"), DeleteAddress{}); },
       {"INIT", "RUNNING", "RUNNING", "RUNNING", "OFFLINE"}},
      {"offline",
       [](ProbeLab& lab) { return lab.Do(InterfaceName("a"), OfflineInterface{}); },
       {"refused", "OFFLINE", "OFFLINE", "OFFLINE", "OFFLINE"}},
      {"undo",
       [](ProbeLab& lab) { return lab.Do(InterfaceName("a"), OnlineInterface{}); },
       {"refused", "NOTARGETS", "RUNNING", "FAILED", "RUNNING"}},
      {"join",
       [](ProbeLab& lab) { return lab.Do(InterfaceName("a"), Group("g")); },
       {"NOTARGETS", "NOTARGETS", "RUNNING", "FAILED", "OFFLINE"}},
      {"leave",
       [](ProbeLab& lab) { return lab.Do(InterfaceName("a"), Group("")); },
       {"INIT", "INIT", "INIT", "INIT", "INIT"}},
      {"time",
       [](ProbeLab& lab) {
         lab.Pass(absl::Hours(1));
         return lab.Fire();
       },
       {"INIT", "NOTARGETS", "RUNNING", "FAILED", "OFFLINE"}},
      {"the other one fails",
       [](ProbeLab& lab) { return lab.Link("b", LinkState::kDown); },
       {"INIT", "NOTARGETS", "RUNNING", "FAILED", "OFFLINE"}},
  };
  for (const Input& input : inputs) {
    for (const State state : kStates) {
      SCOPED_TRACE(std::string(kNames[static_cast<int>(state)]) + ", " + input.what);
      ProbeLab lab;
      Reach(lab, state);
      const absl::Status done = input.happen(lab);
      const std::string expected = input.after[static_cast<int>(state)];
      EXPECT_EQ(done.ok(), expected != "refused") << done;
      if (done.ok()) {
        EXPECT_EQ(kNames[static_cast<int>(StateOfA(lab))], expected);
      }
      EXPECT_THAT(CheckInvariants(lab.state), testing::IsEmpty());
    }
  }
}

}  // namespace
}  // namespace netstackd::core
