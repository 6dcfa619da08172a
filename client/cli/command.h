// What a command is: a row of a table. Parsing, help, suggestions and completion are made from it.
#ifndef NETSTACKD_CLIENT_CLI_COMMAND_H_
#define NETSTACKD_CLIENT_CLI_COMMAND_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace netstackd::cli {

class Context;

enum class FlagKind : std::uint8_t {
  kSwitch,    // --dry-run
  kBool,      // --standby or --standby=false
  kText,      // --group NAME
  kNumber,    // --limit N, not negative
  kDuration,  // --detect 500ms
  kList,      // --target A --target B
};

struct Flag {
  std::string names;  // "--limit" or "-n,--numeric"
  FlagKind kind = FlagKind::kSwitch;
  std::string value = "";  // what the help calls the value
  std::string help;
};

struct Operand {
  std::string name;  // as the help shows it: "NAME"
  std::string help;
  bool required = true;
  bool many = false;  // only the last one
};

// Which flags a command has besides its own.
enum class CommandKind : std::uint8_t {
  kPlain,   // only those of the connection
  kRead,    // also --output and --fields
  kChange,  // also --output, --dry-run, --comment, --request-id and --if-etag
};

// Exit status 0 or 1, or why it failed.
using Outcome = absl::StatusOr<int>;

struct Command {
  std::string noun;
  std::string verb;  // empty: the noun stands alone
  CommandKind kind = CommandKind::kRead;
  std::string summary;
  std::vector<Operand> operands = {};
  std::vector<Flag> flags = {};
  Outcome (*run)(Context&) = nullptr;
  std::string details = "";  // more help, whole lines
};

// All commands in the order of the help. One function per noun gives its rows.
const std::vector<Command>& AllCommands();
std::vector<Command> GroupCommands();
std::vector<Command> InterfaceCommands();
std::vector<Command> InterfaceChangeCommands();
std::vector<Command> AddressCommands();
std::vector<Command> ArpCommands();
std::vector<Command> ServerCommands();
std::vector<Command> StatCommands();
std::vector<Command> WhyCommands();
std::vector<Command> HistoryCommands();
std::vector<Command> WatchCommands();
std::vector<Command> StoreCommands();
std::vector<Command> CompletionCommands();

}  // namespace netstackd::cli

#endif  // NETSTACKD_CLIENT_CLI_COMMAND_H_
