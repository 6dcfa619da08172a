// What docs/errors.md says a call may answer.
#ifndef NETSTACKD_TESTS_INTEGRATION_DOCUMENTED_REASONS_H_
#define NETSTACKD_TESTS_INTEGRATION_DOCUMENTED_REASONS_H_

#include <set>
#include <string>

namespace netstackd::integration {

// Reasons of one call, "IpmpService.CreateGroup": its own, those of calls it refers to, and those
// of every call, every mutation and every list.
std::set<std::string> DocumentedReasons(const std::string& call);

}  // namespace netstackd::integration

#endif  // NETSTACKD_TESTS_INTEGRATION_DOCUMENTED_REASONS_H_
