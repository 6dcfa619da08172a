#include <array>
#include <cstddef>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/crash/failpoint.h"

namespace netstackd::crash {
namespace {

constexpr std::array<const char*, kSteps> kStepNames = {
    "any", "open", "write", "sync", "truncate", "unlink", "rename", "mkdir", "lock"};
constexpr std::array<const char*, 3> kWhenNames = {"before", "half", "after"};

template <std::size_t N>
std::optional<std::size_t> IndexOf(const std::array<const char*, N>& names,
                                   const std::string& name) {
  for (std::size_t i = 0; i < N; ++i) {
    if (name == names[i]) return i;
  }
  return std::nullopt;
}

}  // namespace

const char* NameOf(Step step) { return kStepNames[static_cast<std::size_t>(step)]; }
const char* NameOf(Failpoint::When when) { return kWhenNames[static_cast<std::size_t>(when)]; }

std::optional<Failpoint> ParseFailpoint(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, ':');
  Failpoint failpoint;
  if (parts.size() != 3 || !absl::SimpleAtoi(parts[1], &failpoint.nth)) return std::nullopt;
  const auto step = IndexOf(kStepNames, parts[0]);
  const auto when = IndexOf(kWhenNames, parts[2]);
  if (!step || !when || failpoint.nth < 1) return std::nullopt;
  failpoint.step = static_cast<Step>(*step);
  failpoint.when = static_cast<Failpoint::When>(*when);
  return failpoint;
}

std::string ToString(const Failpoint& failpoint) {
  return absl::StrCat(NameOf(failpoint.step), ":", failpoint.nth, ":", NameOf(failpoint.when));
}

}  // namespace netstackd::crash
