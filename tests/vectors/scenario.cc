#include "tests/vectors/scenario.h"

#include <fstream>

#include "absl/strings/str_cat.h"

namespace netstackd::vectors {
namespace {

// The first place where two values differ: "path: expected X, got Y".
std::string FirstDifference(const Json& expected, const Json& actual, const std::string& path) {
  if (expected == actual) return "";
  if (expected.is_object() && actual.is_object()) {
    for (const auto& [key, value] : expected.items()) {
      if (!actual.contains(key)) return absl::StrCat(path, ".", key, ": missing");
      const std::string inner = FirstDifference(value, actual[key], absl::StrCat(path, ".", key));
      if (!inner.empty()) return inner;
    }
    for (const auto& [key, value] : actual.items()) {
      if (!expected.contains(key))
        return absl::StrCat(path, ".", key, ": unexpected ", value.dump());
    }
  }
  if (expected.is_array() && actual.is_array()) {
    const std::size_t common = std::min(expected.size(), actual.size());
    for (std::size_t i = 0; i < common; ++i) {
      const std::string inner =
          FirstDifference(expected[i], actual[i], absl::StrCat(path, "[", i, "]"));
      if (!inner.empty()) return inner;
    }
    if (expected.size() > common)
      return absl::StrCat(path, "[", common, "]: missing ", expected[common].dump());
    return absl::StrCat(path, "[", common, "]: unexpected ", actual[common].dump());
  }
  return absl::StrCat(path, ": expected ", expected.dump(), ", got ", actual.dump());
}

std::string Describe(const Json& step, std::size_t number) {
  Json call = step;
  for (const char* key : {"expect", "events", "state"}) call.erase(key);
  return absl::StrCat("step ", number, " ", call.dump(), ": ");
}

}  // namespace

absl::StatusOr<Scenario> ReadScenario(const std::string& path) {
  std::ifstream in(path);
  if (!in) return absl::NotFoundError(absl::StrCat("cannot read ", path));
  Scenario scenario;
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    Json parsed = Json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!parsed.is_object())
      return absl::InvalidArgumentError(absl::StrCat(path, ":", number, ": not a JSON object"));
    if (number == 1) {
      scenario.header = std::move(parsed);
    } else {
      scenario.steps.push_back(std::move(parsed));
    }
  }
  if (!scenario.header.contains("name") || !scenario.header.contains("steps"))
    return absl::InvalidArgumentError(absl::StrCat(path, ":1: no scenario header"));
  scenario.name = scenario.header["name"];
  if (scenario.header["steps"] != scenario.steps.size())
    return absl::InvalidArgumentError(absl::StrCat(path, ": truncated: the header announces ",
                                                   scenario.header["steps"].dump(), " steps"));
  return scenario;
}

std::string Play(Target& target, const Scenario& scenario) {
  const absl::Status reset = target.Reset();
  if (!reset.ok()) return absl::StrCat("reset: ", reset.ToString());
  Json last_state;
  for (std::size_t i = 0; i < scenario.steps.size(); ++i) {
    const Json& step = scenario.steps[i];
    const std::string where = Describe(step, i + 1);
    const bool passes_over = target.PassesOver(step);
    const absl::StatusOr<Outcome> outcome =
        passes_over ? absl::StatusOr<Outcome>(Outcome{}) : target.Perform(step);
    if (!outcome.ok()) return where + outcome.status().ToString();
    if (step["state"] != "same") last_state = step["state"];
    Json events = step["events"];
    Json state = last_state;
    target.Reduce(events, state);
    const Json answer = {{"error", outcome->error}, {"result", outcome->result}};
    if (!passes_over) {
      for (const std::string& difference : {FirstDifference(step["expect"], answer, "answer"),
                                            FirstDifference(events, outcome->events, "events")}) {
        if (!difference.empty()) return where + difference;
      }
    }
    const auto actual = target.State();
    if (!actual.ok()) return where + actual.status().ToString();
    const std::string difference = FirstDifference(state, *actual, "state");
    if (!difference.empty()) return where + difference;
  }
  return "";
}

}  // namespace netstackd::vectors
