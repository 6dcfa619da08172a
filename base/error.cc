#include "base/error.h"

#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "base/check.h"

namespace netstackd {
namespace {

constexpr char kPayloadUrl[] = "netstackd/error-details";

constexpr ReasonRow kReasons[] = {
#define NSD_REASON(symbol, name, code, recovery, meaning) \
  {ErrorReason::symbol, name, absl::StatusCode::code, Recovery::recovery, meaning},
#include "base/error_reasons.inc"
#undef NSD_REASON
};

// The payload never leaves the process: length-prefixed strings in a fixed order.
class Writer {
 public:
  void Put(const std::string& text) { absl::StrAppend(&out_, text.size(), ":", text); }
  void Put(std::size_t number) { Put(std::to_string(number)); }
  std::string Take() { return std::move(out_); }

 private:
  std::string out_;
};

class Reader {
 public:
  explicit Reader(std::string in) : in_(std::move(in)) {}
  std::string Text() {
    const std::size_t colon = in_.find(':', at_);
    NSD_CHECK(colon != std::string::npos);
    const std::size_t size = std::stoul(in_.substr(at_, colon - at_));
    at_ = colon + 1 + size;
    return in_.substr(colon + 1, size);
  }
  std::size_t Number() { return std::stoul(Text()); }

 private:
  const std::string in_;
  std::size_t at_ = 0;
};

}  // namespace

std::span<const ReasonRow> AllReasons() { return kReasons; }

const ReasonRow& RowOf(ErrorReason reason) { return kReasons[static_cast<std::size_t>(reason)]; }

std::optional<ErrorReason> ReasonByName(const std::string& name) {
  for (const ReasonRow& row : kReasons) {
    if (name == row.name) return row.reason;
  }
  return std::nullopt;
}

const char* NameOf(Recovery recovery) {
  switch (recovery) {
    case Recovery::kFixRequest:
      return "FIX_REQUEST";
    case Recovery::kFixState:
      return "FIX_STATE";
    case Recovery::kReadAgain:
      return "READ_AGAIN";
    case Recovery::kRetryLater:
      return "RETRY_LATER";
    case Recovery::kAskOperator:
      return "ASK_OPERATOR";
  }
  NSD_CHECK(false);
}

absl::Status MakeError(ErrorReason reason, const std::string& message, Metadata metadata) {
  return MakeError(message, ErrorDetails{reason, std::move(metadata), {}, {}});
}

absl::Status MakeError(const std::string& message, const ErrorDetails& details) {
  Writer out;
  out.Put(static_cast<std::size_t>(details.reason));
  out.Put(details.metadata.size());
  for (const auto& [key, value] : details.metadata) {
    out.Put(key);
    out.Put(value);
  }
  out.Put(details.fields.size());
  for (const FieldViolation& field : details.fields) {
    out.Put(field.field);
    out.Put(field.description);
  }
  out.Put(details.blockers.size());
  for (const Blocker& blocker : details.blockers) {
    out.Put(static_cast<std::size_t>(blocker.reason));
    out.Put(blocker.subject);
    out.Put(blocker.description);
  }
  absl::Status status(RowOf(details.reason).code, message);
  status.SetPayload(kPayloadUrl, absl::Cord(out.Take()));
  return status;
}

absl::Status FieldError(std::vector<FieldViolation> fields) {
  NSD_CHECK(!fields.empty());
  const std::string message = absl::StrCat(
      fields.front().field, ": ", fields.front().description,
      fields.size() > 1 ? absl::StrCat(" (and ", fields.size() - 1, " more fields)") : "");
  return MakeError(message, ErrorDetails{ErrorReason::kFieldInvalid, {}, std::move(fields), {}});
}

std::optional<ErrorDetails> DetailsOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kPayloadUrl);
  if (!payload.has_value()) return std::nullopt;
  Reader in{std::string(*payload)};
  ErrorDetails details;
  details.reason = static_cast<ErrorReason>(in.Number());
  for (std::size_t n = in.Number(); n > 0; --n) {
    std::string key = in.Text();
    details.metadata[std::move(key)] = in.Text();
  }
  for (std::size_t n = in.Number(); n > 0; --n) {
    std::string field = in.Text();
    details.fields.push_back({std::move(field), in.Text()});
  }
  for (std::size_t n = in.Number(); n > 0; --n) {
    const auto reason = static_cast<ErrorReason>(in.Number());
    std::string subject = in.Text();
    details.blockers.push_back({reason, std::move(subject), in.Text()});
  }
  return details;
}

std::optional<ErrorReason> ReasonOf(const absl::Status& status) {
  const auto details = DetailsOf(status);
  if (!details) return std::nullopt;
  return details->reason;
}

absl::Status WithMetadata(const absl::Status& status, const std::string& key,
                          const std::string& value) {
  auto details = DetailsOf(status);
  if (!details) return status;
  details->metadata[key] = value;
  return MakeError(std::string(status.message()), *details);
}

}  // namespace netstackd
