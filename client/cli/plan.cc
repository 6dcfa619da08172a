#include "client/cli/plan.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/names.h"

namespace netstackd::cli {
namespace {

using Step = v1::Plan::Step;

std::string Side(const std::string& ip_interface) {
  return ip_interface.empty() ? "--" : ip_interface;
}

std::string Move(const Step& step, const char* gap) {
  return absl::StrCat(LastSegment(step.resource()), gap, Side(step.from_interface()), " -> ",
                      Side(step.to_interface()));
}

std::string Value(const std::string& json) { return json.empty() ? "--" : json; }

void AppendStep(const Step& step, std::string* out) {
  const std::string name = DisplayName(step.resource());
  switch (step.action()) {
    case v1::Plan::ACTION_CREATE:
      absl::StrAppend(out, "would create  ", name, "\n");
      return;
    case v1::Plan::ACTION_DELETE:
      absl::StrAppend(out, "would delete  ", name, "\n");
      return;
    case v1::Plan::ACTION_MOVE_ADDRESS:
      absl::StrAppend(out, "would move    ", Move(step, "  "),
                      step.disruptive() ? "   (traffic may notice)" : "", "\n");
      return;
    default:
      break;
  }
  if (step.changes().empty()) absl::StrAppend(out, "would change  ", name, "\n");
  for (const v1::Plan::FieldChange& change : step.changes()) {
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
      return absl::StrCat("move ", Move(step, " "));
    default:
      return absl::StrCat("update ", DisplayName(step.resource()));
  }
}

}  // namespace

std::string PlanText(const v1::Plan& plan) {
  std::string out;
  for (const Step& step : plan.steps()) AppendStep(step, &out);
  if (plan.steps_omitted() > 0) {
    absl::StrAppend(&out, "and ", plan.steps_omitted(), " more steps\n");
  }
  return out;
}

std::string MovesText(const v1::Plan& plan) {
  std::string out;
  for (const Step& step : plan.steps()) {
    if (step.action() == v1::Plan::ACTION_MOVE_ADDRESS) {
      absl::StrAppend(&out, "moved  ", Move(step, "  "), "\n");
    }
  }
  return out;
}

std::string PlanSummary(const v1::Plan& plan, std::size_t steps_max) {
  std::vector<std::string> steps;
  std::size_t more = static_cast<std::size_t>(plan.steps_omitted());
  for (const Step& step : plan.steps()) {
    if (steps.size() < steps_max) {
      steps.push_back(Brief(step));
    } else {
      ++more;
    }
  }
  return absl::StrCat(absl::StrJoin(steps, ", "), more > 0 ? absl::StrCat(" (+", more, ")") : "");
}

}  // namespace netstackd::cli
