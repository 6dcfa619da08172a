// Errors with a reason a program can act on. The reason decides the status code.
#ifndef NETSTACKD_BASE_ERROR_H_
#define NETSTACKD_BASE_ERROR_H_

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace netstackd {

enum class ErrorReason : std::uint8_t {
#define NSD_REASON(symbol, name, code, recovery, meaning) symbol,
#include "base/error_reasons.inc"
#undef NSD_REASON
};

// What the caller does about an error.
enum class Recovery : std::uint8_t {
  kFixRequest,   // send another request
  kFixState,     // change the state first, then send the same request
  kReadAgain,    // read the current state, then decide
  kRetryLater,   // send the same request again, with backoff
  kAskOperator,  // a person has to look
};

struct ReasonRow {
  ErrorReason reason;
  const char* name;  // UPPER_SNAKE, API
  absl::StatusCode code;
  Recovery recovery;
  const char* meaning;
};

// All rows, in the order of the enumeration.
std::span<const ReasonRow> AllReasons();
const ReasonRow& RowOf(ErrorReason reason);
std::optional<ErrorReason> ReasonByName(const std::string& name);
// "FIX_REQUEST", ...
const char* NameOf(Recovery recovery);

// One wrong field: a path such as "group.spec.targets[2]", and what is wrong with it.
struct FieldViolation {
  std::string field;
  std::string description;
};

// One of several things that block an operation.
struct Blocker {
  ErrorReason reason;
  std::string subject;  // a resource name
  std::string description;
};

using Metadata = std::map<std::string, std::string>;  // keys are lowerCamelCase

// Everything a status of ours carries beside its code and message.
struct ErrorDetails {
  ErrorReason reason = ErrorReason::kInvariantViolated;
  Metadata metadata;
  std::vector<FieldViolation> fields;
  std::vector<Blocker> blockers;
};

// `message` is for people: lower case, says what to do.
absl::Status MakeError(ErrorReason reason, const std::string& message, Metadata metadata = {});
absl::Status MakeError(const std::string& message, const ErrorDetails& details);
// FIELD_INVALID with every wrong field; `fields` is not empty.
absl::Status FieldError(std::vector<FieldViolation> fields);

// The details of a status made by MakeError; nullopt for any other.
std::optional<ErrorDetails> DetailsOf(const absl::Status& status);
std::optional<ErrorReason> ReasonOf(const absl::Status& status);
// Adds (or replaces) one metadata entry of an error made by MakeError; others are returned as is.
absl::Status WithMetadata(const absl::Status& status, const std::string& key,
                          const std::string& value);

}  // namespace netstackd

#endif  // NETSTACKD_BASE_ERROR_H_
