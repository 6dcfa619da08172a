// The targets that need more than core.
#ifndef NETSTACKD_TESTS_VECTORS_TARGETS_H_
#define NETSTACKD_TESTS_VECTORS_TARGETS_H_

#include <memory>

#include "tests/vectors/rules_target.h"
#include "tests/vectors/scenario.h"

namespace netstackd::vectors {

// Through the executor into a SQLite journal in a temporary directory; after every step a fresh
// recovery from a copy of the files must find the live state.
std::unique_ptr<Engine> MakeJournalEngine();
// Over gRPC against a server in this process, with its journal in a temporary directory.
std::unique_ptr<Target> MakeLiveTarget();

}  // namespace netstackd::vectors

#endif  // NETSTACKD_TESTS_VECTORS_TARGETS_H_
