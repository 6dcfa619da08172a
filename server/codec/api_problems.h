// What is wrong with a request, all of it.
#ifndef NETSTACKD_SERVER_CODEC_API_PROBLEMS_H_
#define NETSTACKD_SERVER_CODEC_API_PROBLEMS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "base/error.h"

namespace netstackd::codec {

// Not thread-safe. Keeps at most 100 problems.
class Problems {
 public:
  void Add(const std::string& path, const std::string& what,
           ErrorReason reason = ErrorReason::kFieldInvalid);
  bool empty() const { return fields_.empty(); }
  // OK if empty. The reason is that of the first problem, BadRequest lists all; a problem of an
  // operation of a transaction has its position in metadata `operation`.
  absl::Status ToStatus() const;

 private:
  std::vector<FieldViolation> fields_;
  ErrorReason reason_ = ErrorReason::kFieldInvalid;
};

}  // namespace netstackd::codec

#endif  // NETSTACKD_SERVER_CODEC_API_PROBLEMS_H_
