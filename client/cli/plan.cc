#include "client/cli/plan.h"

#include "absl/strings/str_cat.h"
#include "client/cli/names.h"

namespace netstackd::cli {
namespace {

using Step = v1::Plan::Step;

// What happens to an address, in three forms.
struct MoveWords {
  const char* would;
  const char* done;
  const char* brief;
};
MoveWords WordsFor(const Step& step) {
  if (step.from_interface().empty()) return {"would place   ", "placed  ", "place "};
  if (step.to_interface().empty()) return {"would unbind  ", "unbound ", "unbind "};
  return {"would move    ", "moved   ", "move "};
}

// "192.0.2.10  net0 -> net1", or with one interface if there is no other.
std::string Move(const Step& step, const char* gap) {
  const bool both = !step.from_interface().empty() && !step.to_interface().empty();
  return absl::StrCat(LastSegment(step.resource()), gap, step.from_interface(), both ? " -> " : "",
                      step.to_interface());
}

// Proto JSON; a text without its quotes.
std::string Value(const std::string& json) {
  if (json.empty()) return "--";
  if (json.size() < 2 || json.front() != '"' || json.back() != '"') return json;
  return json.substr(1, json.size() - 2);
}

// What follows from the rest: all of the status, but not whether it is well.
bool IsConsequence(const std::string& path) {
  return path.rfind("status.", 0) == 0 && path != "status.state";
}

void AppendStep(const Step& step, bool consequences, std::string* out) {
  const std::string name = DisplayName(step.resource());
  switch (step.action()) {
    case v1::Plan::ACTION_CREATE:
      absl::StrAppend(out, "would create  ", name, "\n");
      return;
    case v1::Plan::ACTION_DELETE:
      absl::StrAppend(out, "would delete  ", name, "\n");
      return;
    case v1::Plan::ACTION_MOVE_ADDRESS:
      absl::StrAppend(out, WordsFor(step).would, Move(step, "  "),
                      step.disruptive() ? "   (traffic may notice)" : "", "\n");
      return;
    default:
      break;
  }
  if (step.changes().empty()) absl::StrAppend(out, "would change  ", name, "\n");
  for (const v1::Plan::FieldChange& change : step.changes()) {
    if (!consequences && IsConsequence(change.path())) continue;
    absl::StrAppend(out, "would change  ", name, "  ", change.path(), "  ", Value(change.before()),
                    " -> ", Value(change.after()), "\n");
  }
}

std::string Brief(const Step& step) {
  switch (step.action()) {
    case v1::Plan::ACTION_CREATE:
      return absl::StrCat("create ", DisplayName(step.resource()));
    case v1::Plan::ACTION_DELETE:
      return absl::StrCat("delete ", DisplayName(step.resource()));
    case v1::Plan::ACTION_MOVE_ADDRESS:
      return absl::StrCat(WordsFor(step).brief, Move(step, " "));
    default:
      return absl::StrCat("update ", DisplayName(step.resource()));
  }
}

}  // namespace

std::string PlanText(const v1::Plan& plan) {
  std::string out;
  for (const Step& step : plan.steps()) AppendStep(step, false, &out);
  if (out.empty()) {
    for (const Step& step : plan.steps()) AppendStep(step, true, &out);
  }
  if (plan.steps_omitted() > 0) {
    absl::StrAppend(&out, "and ", plan.steps_omitted(), " more steps\n");
  }
  return out;
}

std::string MovesText(const v1::Plan& plan) {
  std::string out;
  for (const Step& step : plan.steps()) {
    if (step.action() == v1::Plan::ACTION_MOVE_ADDRESS) {
      absl::StrAppend(&out, WordsFor(step).done, Move(step, "  "), "\n");
    }
  }
  return out;
}

std::string PlanSummary(const v1::Plan& plan) {
  if (plan.steps().empty()) return "";
  // The first step says what it is about, the first move what became of it.
  const Step* second = plan.steps_size() > 1 ? &plan.steps(1) : nullptr;
  for (int i = 1; i < plan.steps_size(); ++i) {
    if (plan.steps(i).action() != v1::Plan::ACTION_MOVE_ADDRESS) continue;
    second = &plan.steps(i);
    break;
  }
  const int more = plan.steps_size() + plan.steps_omitted() - (second == nullptr ? 1 : 2);
  return absl::StrCat(Brief(plan.steps(0)), second == nullptr ? "" : ", ",
                      second == nullptr ? "" : Brief(*second),
                      more > 0 ? absl::StrCat(" (+", more, ")") : "");
}

}  // namespace netstackd::cli
