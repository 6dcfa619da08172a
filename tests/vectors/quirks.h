// Which quirks of the original the product fixes; their scenarios are left out.
#ifndef NETSTACKD_TESTS_VECTORS_QUIRKS_H_
#define NETSTACKD_TESTS_VECTORS_QUIRKS_H_

#include <optional>
#include <string>

#include "tests/vectors/scenario.h"

namespace netstackd::vectors {

// What the product does instead, if the scenario pins a quirk that it fixes.
std::optional<std::string> FixedQuirk(const Scenario& scenario);

}  // namespace netstackd::vectors

#endif  // NETSTACKD_TESTS_VECTORS_QUIRKS_H_
