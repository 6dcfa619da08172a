// NSD_CHECK guards our own invariants; it is always on. Never use it on bytes from outside.
#ifndef NETSTACKD_BASE_CHECK_H_
#define NETSTACKD_BASE_CHECK_H_

#include <cstdio>
#include <cstdlib>

#define NSD_CHECK(condition)                                                                 \
  do {                                                                                       \
    if (!(condition)) {                                                                      \
      std::fprintf(stderr, "%s:%d: broken invariant: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                          \
    }                                                                                        \
  } while (false)

#endif  // NETSTACKD_BASE_CHECK_H_
