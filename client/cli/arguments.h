// A command line that was understood.
#ifndef NETSTACKD_CLIENT_CLI_ARGUMENTS_H_
#define NETSTACKD_CLIENT_CLI_ARGUMENTS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/cli/command.h"

namespace netstackd::cli {

// Flags by their long name without dashes ("dry-run"); operands in their order.
struct Arguments {
  std::map<std::string, std::vector<std::string>> flags;
  std::vector<std::string> operands;

  bool Has(const std::string& flag) const { return flags.count(flag) != 0; }
  // Empty if it is not given.
  std::string Text(const std::string& flag) const;
  std::vector<std::string> List(const std::string& flag) const;
  // Nullopt if it is not given. The parser has checked the form.
  std::optional<bool> Bool(const std::string& flag) const;
  std::optional<std::int64_t> Number(const std::string& flag) const;
  std::optional<absl::Duration> Duration(const std::string& flag) const;
  // The nth operand; empty if it is not given.
  std::string Operand(std::size_t n) const;
  // The operands from the nth on.
  std::vector<std::string> OperandsFrom(std::size_t n) const;
};

// What a command line asks for: a command with arguments, or only a text.
struct Parsed {
  const Command* command = nullptr;
  Arguments arguments;
  std::string help;  // not empty: print it and end with status 0
};

// A wrong command line: INVALID_ARGUMENT with a sentence, and perhaps with what to do instead.
absl::Status UsageError(const std::string& message, const std::string& hint = "");
// The hint of a usage error, may be empty; nullopt for any other status.
std::optional<std::string> UsageHintOf(const absl::Status& status);

// `words` without the name of the program.
absl::StatusOr<Parsed> Parse(const std::vector<std::string>& words);

// The flags that every command has.
const std::vector<Flag>& CommonFlags();
// The flags of a command, common ones apart.
std::vector<Flag> FlagsOf(const Command& command);
// "detect" of "-d,--detect".
std::string LongName(const Flag& flag);
// "ipmpctl group create"
std::string FullName(const Command& command);

}  // namespace netstackd::cli

#endif  // NETSTACKD_CLIENT_CLI_ARGUMENTS_H_
