// Starts servers by forking a program that is loaded already.
#ifndef NETSTACKD_TESTS_CRASH_NURSERY_H_
#define NETSTACKD_TESTS_CRASH_NURSERY_H_

#include <sys/types.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace netstackd::crash {

// Owns the process `crash_server --nursery`. The servers become children of this process, which
// takes orphans from then on. One thread.
class Nursery {
 public:
  // `program` is the path of crash_server. Errors: UNAVAILABLE.
  static absl::StatusOr<std::unique_ptr<Nursery>> Start(const std::string& program);
  ~Nursery();
  Nursery(const Nursery&) = delete;
  Nursery& operator=(const Nursery&) = delete;

  // The pid of a new server with these arguments, or -1. stdout and stderr are added to `log`.
  pid_t Spawn(const std::vector<std::string>& arguments, const std::string& log);

 private:
  Nursery(pid_t pid, std::FILE* to, std::FILE* from) : pid_(pid), to_(to), from_(from) {}

  const pid_t pid_;
  std::FILE* const to_;
  std::FILE* const from_;
};

}  // namespace netstackd::crash

#endif  // NETSTACKD_TESTS_CRASH_NURSERY_H_
