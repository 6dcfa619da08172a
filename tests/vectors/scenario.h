// A golden scenario: a header, and steps with what is expected of each.
#ifndef NETSTACKD_TESTS_VECTORS_SCENARIO_H_
#define NETSTACKD_TESTS_VECTORS_SCENARIO_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "nlohmann/json.hpp"

namespace netstackd::vectors {

using Json = nlohmann::json;

struct Scenario {
  std::string name;
  Json header;
  std::vector<Json> steps;
};

// Reads one .jsonl file. Errors: INVALID_ARGUMENT with file and line.
absl::StatusOr<Scenario> ReadScenario(const std::string& path);

// What a step did.
struct Outcome {
  std::string error = "OK";  // or an errno name
  Json result = Json::object();
  Json events = Json::array();
};

// Something that can play scenarios.
class Target {
 public:
  virtual ~Target() = default;
  // Why a scenario is not for this target; nullopt if it is.
  virtual std::optional<std::string> LeftOut(const Scenario& scenario) const = 0;
  // True for a step the target has no call for; then only the state is compared.
  virtual bool PassesOver(const Json&) const { return false; }
  // An empty system, time 0.
  virtual absl::Status Reset() = 0;
  virtual absl::StatusOr<Outcome> Perform(const Json& step) = 0;
  // The complete state, as far as the target models it.
  virtual absl::StatusOr<Json> State() = 0;
  // Takes out of an expectation what the target does not model, always the same things.
  virtual void Reduce(Json& events, Json& state) const = 0;
};

// Plays a scenario; returns "" or what differed first, readable.
std::string Play(Target& target, const Scenario& scenario);

}  // namespace netstackd::vectors

#endif  // NETSTACKD_TESTS_VECTORS_SCENARIO_H_
