// What clients asked of one object and what they were answered, with times.
#ifndef NETSTACKD_TESTS_LINEARIZABILITY_HISTORY_H_
#define NETSTACKD_TESTS_LINEARIZABILITY_HISTORY_H_

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace netstackd::linearizability {

enum class Action : std::uint8_t { kCreate, kUpdate, kRead, kDelete };

// What the answer says.
enum class Outcome : std::uint8_t {
  kDone,     // created, updated, read or deleted
  kRefused,  // it is there already; it is not there; it has another etag
  kUnknown,  // there was no answer
};

// Nobody answered: it may have been done, at any time from the request on, or never.
inline constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

// One operation: all attempts with the same request id together, from the first request to the
// last answer.
struct Operation {
  int client = 0;
  Action action = Action::kRead;
  std::string
      value;  // kCreate, kUpdate: to be written, another one each time; kRead: what was read
  std::string if_etag;  // kUpdate, kDelete: refused if the object has another one; empty: any
  Outcome outcome = Outcome::kUnknown;
  std::string etag;  // of the object as it was left or read
  std::int64_t invoked = 0;
  std::int64_t returned = kNever;  // after `invoked`
};

// Operations on one object, in no particular order.
using History = std::vector<Operation>;

std::string ToText(const Operation& operation);

}  // namespace netstackd::linearizability

#endif  // NETSTACKD_TESTS_LINEARIZABILITY_HISTORY_H_
