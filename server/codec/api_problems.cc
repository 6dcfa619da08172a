#include "server/codec/api_problems.h"

#include "absl/strings/str_cat.h"

namespace netstackd::codec {
namespace {

constexpr std::size_t kProblemsMax = 100;
constexpr char kOperations[] = "operations[";

}  // namespace

void Problems::Add(const std::string& path, const std::string& what, ErrorReason reason) {
  if (fields_.empty()) reason_ = reason;
  if (fields_.size() < kProblemsMax) fields_.push_back({path, what});
}

absl::Status Problems::ToStatus() const {
  if (fields_.empty()) return absl::OkStatus();
  const FieldViolation& first = fields_.front();
  std::string message = absl::StrCat(first.field, ": ", first.description);
  if (fields_.size() > 1) absl::StrAppend(&message, " (and ", fields_.size() - 1, " more)");
  ErrorDetails details{reason_, {}, fields_, {}};
  const std::string prefix = kOperations;
  if (first.field.compare(0, prefix.size(), prefix) == 0) {
    details.metadata["operation"] =
        first.field.substr(prefix.size(), first.field.find(']') - prefix.size());
  }
  return MakeError(message, details);
}

}  // namespace netstackd::codec
