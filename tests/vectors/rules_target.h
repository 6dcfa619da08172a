// Plays scenarios on the rules of core: straight, or through the executor into a journal.
#ifndef NETSTACKD_TESTS_VECTORS_RULES_TARGET_H_
#define NETSTACKD_TESTS_VECTORS_RULES_TARGET_H_

#include <functional>
#include <memory>

#include "core/apply.h"
#include "core/state.h"
#include "tests/vectors/fault_plan.h"
#include "tests/vectors/scenario.h"

namespace netstackd::vectors {

// Where the rules run.
class Engine {
 public:
  virtual ~Engine() = default;
  virtual absl::Status Reset(core::Hooks* hooks, core::Trace* trace) = 0;
  // Carries out one transaction at a time of the scenario; what its only command found out.
  virtual absl::StatusOr<core::Result> Run(const core::Transaction& transaction,
                                           absl::Time now) = 0;
  virtual void Read(const std::function<void(const core::State&)>& read) const = 0;
  // What must hold after every step beside the expectation of the vector.
  virtual absl::Status Verify(absl::Time now) = 0;
};

std::unique_ptr<Target> MakeRulesTarget(std::unique_ptr<Engine> engine);
std::unique_ptr<Engine> MakeCoreEngine();

}  // namespace netstackd::vectors

#endif  // NETSTACKD_TESTS_VECTORS_RULES_TARGET_H_
