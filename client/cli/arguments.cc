#include "client/cli/arguments.h"

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace netstackd::cli {
namespace {

constexpr char kUsageUrl[] = "ipmpctl/usage";

}  // namespace

absl::Status UsageError(const std::string& message, const std::string& hint) {
  absl::Status status = absl::InvalidArgumentError(message);
  status.SetPayload(kUsageUrl, absl::Cord(hint));
  return status;
}

std::optional<std::string> UsageHintOf(const absl::Status& status) {
  const auto hint = status.GetPayload(kUsageUrl);
  if (!hint.has_value()) return std::nullopt;
  return std::string(*hint);
}

std::string Arguments::Text(const std::string& flag) const {
  const auto found = flags.find(flag);
  return found == flags.end() || found->second.empty() ? "" : found->second.back();
}

std::vector<std::string> Arguments::List(const std::string& flag) const {
  const auto found = flags.find(flag);
  return found == flags.end() ? std::vector<std::string>() : found->second;
}

std::optional<bool> Arguments::Bool(const std::string& flag) const {
  if (!Has(flag)) return std::nullopt;
  return Text(flag) != "false";
}

std::optional<std::int64_t> Arguments::Number(const std::string& flag) const {
  std::int64_t value = 0;
  if (!Has(flag) || !absl::SimpleAtoi(Text(flag), &value)) return std::nullopt;
  return value;
}

std::optional<absl::Duration> Arguments::Duration(const std::string& flag) const {
  absl::Duration value;
  if (!Has(flag) || !absl::ParseDuration(Text(flag), &value)) return std::nullopt;
  return value;
}

std::string Arguments::Operand(std::size_t n) const {
  return n < operands.size() ? operands[n] : "";
}

std::vector<std::string> Arguments::OperandsFrom(std::size_t n) const {
  if (n >= operands.size()) return {};
  return {operands.begin() + static_cast<std::ptrdiff_t>(n), operands.end()};
}

const std::vector<Flag>& CommonFlags() {
  static const auto& flags = *new std::vector<Flag>{
      {"-s,--server", FlagKind::kText, "ENDPOINT", "unix:/path or host:port"},
      {"--context", FlagKind::kText, "NAME", "this one of ~/.config/ipmpctl/config.yaml"},
      {"-z,--zone", FlagKind::kText, "ZONE", "zone of short names (default: global)"},
      {"--timeout", FlagKind::kDuration, "TIME", "how long a call may take (default: 30s)"}};
  return flags;
}

std::vector<Flag> FlagsOf(const Command& command) {
  std::vector<Flag> flags = command.flags;
  if (command.kind == CommandKind::kPlain) return flags;
  flags.push_back({"-o,--output", FlagKind::kText, "FORMAT",
                   "table, wide, json, jsonl, yaml or name (default: table)"});
  if (command.kind == CommandKind::kRead) {
    flags.push_back({"--fields", FlagKind::kText, "A,B", "only these columns, in this order"});
    return flags;
  }
  flags.push_back({"--dry-run", FlagKind::kSwitch, "",
                   "print what would be done; exit status 1 if that is something"});
  flags.push_back({"--comment", FlagKind::kText, "TEXT", "kept in the history"});
  flags.push_back({"--request-id", FlagKind::kText, "UUID",
                   "the id of an earlier try, to find out what became of it"});
  flags.push_back({"--if-etag", FlagKind::kText, "ETAG", "only if the object has this etag"});
  return flags;
}

std::string LongName(const Flag& flag) {
  const std::size_t dashes = flag.names.rfind("--");
  return dashes == std::string::npos ? flag.names.substr(1) : flag.names.substr(dashes + 2);
}

std::string FullName(const Command& command) {
  return absl::StrCat("ipmpctl ", command.noun, command.verb.empty() ? "" : " ", command.verb);
}

}  // namespace netstackd::cli
