// "Did you mean ...?"
#ifndef NETSTACKD_CLIENT_CLI_SUGGEST_H_
#define NETSTACKD_CLIENT_CLI_SUGGEST_H_

#include <cstddef>
#include <string>
#include <vector>

namespace netstackd::cli {

// Least number of characters inserted, removed, replaced or swapped with their neighbour that
// turns one text into the other. O(|a| * |b|).
std::size_t EditDistance(const std::string& a, const std::string& b);

// The candidate nearest to `typed`, the first on a tie; empty if none is near: more than two edits
// away, or more than half of what was typed.
std::string Nearest(const std::string& typed, const std::vector<std::string>& candidates);

}  // namespace netstackd::cli

#endif  // NETSTACKD_CLIENT_CLI_SUGGEST_H_
