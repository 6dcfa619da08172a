// Pieces of a step as pieces of a request.
#ifndef NETSTACKD_TESTS_VECTORS_LIVE_REQUESTS_H_
#define NETSTACKD_TESTS_VECTORS_LIVE_REQUESTS_H_

#include <optional>
#include <string>

#include "netstackd/v1/interface.pb.h"
#include "tests/vectors/scenario.h"

namespace netstackd::vectors {

// An argument that is text; empty if the step has none.
std::string Text(const Json& step, const char* key);
// FAMILY_UNSPECIFIED if the step has none.
v1::Family WireFamilyOf(const Json& step);
v1::Interface::Flag FlagOf(const std::string& name);
v1::SideReport* SideOf(v1::InterfaceReport* report, const std::string& family);
void FillSide(const Json& side, v1::SideReport* report);
void FillCounters(const Json& step, v1::InterfaceReport* report);
// The errno for what the API refuses as bad syntax, which it looks at before it looks for the
// owner; nullopt if there is nothing wrong with the step that the API could see without its state.
std::optional<std::string> SyntaxErrno(const Json& step);

}  // namespace netstackd::vectors

#endif  // NETSTACKD_TESTS_VECTORS_LIVE_REQUESTS_H_
