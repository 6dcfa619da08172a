// Steps of a scenario as commands of core.
#ifndef NETSTACKD_TESTS_VECTORS_TRANSLATE_H_
#define NETSTACKD_TESTS_VECTORS_TRANSLATE_H_

#include <optional>

#include "core/command.h"
#include "tests/vectors/scenario.h"

namespace netstackd::vectors {

// The group or interface a step is about.
core::Name TargetOf(const Json& step);
core::Family FamilyOf(const Json& step);
core::InterfaceFlags FlagsOf(const Json& names);
core::ObservedSide SideOf(const Json& side);
// The counters of a counters_set step.
std::map<core::Counter, std::uint64_t> CountersOf(const Json& step);
std::vector<core::Counter> WideOf(const Json& step);

// The command of a step that changes something; nullopt if the step is a question, a test hook, or
// unknown. An address that cannot be parsed has no command either way but address_add and arp_*.
std::optional<core::Command> CommandOf(const Json& step);

}  // namespace netstackd::vectors

#endif  // NETSTACKD_TESTS_VECTORS_TRANSLATE_H_
