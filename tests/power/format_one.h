// A journal as a program wrote it that knew format 1 only.
#ifndef NETSTACKD_TESTS_POWER_FORMAT_ONE_H_
#define NETSTACKD_TESTS_POWER_FORMAT_ONE_H_

#include "absl/status/status.h"
#include "storage/journal.h"

namespace netstackd::power {

// The newest revision that FillWithFormatOne writes.
inline constexpr storage::Revision kFormatOneHead = 3;

// Groups g1 to g3, the first two also in the object table; the journal is empty before.
absl::Status FillWithFormatOne(storage::Journal& journal);

}  // namespace netstackd::power

#endif  // NETSTACKD_TESTS_POWER_FORMAT_ONE_H_
