// From words to a command with arguments. The only file that includes CLI11.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "client/cli/arguments.h"
#include "client/cli/suggest.h"

namespace netstackd::cli {
namespace {

// Other names of nouns.
const std::map<std::string, std::string>& Aliases() {
  static const auto& aliases =
      *new std::map<std::string, std::string>{{"g", "group"},      {"groups", "group"},
                                              {"if", "interface"}, {"interfaces", "interface"},
                                              {"addr", "address"}, {"addresses", "address"}};
  return aliases;
}

std::vector<std::string> Nouns() {
  std::vector<std::string> nouns;
  for (const Command& command : AllCommands()) {
    if (nouns.empty() || nouns.back() != command.noun) nouns.push_back(command.noun);
  }
  return nouns;
}

std::vector<std::string> VerbsOf(const std::string& noun) {
  std::vector<std::string> verbs;
  for (const Command& command : AllCommands()) {
    if (command.noun == noun && !command.verb.empty()) verbs.push_back(command.verb);
  }
  return verbs;
}

const Command* Find(const std::string& noun, const std::string& verb) {
  for (const Command& command : AllCommands()) {
    if (command.noun == noun && command.verb == verb) return &command;
  }
  return nullptr;
}

std::string Overview() {
  std::string out = "usage: ipmpctl NOUN VERB [ARGUMENTS]      (--help after either says more)\n\n";
  for (const Command& command : AllCommands()) {
    const std::string name =
        absl::StrCat(command.noun, command.verb.empty() ? "" : " ", command.verb);
    absl::StrAppend(&out, "  ", name, std::string(name.size() < 22 ? 22 - name.size() : 1, ' '),
                    command.summary, "\n");
  }
  absl::StrAppend(&out,
                  "\nWhere the server is: --server, IPMPCTL_SERVER, the context of\n"
                  "~/.config/ipmpctl/config.yaml, unix:/run/netstackd/netstackd.sock.\n"
                  "Exit status: 0 done, 1 would change, 2 usage, 3 not found, 4 conflict,\n"
                  "5 refused, 7 no answer, 8 not allowed, 9 other failures.\n");
  return out;
}

std::string NounHelp(const std::string& noun) {
  std::string out = absl::StrCat("usage: ipmpctl ", noun, " VERB [ARGUMENTS]\n\n");
  for (const Command& command : AllCommands()) {
    if (command.noun != noun) continue;
    absl::StrAppend(&out, "  ", command.verb,
                    std::string(command.verb.size() < 10 ? 10 - command.verb.size() : 1, ' '),
                    command.summary, "\n");
  }
  return out;
}

std::string UsageLine(const Command& command) {
  std::string out = FullName(command);
  for (const Operand& operand : command.operands) {
    const std::string shown = absl::StrCat(operand.name, operand.many ? "..." : "");
    absl::StrAppend(&out, " ", operand.required ? shown : absl::StrCat("[", shown, "]"));
  }
  return absl::StrCat(out, " [FLAGS]");
}

std::string FlagLines(const std::vector<Flag>& flags) {
  std::string out;
  for (const Flag& flag : flags) {
    const bool is_short = flag.names.rfind("--", 0) != 0;
    std::string name =
        absl::StrCat(is_short ? "" : "    ", flag.names, flag.value.empty() ? "" : " ", flag.value,
                     flag.kind == FlagKind::kBool ? "[=false]" : "");
    name.resize(std::max<std::size_t>(name.size() + 1, 26), ' ');
    absl::StrAppend(&out, "  ", name, flag.help, "\n");
  }
  return out;
}

std::string CommandHelp(const Command& command) {
  std::string out = absl::StrCat("usage: ", UsageLine(command), "\n\n", command.summary, "\n");
  if (!command.details.empty()) absl::StrAppend(&out, "\n", command.details);
  if (!command.operands.empty()) out += "\n";
  for (const Operand& operand : command.operands) {
    std::string name = operand.name;
    name.resize(std::max<std::size_t>(name.size() + 1, 26), ' ');
    absl::StrAppend(&out, "  ", name, operand.help, "\n");
  }
  const std::vector<Flag> own = FlagsOf(command);
  if (!own.empty()) absl::StrAppend(&out, "\n", FlagLines(own));
  return absl::StrCat(out, "\n", FlagLines(CommonFlags()));
}

// One flag of CLI11 and where its values go.
struct Bound {
  Flag flag;
  CLI::Option* option = nullptr;
  std::vector<std::string> values;
  bool value = true;  // of a kBool
};

void Bind(CLI::App* app, Bound* bound) {
  switch (bound->flag.kind) {
    case FlagKind::kSwitch:
      bound->option = app->add_flag(bound->flag.names);
      return;
    case FlagKind::kBool:
      bound->option = app->add_flag(bound->flag.names, bound->value);
      return;
    case FlagKind::kText:
    case FlagKind::kNumber:
    case FlagKind::kDuration:
    case FlagKind::kList:
      // One value for each time it is given, so that it does not swallow operands.
      bound->option = app->add_option(bound->flag.names, bound->values);
      bound->option->allow_extra_args(false);
      return;
  }
}

absl::Status CheckValues(const Bound& bound) {
  const std::string name = absl::StrCat("--", LongName(bound.flag));
  if (bound.flag.kind != FlagKind::kList && bound.values.size() > 1) {
    return UsageError(absl::StrCat(name, " is given twice"));
  }
  for (const std::string& value : bound.values) {
    absl::Duration duration;
    if (bound.flag.kind == FlagKind::kNumber &&
        (value.empty() || value.size() > 18 ||
         value.find_first_not_of("0123456789") != std::string::npos)) {
      return UsageError(absl::StrCat(name, ": '", value, "' is no number"));
    }
    if (bound.flag.kind == FlagKind::kDuration &&
        (!absl::ParseDuration(value, &duration) || duration < absl::ZeroDuration())) {
      return UsageError(absl::StrCat(name, ": '", value, "' is no time, such as 500ms, 10s or 1h"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckOperands(const Command& command, std::size_t given) {
  std::size_t required = 0;
  for (const Operand& operand : command.operands) {
    required += operand.required ? 1 : 0;
    if (operand.required && given < required) {
      return UsageError(absl::StrCat(operand.name, " is missing"), UsageLine(command));
    }
  }
  const bool many = !command.operands.empty() && command.operands.back().many;
  if (!many && given > command.operands.size()) {
    return UsageError("too many arguments", UsageLine(command));
  }
  return absl::OkStatus();
}

// The sentence of CLI11 with the flag that was probably meant.
absl::Status FromCli11(const CLI::ParseError& error, const Command& command,
                       const std::vector<std::unique_ptr<Bound>>& flags,
                       const std::vector<std::string>& words) {
  std::vector<std::string> known;
  for (const auto& bound : flags) known.push_back(absl::StrCat("--", LongName(bound->flag)));
  for (const std::string& word : words) {
    const std::string name = word.substr(0, word.find('='));
    if (name.rfind("--", 0) != 0 || std::find(known.begin(), known.end(), name) != known.end()) {
      continue;
    }
    const std::string near = Nearest(name, known);
    return UsageError(absl::StrCat("there is no flag ", name),
                      near.empty() ? absl::StrCat(FullName(command), " --help")
                                   : absl::StrCat("did you mean ", near, "?"));
  }
  return UsageError(error.what(), absl::StrCat(FullName(command), " --help"));
}

absl::StatusOr<Parsed> ParseFor(const Command& command, std::vector<std::string> words) {
  CLI::App app;
  app.set_help_flag();
  std::vector<std::unique_ptr<Bound>> flags;
  std::vector<Flag> all = FlagsOf(command);
  all.insert(all.end(), CommonFlags().begin(), CommonFlags().end());
  for (const Flag& flag : all) {
    flags.push_back(std::make_unique<Bound>(Bound{flag, nullptr, {}, true}));
    Bind(&app, flags.back().get());
  }
  Parsed parsed;
  parsed.command = &command;
  app.add_option("operands", parsed.arguments.operands);
  const std::vector<std::string> given = words;
  std::reverse(words.begin(), words.end());  // as CLI11 wants them
  try {
    app.parse(words);
  } catch (const CLI::ParseError& error) {
    return FromCli11(error, command, flags, given);
  }
  for (const auto& bound : flags) {
    if (bound->option->count() == 0) continue;
    NSD_RETURN_IF_ERROR(CheckValues(*bound));
    auto& values = parsed.arguments.flags[LongName(bound->flag)];
    values = bound->values;
    if (bound->flag.kind == FlagKind::kBool) values = {bound->value ? "true" : "false"};
  }
  NSD_RETURN_IF_ERROR(CheckOperands(command, parsed.arguments.operands.size()));
  return parsed;
}

// Takes the first words that are neither flags nor values of flags out of `words`. Flags that most
// commands have may stand before noun and verb.
std::vector<std::string> TakeLeading(std::vector<std::string>* words, std::size_t count) {
  std::set<std::string> valued = {"-o", "--output", "--fields"};
  for (const Flag& flag : CommonFlags()) {
    for (const std::string& name : CLI::detail::split(flag.names, ',')) valued.insert(name);
  }
  std::vector<std::string> taken;
  std::vector<std::string> rest;
  for (std::size_t i = 0; i < words->size(); ++i) {
    const std::string& word = (*words)[i];
    if (taken.size() < count && (word.empty() || word[0] != '-')) {
      taken.push_back(word);
      continue;
    }
    rest.push_back(word);
    if (taken.size() < count && valued.count(word) != 0 && i + 1 < words->size()) {
      rest.push_back((*words)[++i]);
    }
  }
  *words = std::move(rest);
  return taken;
}

absl::Status NoSuch(const std::string& what, const std::string& typed,
                    const std::vector<std::string>& known) {
  const std::string near = Nearest(typed, known);
  return UsageError(absl::StrCat("there is no ", what, " '", typed, "'"),
                    near.empty() ? absl::StrCat("there are: ", absl::StrJoin(known, " "))
                                 : absl::StrCat("did you mean ", near, "?"));
}

}  // namespace

const std::vector<Command>& AllCommands() {
  static const auto& commands = *new std::vector<Command>([] {
    std::vector<Command> all;
    for (auto rows : {GroupCommands, InterfaceCommands, InterfaceChangeCommands, AddressCommands,
                      ArpCommands, StatCommands, WhyCommands, HistoryCommands, WatchCommands,
                      ServerCommands, StoreCommands, CompletionCommands}) {
      for (Command& command : rows()) all.push_back(std::move(command));
    }
    return all;
  }());
  return commands;
}

absl::StatusOr<Parsed> Parse(const std::vector<std::string>& words) {
  std::vector<std::string> rest = words;
  const bool help = std::find(words.begin(), words.end(), "--help") != words.end() ||
                    std::find(words.begin(), words.end(), "-h") != words.end();
  std::vector<std::string> noun_word = TakeLeading(&rest, 1);
  if (noun_word.empty() || noun_word[0] == "help") {
    if (help || !noun_word.empty()) return Parsed{nullptr, {}, Overview()};
    return UsageError("what is to be done?", "ipmpctl --help");
  }
  std::string noun = noun_word[0];
  if (const auto alias = Aliases().find(noun); alias != Aliases().end()) noun = alias->second;
  const std::vector<std::string> nouns = Nouns();
  if (std::find(nouns.begin(), nouns.end(), noun) == nouns.end()) {
    return NoSuch("command", noun, nouns);
  }
  const std::vector<std::string> verbs = VerbsOf(noun);
  std::string verb;
  if (!verbs.empty()) {
    const std::vector<std::string> verb_word = TakeLeading(&rest, 1);
    if (verb_word.empty() && help) return Parsed{nullptr, {}, NounHelp(noun)};
    if (verb_word.empty()) {
      return UsageError(absl::StrCat("what is to be done with the ", noun, "?"),
                        absl::StrCat("there are: ", absl::StrJoin(verbs, " ")));
    }
    verb = verb_word[0];
  }
  const Command* command = Find(noun, verb);
  if (command == nullptr) return NoSuch(absl::StrCat("verb of ", noun), verb, verbs);
  if (help) return Parsed{nullptr, {}, CommandHelp(*command)};
  return ParseFor(*command, std::move(rest));
}

}  // namespace netstackd::cli
