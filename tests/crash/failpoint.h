// Death at a chosen system call on the files of a journal.
//
// The program that links this has every call of its own and of SQLite's on a file counted, between
// the C library and the kernel: nothing in between has to know. What a process wrote before it
// died stays, as with any kill -9; what it did not come to is missing.
#ifndef NETSTACKD_TESTS_CRASH_FAILPOINT_H_
#define NETSTACKD_TESTS_CRASH_FAILPOINT_H_

#include <cstdint>
#include <optional>
#include <string>

namespace netstackd::crash {

// Kinds of calls that change what the next process finds, or who may look at it.
enum class Step : std::uint8_t {
  kAny,
  kOpen,  // only if the file may be made by it
  kWrite,
  kSync,
  kTruncate,
  kUnlink,
  kRename,
  kMakeDirectory,
  kLock,  // SQLite changes its shared memory between these
};
inline constexpr int kSteps = 9;

struct Failpoint {
  Step step = Step::kAny;
  std::int64_t nth = 1;  // 1: the first such call
  enum class When : std::uint8_t {
    kBefore,
    kHalf,  // a write: of half of its bytes; otherwise as kAfter
    kAfter,
  } when = When::kBefore;
};

const char* NameOf(Step step);
const char* NameOf(Failpoint::When when);
// "write:17:half" and back. nullopt: no such failpoint.
std::optional<Failpoint> ParseFailpoint(const std::string& text);
std::string ToString(const Failpoint& failpoint);

// From now on the calls on files below `directory` (absolute, without a slash at the end) are
// counted, and the process kills itself at `failpoint`; what it was doing, such as "write wal
// half", is then in `death_file` as a line. Once, before there are other threads.
void ArmFailpoint(const std::string& directory, const Failpoint& failpoint,
                  const std::string& death_file);

}  // namespace netstackd::crash

#endif  // NETSTACKD_TESTS_CRASH_FAILPOINT_H_
