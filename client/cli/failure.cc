#include "client/cli/failure.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/error.h"
#include "client/cli/arguments.h"
#include "client/cli/names.h"

namespace netstackd::cli {
namespace {

struct Fix {
  ErrorReason reason;
  const char* command;  // {key} stands for a name in the metadata
};

constexpr Fix kFixes[] = {
    {ErrorReason::kGroupNotFound, "ipmpctl group list"},
    {ErrorReason::kInterfaceNotFound, "ipmpctl interface list"},
    {ErrorReason::kAddressNotFound, "ipmpctl address list"},
    {ErrorReason::kArpEntryNotFound, "ipmpctl arp list"},
    {ErrorReason::kTransactionNotFound, "ipmpctl history"},
    {ErrorReason::kInterfaceNotInGroup, "ipmpctl interface join {resource} GROUP"},
    {ErrorReason::kInterfaceInOtherGroup, "ipmpctl interface leave {resource}"},
    {ErrorReason::kInterfaceHasUpAddresses,
     "ipmpctl interface join {resource} {group}   (without --step)"},
    {ErrorReason::kGroupFamilyMissing, "ipmpctl group set {group} --{family}"},
    {ErrorReason::kGroupNotEmpty, "ipmpctl interface leave NAME   (for each member)"},
    {ErrorReason::kGroupHasUpAddresses, "ipmpctl address down NAME   (for each of them)"},
    {ErrorReason::kMinRedundancyNotMet,
     "ipmpctl interface online NAME   (of another one), or --min-redundancy 0"},
    {ErrorReason::kStandbyNotAllowed, "ipmpctl interface show {resource}"},
    {ErrorReason::kRevisionMismatch, "read it again, then decide: ipmpctl ... show"},
    {ErrorReason::kGuardFailed, "read it again, then decide: ipmpctl ... show"},
    {ErrorReason::kStoreReadOnly, "ipmpctl server info   (says why)"},
    {ErrorReason::kOutcomeUnknown, "the same command with --request-id of this one"},
};

// Fills {key} from the metadata; false if one is missing.
bool Fill(const Metadata& metadata, std::string* command) {
  for (const auto& [key, value] : metadata) {
    absl::StrReplaceAll({{absl::StrCat("{", key, "}"), ShortName(value)}}, command);
  }
  return command->find('{') == std::string::npos;
}

std::string ShellQuoted(const std::string& value) {
  if (value.find_first_of(" \t\n'\"\\") == std::string::npos && !value.empty()) return value;
  return absl::StrCat("'", absl::StrReplaceAll(value, {{"'", "'\\''"}}), "'");
}

}  // namespace

int ExitStatusOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return kExitDone;
    case absl::StatusCode::kInvalidArgument:
      return kExitUsage;
    case absl::StatusCode::kNotFound:
      return kExitNotFound;
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kAborted:
      return kExitConflict;
    case absl::StatusCode::kFailedPrecondition:
      return kExitRefused;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
      return kExitNotReachable;
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnauthenticated:
      return kExitNotAllowed;
    default:
      return kExitOther;
  }
}

std::string FixFor(const absl::Status& status) {
  const auto details = DetailsOf(status);
  if (!details) return "";
  if (const auto fix = details->metadata.find("fix"); fix != details->metadata.end()) {
    return fix->second;
  }
  for (const Fix& fix : kFixes) {
    std::string command = fix.command;
    if (fix.reason == details->reason && Fill(details->metadata, &command)) return command;
  }
  return "";
}

std::string FailureText(const absl::Status& status) {
  std::string out = absl::StrCat("error: ", std::string(status.message()), "\n");
  const auto details = DetailsOf(status);
  if (!details) {
    const auto hint = UsageHintOf(status);
    if (!hint) {
      absl::StrAppend(&out, "  code   ", absl::StatusCodeToString(status.code()), "\n");
    } else if (!hint->empty()) {
      absl::StrAppend(&out, "  hint   ", *hint, "\n");
    }
    return out;
  }
  absl::StrAppend(&out, "  reason ", RowOf(details->reason).name);
  const char* gap = "   ";
  for (const auto& [key, value] : details->metadata) {
    if (key == "fix") continue;
    absl::StrAppend(&out, gap, key, "=", ShellQuoted(value));
    gap = " ";
  }
  out += "\n";
  // With one field the message is the same sentence.
  for (const FieldViolation& field : details->fields) {
    if (details->fields.size() > 1) {
      absl::StrAppend(&out, "  field  ", field.field, ": ", field.description, "\n");
    }
  }
  for (const Blocker& blocker : details->blockers) {
    absl::StrAppend(&out, "  blocks ", DisplayName(blocker.subject), ": ", blocker.description,
                    blocker.reason == details->reason
                        ? ""
                        : absl::StrCat(" (", RowOf(blocker.reason).name, ")"),
                    "\n");
  }
  const std::string fix = FixFor(status);
  if (!fix.empty()) absl::StrAppend(&out, "  fix    ", fix, "\n");
  return out;
}

Json FailureJson(const absl::Status& status) {
  Json out = {{"code", absl::StatusCodeToString(status.code())}};
  const auto details = DetailsOf(status);
  if (details) out["reason"] = RowOf(details->reason).name;
  out["message"] = std::string(status.message());
  if (const auto hint = UsageHintOf(status); hint && !hint->empty()) out["hint"] = *hint;
  if (!details) return out;
  if (!details->metadata.empty()) out["metadata"] = details->metadata;
  for (const FieldViolation& field : details->fields) {
    out["fields"].push_back({{"field", field.field}, {"description", field.description}});
  }
  for (const Blocker& blocker : details->blockers) {
    out["blockers"].push_back({{"reason", RowOf(blocker.reason).name},
                               {"subject", blocker.subject},
                               {"description", blocker.description}});
  }
  return out;
}

}  // namespace netstackd::cli
