// NSD_CHECK guards our own invariants; it is always on. Never use it on bytes from outside.
#ifndef NETSTACKD_BASE_CHECK_H_
#define NETSTACKD_BASE_CHECK_H_

#include <cstdio>
#include <cstdlib>

namespace netstackd {

[[noreturn]] inline void BrokenInvariant(const char* file, int line, const char* condition) {
  std::fprintf(stderr, "%s:%d: broken invariant: %s\n", file, line, condition);
  std::abort();
}

}  // namespace netstackd

// An expression: behind a statement, GCC with -fsanitize=thread does not see that a false condition
// never returns.
#define NSD_CHECK(condition)          \
  ((condition) ? static_cast<void>(0) \
               : ::netstackd::BrokenInvariant(__FILE__, __LINE__, #condition))

#endif  // NETSTACKD_BASE_CHECK_H_
