// Says whether a history could have come from one object that does one thing at a time.
#ifndef NETSTACKD_TESTS_LINEARIZABILITY_CHECKER_H_
#define NETSTACKD_TESTS_LINEARIZABILITY_CHECKER_H_

#include <cstdint>
#include <string>

#include "tests/linearizability/history.h"

namespace netstackd::linearizability {

struct Verdict {
  enum class Kind : std::uint8_t {
    kYes,      // there is an order that explains every answer and every time
    kNo,       // there is none
    kTooLong,  // given up after kStatesMax states
  } kind = Kind::kYes;
  std::string why;  // kNo: the longest explained part, and what does not follow it
};

// States looked at before the search is given up.
inline constexpr std::int64_t kStatesMax = 5'000'000;

// Looks for an order of the operations, each at one moment between its request and its answer, in
// which every answer is the one that the object gives: it is absent at first; create makes it, with
// a uid that no other has and generation 1, and is refused if it is there; update raises the
// generation and is refused if it is absent or its etag is another; delete likewise; read tells
// what is there. Operations without an answer may be left out.
//
// Source  Wing and Gong's search with Lowe's memory of (operations done, state).
// Cost    exponential in the operations that overlap, linear in their number.
Verdict Check(const History& history);

}  // namespace netstackd::linearizability

#endif  // NETSTACKD_TESTS_LINEARIZABILITY_CHECKER_H_
