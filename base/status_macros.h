// What Abseil of this toolchain lacks: returning early on an error.
#ifndef NETSTACKD_BASE_STATUS_MACROS_H_
#define NETSTACKD_BASE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define NSD_RETURN_IF_ERROR(expression)                                                   \
  do {                                                                                    \
    if (::absl::Status nsd_status_ = (expression); !nsd_status_.ok()) return nsd_status_; \
  } while (false)

#define NSD_CONCAT_INNER_(a, b) a##b
#define NSD_CONCAT_(a, b) NSD_CONCAT_INNER_(a, b)

// NSD_ASSIGN_OR_RETURN(auto value, F()): `value` is declared in the enclosing scope.
#define NSD_ASSIGN_OR_RETURN(declaration, expression) \
  NSD_ASSIGN_OR_RETURN_(NSD_CONCAT_(nsd_status_or_, __LINE__), declaration, expression)
#define NSD_ASSIGN_OR_RETURN_(temporary, declaration, expression) \
  auto temporary = (expression);                                  \
  if (!temporary.ok()) return std::move(temporary).status();      \
  declaration = std::move(temporary).value()

#endif  // NETSTACKD_BASE_STATUS_MACROS_H_
