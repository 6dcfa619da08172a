// Many objects, for what is measured over size.
#ifndef NETSTACKD_TESTS_BENCH_POPULATION_H_
#define NETSTACKD_TESTS_BENCH_POPULATION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "core/command.h"

namespace netstackd::bench {

// Groups "g0", "g1", ... with members "n0", "n1", ...; addresses lie in the groups by turns, so
// that address `n` is in group n mod groups.
struct Population {
  int groups = 1;
  int members = 64;  // of each group
  int addresses = 0;

  core::Name GroupName(int group) const;
  core::Name AddressName(int number) const;
  // What makes it, in transactions of at most 1,000 commands.
  std::vector<core::Transaction> Transactions() const;
};

// Makes a journal below `directory`/state, where a server looks for it: the population, then
// `changes` small changes of its addresses, each a revision of its own. All is in the object table.
absl::Status FillJournal(const std::string& directory, const Population& population,
                         std::int64_t changes);

}  // namespace netstackd::bench

#endif  // NETSTACKD_TESTS_BENCH_POPULATION_H_
