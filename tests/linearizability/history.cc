#include "tests/linearizability/history.h"

#include "absl/strings/str_cat.h"

namespace netstackd::linearizability {

std::string ToText(const Operation& operation) {
  constexpr const char* kActions[] = {"create", "update", "read", "delete"};
  constexpr const char* kOutcomes[] = {"done", "refused", "no answer"};
  std::string text = absl::StrCat(
      "[", operation.invoked, ", ",
      operation.returned == kNever ? "never" : absl::StrCat(operation.returned), "] client ",
      operation.client, " ", kActions[static_cast<std::size_t>(operation.action)]);
  if (!operation.value.empty()) absl::StrAppend(&text, " ", operation.value);
  if (!operation.if_etag.empty()) absl::StrAppend(&text, " if ", operation.if_etag);
  absl::StrAppend(&text, ": ", kOutcomes[static_cast<std::size_t>(operation.outcome)]);
  if (!operation.etag.empty()) absl::StrAppend(&text, " ", operation.etag);
  return text;
}

}  // namespace netstackd::linearizability
